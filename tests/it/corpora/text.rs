//! Dirty tables as CSV: in every column karat finds the nulls and the values that Python's reader finds.

use std::fmt::Write as _;

use karat::{CheckOptions, Suite, check};

/// What Python's `csv` module counted, an empty field as a null.
const COUNTED: &str = include_str!("text.txt");

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn every_column_of_the_dirty_tables_has_its_nulls_and_values() {
    let corpora = super::corpora("dirty");
    let mut found = String::new();
    for table in ["beers/dirty", "beers/clean", "hospital/dirty", "hospital/clean"] {
        let uri = corpora.join(format!("{table}.csv")).display().to_string();
        let run = check(&Suite::from_yaml(&suite(table)).unwrap(), uri, &CheckOptions::default());
        let run = &run.suites[0];
        assert_eq!(run.outcome("readable").unwrap().counts.unwrap().failing, 0);
        for column in columns(table) {
            let nulls = run.outcome(&format!("{column}.not_null")).unwrap().counts.unwrap();
            let distinct = &run.outcome(&format!("{column}.distinct_count")).unwrap().observed;
            let (failing, rows) = (nulls.failing, nulls.rows);
            writeln!(found, "{table} {column}: {failing} null of {rows}, {distinct} distinct").unwrap();
        }
    }
    assert_eq!(found, COUNTED);
}

/// The columns of a table, as they were counted.
fn columns(table: &str) -> Vec<&'static str> {
    let lines = COUNTED.lines().filter_map(|line| line.strip_prefix(&format!("{table} ")));
    lines.map(|line| line.split(": ").next().unwrap()).collect()
}

/// Asks what was counted of a table.
pub(super) fn suite(table: &str) -> String {
    let mut suite = "suite: dirty\ntable: [readable]\ncolumns:\n".to_owned();
    for column in columns(table) {
        writeln!(suite, "  {column}: [not_null, distinct_count: {{min: 0}}]").unwrap();
    }
    suite
}
