//! The cells that a scan finds.

use std::path::Path;

use crate::support::only;
use karat::data::{Float, Value};
use karat::document::Syntax;
use karat::evaluate::Verdict;
use karat::source::Trust;
use karat::{CheckOptions, Suite, check};
use serde_json::json;

/// The rows of a file, each with its columns, or why there are none.
pub fn rows(path: &Path, columns: &[String]) -> Result<Vec<Vec<Value>>, String> {
    let paths: Vec<String> =
        columns.iter().map(|column| format!("`{}`", column.replace('`', "``"))).collect();
    let suite = json!({
        "suite": "all", "key": paths,
        "table": [{"rows": "1 = 2", "id": "all", "samples": 1_000_000}],
    });
    let suite = Suite::parse(&suite.to_string(), "all.json", Syntax::Json).unwrap();
    let options = CheckOptions { trust: Trust::None, ..CheckOptions::default() };
    let run = check(&suite, path.display().to_string(), &options);
    let outcome = only(&run);
    if outcome.verdict == Verdict::Error {
        return Err(outcome.reason.clone().unwrap_or_default().to_string());
    }
    let rows = outcome.samples.rows.iter();
    Ok(rows.map(|row| row.key.iter().map(|(_, value)| value.clone()).collect()).collect())
}

/// Wants a check of a column refused with the column's name.
pub fn refused(path: &Path, column: &str) -> Result<(), String> {
    let suite = json!({"suite": "refused", "columns": {column: ["not_null"]}});
    let suite = Suite::parse(&suite.to_string(), "refused.json", Syntax::Json).unwrap();
    let run = check(&suite, path.display().to_string(), &CheckOptions::default());
    let outcome = only(&run);
    match &outcome.reason {
        Some(reason) if reason.contains(&format!("\"{column}\"")) && reason.contains("is not read") => Ok(()),
        reason => Err(format!("the column {column} is {:?}: {reason:?}", outcome.verdict)),
    }
}

/// Whether two values are the same: NaN is NaN, and a zero has a sign.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Float(Float(left)), Value::Float(Float(right))) => {
            left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
        }
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Struct(left), Value::Struct(right)) => {
            let fields = left.iter().zip(right);
            left.len() == right.len()
                && fields.fold(true, |all, (left, right)| all && left.0 == right.0 && same(&left.1, &right.1))
        }
        _ => left == right,
    }
}

/// How many cells were compared; the first that differs, if one does.
pub fn compare(columns: &[String], found: &[Vec<Value>], expected: &[Vec<Value>]) -> Result<u64, String> {
    if found.len() != expected.len() {
        return Err(format!("{} rows instead of {}", found.len(), expected.len()));
    }
    let mut cells = 0;
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        for ((column, found), expected) in columns.iter().zip(found).zip(expected) {
            if !same(found, expected) {
                return Err(format!("row {row}: {column} is {found} instead of {expected}"));
            }
            cells += 1;
        }
    }
    Ok(cells)
}
