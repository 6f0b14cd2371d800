//! What the files hold, and what karat reads.

use std::collections::BTreeMap;

use karat::document::Syntax;
use karat::engine::polars::open;
use karat::evaluate::Verdict;
use karat::source::{At, StorageOptions, Trust};
use karat::{CheckOptions, Run, Suite, check};
use serde::Deserialize;
use serde_json::json;

use super::folder;
use crate::support::only;

#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Refused {
        refused: Vec<String>,
    },
    Read {
        columns: Vec<String>,
        rows: Vec<Vec<String>>,
        #[serde(default)]
        types: BTreeMap<String, String>,
        /// Columns that are not read, with words of their refusals.
        #[serde(default)]
        unread: BTreeMap<String, Vec<String>>,
    },
}

/// Every row fails, and shows all of its columns.
pub(super) fn all_rows(uri: &str, columns: &[String]) -> Run {
    let paths: Vec<String> =
        columns.iter().map(|column| format!("`{}`", column.replace('`', "``"))).collect();
    let suite = json!({
        "suite": "all", "key": paths,
        "table": [{"rows": "1 = 2", "id": "all", "samples": 1000}],
    });
    let suite = Suite::parse(&suite.to_string(), "all.json", Syntax::Json).unwrap();
    check(&suite, uri, &CheckOptions { trust: Trust::None, ..CheckOptions::default() })
}

/// Why a check of a column cannot be judged, where one of the table is.
fn reason_of(uri: &str, column: &str) -> String {
    let suite = json!({
        "suite": "unread", "columns": {column: ["unique"]},
        "table": [{"row_count": {"min": 1}}, {"column_count": {"min": 1}}],
    });
    let suite = Suite::parse(&suite.to_string(), "unread.json", Syntax::Json).unwrap();
    let run = check(&suite, uri, &CheckOptions { trust: Trust::None, ..CheckOptions::default() });
    let outcomes = &run.suites[0].outcomes;
    let others = outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Pass).count();
    assert_eq!((outcomes.len(), others), (3, 2), "{outcomes:?}");
    outcomes.iter().find_map(|outcome| outcome.reason.clone()).unwrap_or_default().to_string()
}

fn difference(name: &str, expected: &Expected) -> Option<String> {
    let uri = folder().join(name).display().to_string();
    match expected {
        Expected::Refused { refused } => {
            let run = all_rows(&uri, &[]);
            let outcome = only(&run);
            let reason = outcome.reason.clone().unwrap_or_default();
            let right = outcome.verdict == Verdict::Error && refused.iter().all(|word| reason.contains(word));
            (!right).then(|| format!("{:?}: {reason}", outcome.verdict))
        }
        Expected::Read { columns, rows, types, unread } => {
            for (column, words) in unread {
                let reason = reason_of(&uri, column);
                if !words.iter().all(|word| reason.contains(word.as_str()))
                    || !reason.contains(column.as_str())
                {
                    return Some(format!("{column}: {reason}"));
                }
            }
            let snapshot = match open(&uri, At::Latest, &StorageOptions::default()) {
                Ok(snapshot) => snapshot,
                Err(error) => return Some(error.to_string()),
            };
            for (column, expected) in types {
                let field = snapshot.schema.fields.iter().find(|field| field.name == *column).unwrap();
                if field.data_type.to_string() != *expected {
                    return Some(format!("{column} is {} instead of {expected}", field.data_type));
                }
            }
            let run = all_rows(&uri, columns);
            let outcome = only(&run);
            let Some(counts) = outcome.counts else { return Some(format!("{:?}", outcome.reason)) };
            if counts.rows != rows.len() as u64 {
                return Some(format!("{} rows instead of {}", counts.rows, rows.len()));
            }
            for (sample, row) in outcome.samples.rows.iter().zip(rows) {
                let found: Vec<_> = sample.key.iter().map(|(_, value)| value.to_string()).collect();
                assert_eq!(found.len(), columns.len());
                for ((column, found), expected) in columns.iter().zip(&found).zip(row) {
                    if found != expected {
                        return Some(format!("{column} is {found} instead of {expected}"));
                    }
                }
            }
            (outcome.samples.rows.len() != rows.len())
                .then(|| format!("{} rows shown instead of {}", outcome.samples.rows.len(), rows.len()))
        }
    }
}

#[test]
fn every_file_is_read_right_or_refused() {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_json::from_str(&text).unwrap();
    let wrong: Vec<String> = expected
        .iter()
        .filter_map(|(name, expected)| difference(name, expected).map(|found| format!("{name}: {found}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn uuids_are_compared_as_their_text() {
    let uri = folder().join("odd/uuid.parquet").display().to_string();
    let suite = "
suite: uuids
columns:
  a:
    - in_set: ['00112233-4455-6677-8899-aabbccddeeff', '00000000-0000-0000-0000-000000000000']
    - {in_set: ['00000000-0000-0000-0000-000000000000'], id: zero}
    - between: {min: '00000000-0000-0000-0000-000000000001'}
    - matches: '^[0-9a-f]{8}-[0-9a-f]{4}-'
    - max: {max: '00112233-4455-6677-8899-aabbccddeeff'}
";
    for trust in Trust::ALL {
        let options = CheckOptions { trust, ..CheckOptions::default() };
        let run = check(&Suite::from_yaml(suite).unwrap(), uri.as_str(), &options);
        let failing = run.suites[0].outcomes.iter();
        let failing: Vec<_> =
            failing.map(|outcome| (outcome.verdict, outcome.counts.map(|counts| counts.failing))).collect();
        let (pass, fail) = (Verdict::Pass, Verdict::Fail);
        let expected = [(pass, Some(0)), (fail, Some(1)), (fail, Some(1)), (pass, Some(0)), (pass, None)];
        assert_eq!(failing, expected, "{trust:?}");
    }
}
