//! Real tables, and what other engines say of them.

mod catalogue;
mod changes;
mod delta;
mod great_expectations;
mod gx_cases;
mod gx_results;
mod statistics;
mod text;
pub mod written;

use std::path::PathBuf;

use karat::data::Value;

/// A folder of the corpora, which are no part of the project. `build.rs` looks for them: a test that
/// asks for one is ignored `not(corpora)`, so that it is counted where it has nothing to compare with.
pub(crate) fn corpora(folder: &str) -> PathBuf {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let root = std::env::var_os("KARAT_CORPORA").map_or(beside, PathBuf::from);
    let path = root.join(folder);
    assert!(
        path.is_dir(),
        "no corpora at {}; this test is to be ignored where there are none",
        path.display()
    );
    path
}

fn json(path: PathBuf) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Whether a value is the one that another engine wrote as JSON: numbers up to 1e-7 of
/// themselves, all else exactly.
pub fn same(value: &Value, json: &serde_json::Value) -> bool {
    match (value, json) {
        (Value::Null, json) => json.is_null(),
        (Value::Boolean(value), json) => json.as_bool() == Some(*value),
        (Value::List(values), serde_json::Value::Array(items)) => {
            values.len() == items.len() && values.iter().zip(items).all(|(value, item)| same(value, item))
        }
        (Value::Integer(_) | Value::Float(_) | Value::Decimal(_), json) => {
            let other = json.as_f64().or_else(|| json.as_str()?.parse().ok());
            value
                .as_f64()
                .zip(other)
                .is_some_and(|(left, right)| (left - right).abs() <= 1e-7 * left.abs().max(right.abs()))
        }
        (value, json) => json.as_str().is_some_and(|text| text == value.to_string()),
    }
}

/// Whether two pieces of JSON are the same, numbers up to 1e-9 of themselves.
fn alike(ours: &serde_json::Value, theirs: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match (ours, theirs) {
        (Json::Number(ours), Json::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            (ours - theirs).abs() <= 1e-9 * ours.abs().max(theirs.abs())
        }
        (Json::Array(ours), Json::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs))
        }
        (Json::Object(ours), Json::Object(theirs)) => {
            let found = |(name, ours)| theirs.get(name).is_some_and(|theirs| alike(ours, theirs));
            ours.len() == theirs.len() && ours.iter().all(found)
        }
        (ours, theirs) => ours == theirs,
    }
}
