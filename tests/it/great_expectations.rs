//! Suites of Great Expectations: what their parts become.

mod edges;

use karat::document::Syntax;
use karat::evaluate::{Outcome, Verdict};
use karat::suite::{Tool, import};
use karat::{CheckOptions, Run, Suite, check};
use polars::prelude::{DataFrame, DataType, NamedFrom, Series, TimeUnit, df};

/// A suite with these expectations, and more beside them.
fn suite(expectations: &str, more: &str) -> Suite {
    let text = format!(r#"{{"name": "orders", "expectations": [{expectations}]{more}}}"#);
    Suite::parse(&text, "orders.json", Syntax::Json).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn orders() -> DataFrame {
    df![
        "id" => [1, 2, 3, 4, 5, 6],
        "status" => [Some("O"), Some("F"), None, Some("P"), Some("O"), None],
        "amount" => [Some(10.0), Some(20.0), Some(30.0), None, Some(50.0), Some(60.0)],
        "a b" => ["x", "y", "x", "y", "x", "y"],
    ]
    .unwrap()
}

fn run(suite: Suite) -> Run {
    let now = Some("2026-01-31T10:00:00Z".parse().unwrap());
    check(&suite, orders(), &CheckOptions { now, ..CheckOptions::default() })
}

/// The outcome of the one expectation of a suite.
fn outcome(expectation: &str, more: &str) -> Outcome {
    run(suite(expectation, more)).suites.remove(0).outcomes.remove(0)
}

/// How many rows a row condition lets through, or why it is none.
fn rows(condition: &str, parser: &str) -> Result<u64, String> {
    let parser =
        if parser.is_empty() { String::new() } else { format!(r#", "condition_parser": "{parser}""#) };
    let expectation = format!(
        r#"{{"type": "expect_column_values_to_not_be_null", "kwargs": {{"column": "id", "row_condition": {condition}{parser}}}}}"#
    );
    let outcome = outcome(&expectation, "");
    match outcome.counts {
        Some(counts) => Ok(counts.rows),
        None => Err(outcome.reason.unwrap().to_string()),
    }
}

#[test]
fn conditions_of_pandas_have_two_truth_values() {
    for (condition, expected) in [
        ("id == 3", 1),
        ("status == 'O'", 2),
        ("status != 'O'", 4),
        ("~(status == 'O')", 4),
        ("not status == 'O' and id > 2", 3),
        ("status in ['O', 'F']", 3),
        ("status not in ('O', 'F')", 3),
        ("status == ['O', 'F']", 3),
        ("status != ['O', 'F']", 3),
        ("amount > 10 & amount < 60 | id == 6", 4),
        ("10 < amount <= 50", 3),
        ("amount * 2 + 1 > 61", 2),
        ("-amount < -30", 2),
        ("amount.isnull()", 1),
        ("~amount.isnull() and status.notnull()", 3),
        ("status.isin(['O'])", 2),
        ("amount.between(20, 50)", 3),
        ("status.str.contains('[OF]')", 3),
        ("status.str.lower() == 'o'", 2),
        ("not status.str.startswith('O')", 4),
        ("`a b` == 'x'", 3),
        ("id in []", 0),
        ("id not in []", 6),
        ("1e0 <= id", 6),
    ] {
        assert_eq!(rows(&format!("{condition:?}"), "pandas"), Ok(expected), "{condition}");
    }
    for (condition, reason) in [
        ("id == @limit", "'@' is not understood"),
        ("id % 2 == 0", "\"%\" is not understood there"),
        ("id.rolling(2) > 1", ".rolling() with these arguments is not understood"),
        ("index < ", "the condition ends too soon"),
        ("status == None", "\"None\" is not understood there"),
        ("[1] == [1]", "a list is understood only behind"),
        ("id == 'x", "a text without its closing quote"),
    ] {
        let found = rows(&format!("{condition:?}"), "pandas").unwrap_err();
        assert!(found.contains(&format!("{condition:?}")) && found.contains(reason), "{found}");
    }
    for hostile in ["(", "-", "[", "~", "not ", "1+", "1<", "a.b(", "id == 1 and "] {
        let deep = format!("\"{}\"", hostile.repeat(5_000));
        assert!(rows(&deep, "pandas").is_err(), "{hostile}");
    }
}

#[test]
fn conditions_of_other_languages() {
    for (condition, parser, expected) in [
        (r#""status <> 'O'""#, "spark", 2),
        (r#""status == \"O\" AND id > 1""#, "spark", 1),
        (r#""amount IS NULL OR `a b` = 'x'""#, "spark", 4),
        (r#""col(\"status\") != \"O\"""#, "great_expectations", 4),
        (r#""col(\"amount\") >= 50""#, "great_expectations__experimental__", 2),
        (r#""col(\"a b\").notnull()""#, "great_expectations", 6),
        (r#""status == 'O'""#, "", 2),
        (r#""amount IS NULL""#, "", 1),
        (r#"{"type": "comparison", "column": {"name": "amount"}, "operator": ">", "parameter": 30}"#, "", 2),
        (
            r#"{"type": "comparison", "column": {"name": "status"}, "operator": "!=", "parameter": "O"}"#,
            "",
            4,
        ),
        (
            r#"{"type": "comparison", "column": {"name": "id"}, "operator": "IN", "parameter": [1, 2, 9]}"#,
            "",
            2,
        ),
        (
            r#"{"type": "comparison", "column": {"name": "status"}, "operator": "NOT_IN", "parameter": ["O"]}"#,
            "",
            4,
        ),
        (r#"{"type": "nullity", "column": {"name": "amount"}, "is_null": false}"#, "", 5),
        (
            r#"{"type": "and", "conditions": [
                {"type": "nullity", "column": {"name": "status"}, "is_null": false},
                {"type": "or", "conditions": [
                    {"type": "comparison", "column": {"name": "id"}, "operator": "==", "parameter": 1},
                    {"type": "pass_through", "pass_through_filter": "amount == 20"}]}]}"#,
            "",
            2,
        ),
    ] {
        assert_eq!(rows(condition, parser), Ok(expected), "{condition}");
    }
    for (condition, parser, reason) in [
        ("\"id == 1\"", "quack", "no condition_parser \"quack\""),
        ("\"col(id) > 1\"", "great_expectations", "the form is col(\"name\") > 5"),
        ("\"id >\"", "spark", "is not translated"),
        ("{\"type\": \"quack\"}", "", "no row_condition has the type \"quack\""),
        ("{\"type\": \"nullity\"}", "", "the row_condition lacks \"is_null\""),
    ] {
        let found = rows(condition, parser).unwrap_err();
        assert!(found.contains(reason), "{condition}: {found}");
    }
}

#[test]
fn parameters_are_values_and_formulas() {
    let max = |max: &str, more: &str| {
        let expectation = format!(
            r#"{{"type": "expect_column_max_to_be_between", "kwargs": {{"column": "id", "max_value": {max}}}}}"#
        );
        let outcome = outcome(&expectation, more);
        (outcome.verdict, outcome.reason.unwrap_or_default())
    };
    let parameters = r#", "suite_parameters": {"most": 12, "half": 0.5}"#;
    let older = r#", "evaluation_parameters": {"most": 12, "half": 0.5}"#;
    assert_eq!(max(r#"{"$PARAMETER": "most"}"#, parameters).0, Verdict::Pass);
    assert_eq!(max(r#"{"$PARAMETER": "most * half - 1"}"#, older).0, Verdict::Fail);
    assert_eq!(max(r#"{"$PARAMETER": "x", "$PARAMETER.x": 5}"#, "").0, Verdict::Fail);
    for (parameter, reason) in [
        ("less", "no value is given for $PARAMETER \"less\""),
        ("urn:great_expectations:validations:a:b.result.observed_value", "in a store of Great Expectations"),
        ("most +", "expected a number"),
    ] {
        let (verdict, found) = max(&format!("{{\"$PARAMETER\": {parameter:?}}}"), parameters);
        assert!(verdict == Verdict::Error && found.contains(reason), "{parameter}: {found}");
    }
    let set = r#"{"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a b", "value_set": {"$PARAMETER": "known"}}}"#;
    assert_eq!(outcome(set, r#", "suite_parameters": {"known": ["x", "y"]}"#).verdict, Verdict::Pass);
}

#[test]
fn now_is_the_time_of_the_run() {
    let suite = || {
        suite(
            r#"{"type": "expect_column_values_to_be_between", "kwargs": {"column": "at", "max_value": {"$PARAMETER": "now() - timedelta(days=1)"}}},
               {"type": "expect_column_values_to_be_between", "kwargs": {"column": "at", "max_value": {"$PARAMETER": "now() * 2"}}}"#,
            "",
        )
    };
    let at = ["2026-01-30T09:00:00", "2026-01-30T11:00:00"]
        .map(|text| text.parse::<chrono::NaiveDateTime>().unwrap().and_utc().timestamp_micros());
    let at = Series::new("at".into(), at).cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    let frame = DataFrame::new(2, vec![at.into()]).unwrap();
    let failing = |now: &str| {
        let options = CheckOptions { now: Some(now.parse().unwrap()), ..CheckOptions::default() };
        let run = check(&suite(), frame.clone(), &options);
        let [shifted, multiplied] = run.suites[0].outcomes.as_slice() else { panic!("{run:?}") };
        assert_eq!(multiplied.verdict, Verdict::Error);
        shifted.counts.unwrap().failing
    };
    assert_eq!(failing("2026-01-31T10:00:00Z"), 1);
    assert_eq!(failing("2026-01-31T11:00:00Z"), 0);
    let imported = import(&suite(), Tool::GreatExpectations).unwrap();
    assert!(imported.left_out[0].reason.contains("max_value = now() - timedelta(days=1)"), "{imported:?}");
}

#[test]
fn what_cannot_be_judged_is_an_error_of_its_own() {
    let run = run(suite(
        r#"
        {"type": "expect_column_values_to_be_quack", "kwargs": {"column": "id"}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id", "quack": 1}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id", "mostly": 1.5}},
        {"type": "expect_column_values_to_be_between", "kwargs": {"column": "id"}},
        {"type": "expect_table_row_count_to_equal_other_table", "kwargs": {"other_table_name": "customers"}},
        {"kwargs": {"column": "id"}},
        7,
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id"}}"#,
        "",
    ));
    let run = &run.suites[0];
    let told: Vec<String> = run
        .suite
        .checks
        .iter()
        .zip(&run.outcomes)
        .map(|(check, outcome)| {
            format!(
                "{} {}: {}",
                check.id,
                outcome.verdict.name(),
                outcome.reason.as_deref().unwrap_or_default()
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r##"
    id.expect_column_values_to_be_quack error: karat knows no expectation "expect_column_values_to_be_quack"
    id.expect_column_values_to_not_be_null error: the kwarg "quack" is not known
    expect_column_values_to_not_be_null error: the kwarg "column" is missing
    id.not_null error: expected a number between 0 and 1, found the number "1.5"
    id.between error: neither min nor max is given
    expect_table_row_count_to_equal_other_table error: "customers" names a table of a Great Expectations data source
    id.untyped error: an expectation needs a "type" and "kwargs"
    untyped error: an expectation needs a "type" and "kwargs"
    id.not_null #2 pass:
    "##);
    assert!(!run.passed());
}

#[test]
fn what_means_nothing_here_is_said() {
    let reason = |expectation: &str| {
        let outcome = outcome(expectation, "");
        assert_eq!(outcome.verdict, Verdict::Pass);
        outcome.reason.unwrap_or_default()
    };
    let stray = r#"{"expectation_type": "expect_column_max_to_be_between", "kwargs": {"column": "id", "max_value": 9, "mostly": 0.9, "auto": false, "profiler_config": null, "result_format": "BASIC", "parse_strings_as_datetimes": true}}"#;
    insta::assert_snapshot!(reason(stray), @"mostly is ignored: no single rows are judged; parse_strings_as_datetimes is ignored: texts are compared as texts; a column of dates or timestamps as such");
    let schema = r#"{"type": "expect_column_to_exist", "kwargs": {"column": "id", "row_condition": "id > 1", "condition_parser": "pandas"}}"#;
    insta::assert_snapshot!(reason(schema), @"row_condition is ignored: the schema is the same on all rows");
}

#[test]
fn checks_keep_where_they_came_from() {
    let suite = suite(
        r#"
        {"type": "expect_column_values_to_be_unique", "id": "7b3e", "kwargs": {"column": "a.b"}, "meta": {"by": "me"}, "severity": "warning", "notes": ["one", "two"]},
        {"expectation_type": "expect_column_values_to_be_unique", "ge_cloud_id": "8c", "kwargs": {"column": "a.b", "mostly": 0.5}, "meta": {"notes": {"format": "markdown", "content": "said"}}}"#,
        "",
    );
    let [first, second] = suite.checks.as_slice() else { panic!("{suite:?}") };
    assert_eq!((first.id.as_str(), second.id.as_str()), ("`a.b`.unique", "`a.b`.unique #2"));
    assert_eq!((first.severity.name(), first.description.as_deref()), ("warning", Some("one\ntwo")));
    assert_eq!(second.description.as_deref(), Some("said"));
    let origin = first.origin.as_ref().unwrap();
    assert_eq!(origin.id.as_deref(), Some("7b3e"));
    assert_eq!(
        (&origin.kept["meta"], &origin.arguments),
        (&serde_json::json!({"by": "me"}), &serde_json::json!({"column": "a.b"}))
    );
    assert_eq!(second.origin.as_ref().unwrap().id.as_deref(), Some("8c"));
}

#[test]
fn types_go_by_the_names_of_every_engine() {
    for (name, met) in [
        ("object", true),
        ("str", true),
        ("StringType", true),
        ("VARCHAR(20)", true),
        ("int", false),
        ("quack", false),
    ] {
        let expectation = format!(
            r#"{{"type": "expect_column_values_to_be_of_type", "kwargs": {{"column": "status", "type_": "{name}"}}}}"#
        );
        let wanted = if met { Verdict::Pass } else { Verdict::Fail };
        assert_eq!(outcome(&expectation, "").verdict, wanted, "{name}");
    }
}

#[test]
fn values_of_other_types_are_unequal() {
    let failing = |kwargs: &str| {
        let of_set = format!(r#"{{"type": "expect_column_values_to_be_in_set", "kwargs": {{{kwargs}}}}}"#);
        outcome(&of_set, "").counts.unwrap().failing
    };
    assert_eq!(failing(r#""column": "id", "value_set": ["1", 2, 3.0, true, null]"#), 3);
    assert_eq!(failing(r#""column": "status", "value_set": ["O", 1]"#), 2);
    let pair = r#"{"type": "expect_column_pair_values_to_be_equal", "kwargs": {"column_A": "id", "column_B": "status"}}"#;
    assert_eq!(outcome(pair, "").counts.unwrap().failing, 6);
    let contains = r#"{"type": "expect_column_distinct_values_to_contain_set", "kwargs": {"column": "id", "value_set": [1, "2"]}}"#;
    assert_eq!(outcome(contains, "").observed.to_string(), "{missing: [2]}");
}

#[test]
fn what_is_imported_gives_the_same_verdicts() {
    let theirs = r#"
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "status", "mostly": 0.5, "row_condition": "status != 'it\\'s' and id in [1, 2]", "condition_parser": "pandas"}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "status", "row_condition": "amount != 10", "condition_parser": "pandas"}, "severity": "info"},
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "status", "value_set": ["O", "true", "NO", "1", 1, "a: b", "two\nlines", " "]}, "description": "one\ntwo: three"},
        {"type": "expect_column_max_to_be_between", "kwargs": {"column": "amount", "min_value": 1e1, "strict_min": true, "mostly": 0.5}},
        {"type": "expect_column_quantile_values_to_be_between", "kwargs": {"column": "amount", "quantile_ranges": {"quantiles": [0.5, 1], "value_ranges": [[20, null], [70, 60]]}}},
        {"type": "expect_column_pair_values_a_to_be_greater_than_b", "kwargs": {"column_A": "amount", "column_B": "id", "or_equal": true}},
        {"type": "expect_table_columns_to_match_set", "kwargs": {"column_set": ["id", "a b"], "exact_match": false}},
        {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "id"}},
        {"type": "expect_quack", "kwargs": {"text": "two\n- lines"}}"#;
    let suite = || suite(theirs, r#", "notes": "all orders""#);
    let imported = import(&suite(), Tool::GreatExpectations).unwrap();
    insta::assert_snapshot!(imported.yaml, @r##"
    # Imported from the Great Expectations suite orders.json.
    suite: orders
    description: all orders
    columns:
      status:
        - not_null: ~
          where: '(NOT ((status = ''it''''s'') IS TRUE)) AND (id IN (1, 2))'
          mostly: 0.5
        - not_null: ~
          id: 'status.not_null #2'
          where: 'NOT ((amount = 10) IS TRUE)'
          severity: info
        - in_set: {values: [O, 'true', 'NO', '1', 1, 'a: b', "two\nlines", ' '], other_types: unequal}
          description: "one\ntwo: three"
      amount:
        # mostly is ignored: no single rows are judged
        - max: {min: 1e1, strict_min: true}
        # nothing lies between 70 and 60: that range is never met
        - quantiles: {ranges: [{at: 0.5, min: 20}, {at: 1, min: .inf}], tolerance: 0.0001}
      id:
        - mean: {min: -.inf}
    table:
      - pair: {left: amount, is: '>=', right: id, other_types: unequal}
      - columns: {set: [id, a b], exact: false}
    # Left out, because karat cannot judge them:
    # - expect_quack: karat knows no expectation "expect_quack"
    #   expect_quack {"text":"two\n- lines"}
    "##);
    let (theirs, ours) = (run(suite()), run(Suite::from_yaml(&imported.yaml).unwrap()));
    let verdicts = |run: &Run| {
        let run = &run.suites[0];
        let told = run.suite.checks.iter().zip(&run.outcomes);
        let mut told: Vec<String> = told
            .filter(|(check, _)| check.name != "expect_quack")
            .map(|(check, outcome)| format!("{} {:?} {:?}", check.id, outcome.verdict, outcome.counts))
            .collect();
        told.sort();
        told
    };
    assert_eq!(verdicts(&theirs), verdicts(&ours));
}

#[test]
fn a_suite_without_a_name_is_no_suite() {
    let error = Suite::parse(r#"{"expectations": []}"#, "s.json", Syntax::Json).unwrap_err();
    assert!(error.to_string().contains("\"name\" is missing"), "{error}");
    let none = Suite::from_yaml("suite: a\ntable: [{row_count: 1}]")
        .map(|suite| import(&suite, Tool::GreatExpectations).unwrap_err().to_string());
    assert!(none.unwrap_or_default().contains("a suite of Great Expectations"));
}

/// Every expectation with every argument that it has in Great Expectations.
const WHOLE: &str = include_str!("great_expectations/whole.json");

#[test]
fn every_argument_is_taken() {
    let suite = Suite::parse(WHOLE, "whole.json", Syntax::Json).unwrap();
    let refused = suite.checks.iter().filter_map(|check| {
        let why = check.origin.as_ref()?.refused.as_ref()?;
        Some(format!("{}: {}", check.name, why.message))
    });
    assert_eq!(refused.collect::<Vec<_>>(), Vec::<String>::new());
    let noted = suite.checks.iter().filter(|check| !check.ignored().is_empty());
    assert_eq!(noted.map(|check| &check.id).collect::<Vec<_>>(), Vec::<&String>::new());
    let imported = import(&suite, Tool::GreatExpectations).unwrap();
    let read = Suite::from_yaml(&imported.yaml).unwrap_or_else(|error| panic!("{error}\n{}", imported.yaml));
    assert_eq!(read.checks.len(), suite.checks.len());
}
