//! The change data feed, and what delta-rs reads from it.

use karat::data::Value;
use karat::source::At;
use karat::{CheckOptions, Data, Run, Suite, check};

use super::corpora;

fn changes(table: &str, from: u64, to: Option<u64>) -> Run {
    let folder = corpora("delta/delta-rs");
    let suite = Suite::from_yaml(
        "
suite: changes
columns:
  _change_type: [{in_set: [insert, update_postimage]}]
  _commit_version: [{sum: {min: 0}}, {min: {min: 0}}, {max: {min: 0}}]
  _commit_timestamp: [not_null]
table: [{row_count: {min: 0}}]
",
    )
    .unwrap();
    let data = Data::Uri { uri: folder.join(table).display().to_string(), at: At::Changes { from, to } };
    check(&suite, data, &CheckOptions::default())
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn what_versions_inserted_or_updated_is_judged() {
    // Rows, and the sum, least and greatest of the versions that brought them, by delta-rs' load_cdf.
    for (table, from, to, expected) in [
        ("cdf-table", 0, None, [16, 9, 0, 2]),
        ("cdf-table", 1, Some(2), [6, 9, 1, 2]),
        ("cdf-table-non-partitioned", 0, None, [18, 17, 0, 4]),
        ("cdf-table-non-partitioned", 1, Some(2), [6, 9, 1, 2]),
        ("cdf-table-with-cdc-and-dvs", 0, None, [24, 291, 0, 25]),
        ("cdf-table-with-cdc-and-dvs", 1, Some(2), [4, 4, 1, 1]),
        ("cdc_ict_table", 0, None, [6, 10, 1, 3]),
        ("cdc_ict_table", 1, Some(2), [4, 4, 1, 1]),
    ] {
        let run = changes(table, from, to);
        let run = &run.suites[0];
        assert_eq!(run.error, None, "{table}");
        let ids = ["row_count", "_commit_version.sum", "_commit_version.min", "_commit_version.max"];
        let observed = ids.map(|id| run.outcome(id).unwrap().observed.clone());
        assert_eq!(observed, expected.map(Value::Integer), "{table} {from}..{to:?}");
        for id in ["_change_type.in_set", "_commit_timestamp.not_null"] {
            assert_eq!(run.outcome(id).unwrap().counts.unwrap().failing, 0, "{table} {id}");
        }
        let execution = &run.execution.as_ref().unwrap().1;
        assert_eq!(execution.scans, 1, "{table}");
    }
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn changes_that_are_not_known_are_refused() {
    for (table, from, to, reason) in [
        ("cdf-table", 9, None, "there is no version 9; the newest is 3"),
        ("cdf-table", 0, Some(9), "there is no version 9; the newest is 3"),
        // Files were rewritten, and no feed says which of their rows are new.
        ("simple_table", 0, None, "keeps no change data feed"),
    ] {
        let run = changes(table, from, to);
        let error = run.suites[0].error.clone().unwrap_or_default();
        assert!(error.contains(reason), "{table}: {error}");
    }
}
