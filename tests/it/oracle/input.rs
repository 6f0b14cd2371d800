//! No text makes a parser panic.

use karat::Suite;
use karat::data::ColumnPath;
use karat::document::Syntax;
use karat::predicate::{check, parse};
use proptest::prelude::*;

use super::evaluate::now;
use super::generate::condition;
use super::rows::config;
use super::table::schema;

const SUITES: [&str; 4] = [
    include_str!("../../../suites/bronze/orders.yml"),
    include_str!("../../../suites/silver/line_items.yml"),
    include_str!("../../../suites/gold/revenue_by_segment.yml"),
    r#"{"suite": "a", "pii": ["x"], "columns": {"x": ["not_null", {"between": {"min": 0, "max": 1e3}, "where": "y > 0"}]},
        "table": [{"rows": "x = 1", "mostly": 0.9}, {"fresh": {"column": "t", "within": "1 h"}}]}"#,
];

const TOKENS: [&str; 80] = [
    "a",
    "i64",
    "`a.b`",
    "`",
    "'",
    "''",
    "'x'",
    "\"x\"",
    "1",
    "1.5",
    "1e3",
    "1e999",
    "99999999999999999999999999999999999999999999",
    ".",
    ",",
    "(",
    ")",
    "+",
    "-",
    "--",
    "*",
    "/",
    "%",
    "=",
    "<>",
    "<",
    ">=",
    "AND",
    "OR",
    "NOT",
    "IS",
    "NULL",
    "TRUE",
    "IN",
    "BETWEEN",
    "LIKE",
    "RLIKE",
    "ESCAPE",
    "CAST",
    "AS",
    "date",
    "decimal(5,2)",
    "int8",
    "TRY_CAST",
    "::",
    "DATE",
    "INTERVAL",
    "CASE",
    "WHEN",
    "END",
    "EXISTS",
    "SELECT",
    "trim",
    "length",
    "to_date",
    "coalesce",
    "abs",
    "THEN",
    "ELSE",
    "DAY",
    "MONTHS",
    "'3'",
    "||",
    "TIMESTAMP",
    "current_date",
    "now",
    "round",
    "substring",
    "FROM",
    "left",
    "dateadd",
    "greatest",
    "nullif",
    "DISTINCT FROM",
    "<=>",
    "\n",
    "/*",
    ";",
    "é",
    "\u{1F980}",
];

fn soup() -> impl Strategy<Value = String> {
    let spaced = prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..30)
        .prop_map(|tokens| tokens.join(" "));
    let close = prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..12)
        .prop_map(|tokens| tokens.concat());
    prop_oneof![spaced, close]
}

/// Generates texts in which parts are replaced a few times.
fn mutated(of: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        Just(String::new()),
        prop::sample::select(vec![
            "{", "}", "[", "]", ":", "- ", "\n", "\t", "&a", "*a", "!!x", "\"", "'", "|", "#", "\u{feff}",
            "..."
        ])
        .prop_map(str::to_owned),
    ];
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0..20_usize, piece), 1..4);
    (of, edits).prop_map(|(text, edits)| {
        let mut characters: Vec<char> = text.chars().collect();
        for (at, taken, piece) in edits {
            let from = at.index(characters.len() + 1);
            let to = (from + taken).min(characters.len());
            characters.splice(from..to, piece.chars());
        }
        characters.into_iter().collect()
    })
}

fn read_predicate(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(expression) => {
            let canonical = expression.to_string();
            let again = parse(&canonical).map(|again| again.to_string());
            prop_assert_eq!(again.ok(), Some(canonical), "{}", text);
            let _ = check(&expression, &schema(), now());
        }
        Err(error) => {
            prop_assert!(text.get(error.span.start..error.span.end).is_some(), "{}: {:?}", text, error);
        }
    }
    Ok(())
}

fn read_suite(text: &str) {
    let _ = Suite::from_yaml(text);
    let _ = Suite::parse(text, "suite.json", Syntax::Json);
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn any_text_is_read_or_refused(text in prop_oneof![any::<String>(), soup()]) {
        read_predicate(&text)?;
        read_suite(&text);
        let _ = ColumnPath::parse(&text);
    }

    #[test]
    fn a_mutated_predicate_is_read_or_refused(text in mutated(condition().prop_map(|condition| condition.to_string()))) {
        read_predicate(&text)?;
    }

    #[test]
    fn a_mutated_suite_is_read_or_refused(text in mutated(prop::sample::select(SUITES.to_vec()).prop_map(str::to_owned))) {
        read_suite(&text);
    }

    #[test]
    fn a_path_is_read_back(parts in prop::collection::vec(any::<String>(), 1..4)) {
        let path = ColumnPath::new(parts).unwrap();
        prop_assert_eq!(ColumnPath::parse(&path.to_string()), Ok(path));
    }
}
