//! What reports say of checks that a database has judged: by which engine, by which statements, of which rows.

use karat::data::{DataType, Field, Value};
use karat::split::{SplitOptions, failing_rows};
use karat::{CheckOptions, Report, Run, Suite, Verdict, check, report, split};

use super::database::Database;
use super::random::stored;

/// A mean that no output may show, as none of the values.
const SUITE: &str = "
suite: s
pii: [age]
columns:
  age:
    - {z_score: 1, id: far}
  n:
    - {not_null, id: there}
    - {sum: {min: 0}, id: whole}
  x:
    - {sum: {min: 0}, id: floats}
";

fn judged(database: &dyn Database, suite: &str, rows: Option<u64>) -> Run {
    let options = CheckOptions { engine: database.engine_fetching(rows), ..CheckOptions::default() };
    check(&Suite::from_yaml(suite).unwrap(), database.uri("t"), &options)
}

/// Judges a table of four rows, of which a check must fetch one column.
pub fn says_by_what_each_check_was_judged(database: &dyn Database) {
    let fields = [("age", DataType::INT64), ("n", DataType::INT64), ("x", DataType::FLOAT64)];
    let fields = fields.map(|(name, of)| Field::new(name, of)).to_vec();
    let row = |number: i128| {
        vec![Value::Integer(71_000 + number * number), Value::Integer(number), Value::float(0.5)]
    };
    let table = stored(fields, (0..4).map(row).collect(), database);
    database.write(&[("t".to_owned(), &table)].into());

    let run = judged(database, SUITE, Some(4));
    let told = Report::from(&run);
    let suite = &told.suites[0];
    let statements = &suite.execution.as_ref().unwrap().statements;
    let of = |id: &str| {
        let check = suite.checks.iter().find(|check| check.id == id).unwrap();
        let statements = check
            .evidence
            .statements
            .iter()
            .map(|place| statements[usize::try_from(*place).unwrap()].as_str());
        (check.verdict, check.evidence.engine.clone().unwrap_or_default(), statements.collect::<Vec<_>>())
    };
    let system = database.engine_there().name();
    let (verdict, engine, asked) = of("whole");
    assert_eq!((verdict, &engine), (Verdict::Pass, &system));
    assert!(asked.len() == 1 && asked[0].contains("sum("), "{asked:?}");
    let (verdict, engine, asked) = of("floats");
    assert_eq!(verdict, Verdict::Pass);
    assert!(engine.starts_with("polars") && asked.len() == 1, "{engine} {asked:?}");
    assert!(asked[0].contains("\"x\"") && !asked[0].contains("\"n\""), "{asked:?}");
    // The statement that counts rows by the mean of a personal column is withheld.
    let (_, _, asked) = of("far");
    assert_eq!(asked.len(), 2, "{asked:?}");
    let json = report::json(&told);
    assert_eq!(report::json(&Report::read(&json).unwrap()), json);
    let page = report::html(&told).unwrap();
    assert!(page.contains("<ol class=\"statements\">") && page.contains("statement"), "{page}");
    for text in [&json, &page, &report::text(&run, report::TextOptions::default())] {
        assert!(["71003.5", "71009"].iter().all(|value| !text.contains(value)), "{text}");
    }

    // One row more than may be fetched, and nothing at all.
    let few = judged(database, SUITE, Some(3));
    let reason = few.outcome("floats").unwrap().reason.as_deref().unwrap_or_default().to_owned();
    assert!(reason.contains("4 rows of ") && reason.contains("more than the 3 of --fetch"), "{reason}");
    let nothing = judged(database, SUITE, None);
    let reason = nothing.outcome("floats").unwrap().reason.as_deref().unwrap_or_default().to_owned();
    assert!(reason.contains("--fetch ROWS"), "{reason}");
}

/// Lists and divides the rows of a table, which has no numbers for them.
pub fn says_why_rows_are_neither_listed_nor_divided(database: &dyn Database) {
    let table = stored(
        vec![Field::new("n", DataType::INT64)],
        vec![vec![Value::Integer(1)], vec![Value::Null]],
        database,
    );
    database.write(&[("numbered".to_owned(), &table)].into());
    let suite = Suite::from_yaml("suite: s\ncolumns: {n: [not_null]}\n").unwrap();
    let why = "does not number the rows of its tables";
    for rows in [None, Some(10)] {
        let check = CheckOptions { engine: database.engine_fetching(rows), ..CheckOptions::default() };
        let listed = failing_rows(&suite, database.uri("numbered"), &[], &check).err().unwrap();
        assert!(listed.to_string().contains(why), "{listed}");
        let options = SplitOptions { check, warnings: false };
        let divided = split(&suite, database.uri("numbered"), &options).and_then(|split| split.collect());
        let divided = divided.err().unwrap();
        assert!(divided.to_string().contains(why), "{divided}");
    }
}
