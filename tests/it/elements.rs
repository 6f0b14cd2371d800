//! Checks on the elements of lists: `items[*]` and `items[*].price`.

use crate::support::{judge, only};
use karat::data::Value;
use karat::evaluate::Verdict;
use karat::{CheckOptions, Run, Suite, check};
use polars::prelude::*;
use proptest::collection::vec;
use proptest::test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner};

/// Rows of lists of structs and of texts.
fn frame() -> DataFrame {
    let item = |prices: &[Option<f64>], names: &[Option<&str>]| {
        df!("price" => prices, "name" => names).unwrap().into_struct("".into()).into_series()
    };
    let rows = [
        Some(item(&[Some(1.0), Some(2.0)], &[Some("a"), Some("b")])),
        Some(item(&[Some(3.0), None, Some(-1.0)], &[Some("c"), None, Some("d")])),
        Some(item(&[], &[])),
        None,
        Some(item(&[None], &[Some("e")])),
        Some(item(&[Some(-5.0)], &[None])),
    ];
    let tags = [
        Some(Series::new("".into(), [Some("x"), Some("y")])),
        Some(Series::new("".into(), [Some("x"), None])),
        Some(Series::new("".into(), Vec::<Option<&str>>::new())),
        None,
        Some(Series::new("".into(), [None::<&str>])),
        Some(Series::new("".into(), [Some("long")])),
    ];
    let lists = |name: &str, rows: Vec<Option<Series>>| {
        let inner = rows.iter().flatten().next().unwrap().dtype().clone();
        let values: Vec<AnyValue> =
            rows.into_iter().map(|row| row.map_or(AnyValue::Null, AnyValue::List)).collect();
        let of = DataType::List(Box::new(inner));
        Column::from(Series::from_any_values_and_dtype(name.into(), &values, &of, true).unwrap())
    };
    let ids = Column::new("id".into(), [0_i64, 1, 2, 3, 4, 5]);
    let mut frame =
        DataFrame::new_infer_height(vec![ids, lists("items", rows.into()), lists("tags", tags.into())])
            .unwrap();
    let nested = frame.clone().lazy().select([as_struct(vec![col("tags")]).alias("box")]);
    frame.with_column(nested.collect().unwrap().column("box").unwrap().clone()).unwrap();
    frame
}

fn run(suite: &str) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lists.parquet");
    ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame()).unwrap();
    let in_memory = judge(suite, frame());
    let in_file = judge(suite, path.display().to_string());
    for (left, right) in in_memory.suites[0].outcomes.iter().zip(&in_file.suites[0].outcomes) {
        assert_eq!((left.verdict, left.counts), (right.verdict, right.counts), "{left:?} {right:?}");
    }
    in_file
}

#[test]
fn a_row_fails_if_one_of_its_elements_does() {
    // The check, the rows that are considered, and those that fail.
    let cases = [
        ("'items[*].price': [between: {min: 0}]", 3, 2),
        ("'items[*].price': [not_null]", 4, 2),
        ("'items[*].price': ['null']", 4, 3),
        ("'items[*]': [not_null]", 4, 0),
        ("'items[*].name': [in_set: [a, b, c]]", 3, 2),
        ("'items[*].name': [not_in_set: [e]]", 3, 1),
        ("'tags[*]': [not_null]", 4, 2),
        ("'tags[*]': [matches: '^.$']", 3, 1),
        ("'tags[*]': [in_set: [x, y]]", 3, 1),
        ("'tags[*]': [in_set: [x]]", 3, 2),
        ("'tags[*]': [length_between: {max: 1}]", 3, 1),
        ("'tags[*]': [like: 'x%']", 3, 2),
        ("'tags[*]': [json]", 3, 3),
        ("'box.tags[*]': [in_set: [x, y]]", 3, 1),
        ("'items[*].price': [{between: {min: 0}, where: id < 4}]", 2, 1),
    ];
    for (check, considered, failing) in cases {
        let run = run(&format!("{{suite: elements, columns: {{{check}}}}}"));
        let outcome = only(&run);
        let counts = outcome.counts.unwrap_or_else(|| panic!("{check}: {outcome:?}"));
        assert_eq!((counts.considered, counts.failing), (considered, failing), "{check}");
    }
}

/// As plainly as it can be said: a row is considered if an element is, and fails if one fails.
#[test]
fn elements_are_judged_as_a_loop_would_judge_them() {
    type Rows = Vec<Option<Vec<Option<i64>>>>;
    type Judge = Box<dyn Fn(Option<i64>) -> Option<bool>>;
    let element = proptest::option::weighted(0.8, -3_i64..=3);
    let rows = vec(proptest::option::weighted(0.8, vec(element, 0..5)), 0..30);
    let present = |element: Option<i64>, holds: fn(i64) -> bool| element.map(holds);
    let checks: [(&str, Judge); 5] = [
        ("{between: {min: -1, max: 2}}", Box::new(move |e| present(e, |e| (-1..=2).contains(&e)))),
        ("{in_set: [0, 1, 2]}", Box::new(move |e| present(e, |e| (0..=2).contains(&e)))),
        ("{not_in_set: [3]}", Box::new(move |e| present(e, |e| e != 3))),
        ("not_null", Box::new(|e| Some(e.is_some()))),
        ("'null'", Box::new(|e| Some(e.is_none()))),
    ];
    let listed: Vec<&str> = checks.iter().map(|(check, _)| *check).collect();
    let suite = format!("{{suite: loops, columns: {{'a[*]': [{}]}}}}", listed.join(", "));
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&rows, |rows: Rows| {
            let lists: ListChunked = rows
                .iter()
                .map(|row| row.as_ref().map(|row| Series::new("".into(), row)))
                .collect::<ListChunked>();
            let of = DataType::List(Box::new(DataType::Int64));
            let column = Column::from(lists.into_series().with_name("a".into()).cast(&of).unwrap());
            let frame = DataFrame::new_infer_height(vec![column]).unwrap();
            let run = check(&Suite::from_yaml(&suite).unwrap(), frame, &CheckOptions::default());
            for ((name, judge), outcome) in checks.iter().zip(&run.suites[0].outcomes) {
                let judged =
                    rows.iter().flatten().map(|row| row.iter().map(|e| judge(*e)).collect::<Vec<_>>());
                let judged: Vec<Vec<Option<bool>>> = judged.collect();
                let with = |wanted: fn(&Option<bool>) -> bool| {
                    judged.iter().filter(|row| row.iter().any(wanted)).count() as u64
                };
                let counts = outcome.counts.unwrap_or_else(|| panic!("{name}: {outcome:?}"));
                let expected = (with(Option::is_some), with(|held| *held == Some(false)));
                assert_eq!((counts.considered, counts.failing), expected, "{name}: {rows:?}");
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_list_of_a_failing_row_is_shown() {
    let run = run("{suite: shown, key: id, columns: {'tags[*]': [in_set: [x, y]]}}");
    let row = &only(&run).samples.rows[0];
    let list = Value::List(vec![Value::String("long".into())]);
    assert_eq!(row.key, [("id".to_owned(), Value::Integer(5))]);
    assert_eq!(row.values, [("tags".to_owned(), list)]);
}

#[test]
fn what_the_schema_tells_of_elements() {
    let run = run(
        "{suite: types, columns: {'items[*].price': [{type: float64}, {exists: ~}], 'tags[*]': [{type: string}]}}",
    );
    assert!(run.suites[0].outcomes.iter().all(|outcome| outcome.verdict == Verdict::Pass));
}

#[test]
fn what_elements_cannot_be_asked_is_refused() {
    for (check, words) in [
        ("'tags[*]': [unique]", "one by one"),
        ("'id[*]': [not_null]", "column \"id\" is int64, and has no elements"),
        ("'items[*].prise': [not_null]", "no field \"prise\""),
        ("'tags[*]': [between: {min: 3}]", "the column is text"),
        ("'items.price': [not_null]", "no field \"price\" in \"items\""),
        ("id: [{not_null: ~, where: '`tags[*]` = 1'}]", "no column"),
    ] {
        let run = run(&format!("{{suite: elements, columns: {{{check}}}}}"));
        let outcome = only(&run);
        assert_eq!(outcome.verdict, Verdict::Error, "{check}");
        assert!(outcome.reason.as_ref().unwrap().contains(words), "{check}: {:?}", outcome.reason);
    }
    let error = Suite::from_yaml("{suite: a, columns: {'tags[*]': [mean: {min: 0}]}}").unwrap_err();
    assert!(format!("{error:?}").contains("mean measures a whole column"), "{error:?}");
    let error = Suite::from_yaml("{suite: a, columns: {'tags[*].a[*]': [not_null]}}").unwrap_err();
    assert!(format!("{error:?}").contains("lists in lists"), "{error:?}");
}
