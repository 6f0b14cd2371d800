//! Delta tables of many writers, and what independent readers found in them.

use std::path::Path;

use karat::data::Value;
use karat::gate::Decision;
use karat::source::At;
use karat::{CheckOptions, Data, Suite, check};

use super::{corpora, json as read_json};
use crate::delta_answers::{difference, not_refused, probe, reasons};

/// The tables that karat refuses, and a part of the reason. The list may only shrink.
const REFUSED: &[(&str, &str)] = &[
    ("delta-rs/checkpoint_with_partitions", "is not there, and the table's log names it"),
    ("delta-rs/checkpoints", "is not there, and the table's log names it"),
    ("delta-rs/checkpoints_vacuumed", "is not there, and the table's log names it"),
    ("delta-rs/data_err_logs/table_a", "is not there, and the table's log names it"),
    ("delta-rs/data_err_logs/table_b", "is not there, and the table's log names it"),
    ("delta-rs/data_err_logs/table_c", "Expected contiguous commit files, but found gap"),
    ("delta-rs/data_err_logs/table_d", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_e", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_f", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_g", "is not there, and the table's log names it"),
    ("delta-rs/data_err_logs/table_h", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_i", "reader feature catalogOwned"),
    ("delta-rs/latest_not_checkpointed", "is not there, and the table's log names it"),
    (
        "delta-rs/simple_table_features",
        "Reader features must not be present when minimum reader version != 3",
    ),
    ("delta-rs/spark-variant-stable-feature-checkpoint", "is not there, and the table's log names it"),
    ("delta-rs/table-with-domain-metadata", "is not there, and the table's log names it"),
    ("delta-rs/with_checkpoint_no_last_checkpoint", "is not there, and the table's log names it"),
    ("delta-spark/partitioned-table-with-dv-large", "File not found"),
    ("delta-spark/table-with-dv-gigantic", "File not found"),
    ("delta-spark/table-with-dv-large", "File not found"),
    ("delta-spark/table-with-dv-small", "File not found"),
    ("delta-spark/table-with-dv-special-char", "File not found"),
    ("delta-spark/variant-stats-nested-no-checkpoint", "LogicalType union has no variant set"),
    ("delta-spark/variant-stats-no-checkpoint", "LogicalType union has no variant set"),
    ("delta-spark/variant-stats-state-reconstruction", "LogicalType union has no variant set"),
    ("delta-spark/variant-stats-with-struct-no-checkpoint", "LogicalType union has no variant set"),
];

#[test]
fn every_table_is_read_right_or_refused() {
    let Some(folder) = corpora("delta") else { return };
    let answers = read_json(folder.join("answers.json"));
    let mut wrong = Vec::new();
    for (table, answer) in answers.as_object().unwrap() {
        let run = check(probe(answer), folder.join(table).display().to_string(), &CheckOptions::default());
        let refusal = REFUSED.iter().find(|(name, _)| name == table);
        let found = match refusal {
            Some((_, reason)) => not_refused(&run, reason),
            None if answer["readable"] == true => difference(answer, &run),
            None => Some(format!("read, and must not be: {:?}", reasons(&run))),
        };
        wrong.extend(found.map(|found| format!("{table}: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn rows(data: impl Into<Data>) -> (Option<u64>, Value) {
    let suite = Suite::from_yaml("{suite: rows, table: [row_count: {min: 0}]}").unwrap();
    let run = check(suite, data, &CheckOptions::default());
    let run = &run.suites[0];
    assert_eq!(run.error, None);
    (run.snapshot.as_ref().unwrap().version, run.outcomes[0].observed.clone())
}

#[test]
fn versions_are_read_as_they_were() {
    let Some(folder) = corpora("delta") else { return };
    for (table, version, expected) in [
        ("delta-rs/simple_table_with_checkpoint", 0, 1),
        ("delta-rs/simple_table_with_checkpoint", 9, 10),
        ("delta-rs/simple_table_with_checkpoint", 10, 11),
        ("delta-rs/delta-0.8.0", 0, 5),
    ] {
        let uri = format!("{}@v{version}", folder.join(table).display());
        assert_eq!(rows(uri), (Some(version), Value::Integer(expected)), "{table}");
    }
}

#[test]
fn a_timestamp_finds_the_version_of_its_time() {
    let Some(folder) = corpora("delta/delta-rs/simple_table_with_checkpoint") else { return };
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&folder, copy.path());
    // A commit's time is that of its file: one an hour.
    let hour =
        |count: u64| std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000 + count * 3600);
    for version in 0..=10 {
        let commit = copy.path().join(format!("_delta_log/{version:020}.json"));
        std::fs::File::options().write(true).open(commit).unwrap().set_modified(hour(version)).unwrap();
    }
    let uri = copy.path().display().to_string();
    let at = |time| Data::Uri { uri: uri.clone(), at: At::Timestamp(chrono::DateTime::from(time)) };
    assert_eq!(rows(at(hour(3))).0, Some(3));
    assert_eq!(rows(at(hour(4) - std::time::Duration::from_secs(1))).0, Some(3));
    assert_eq!(rows(at(hour(99))), (Some(10), Value::Integer(11)));
    let suite = Suite::from_yaml("{suite: rows, table: [row_count: {min: 0}]}").unwrap();
    let before = check(suite, at(hour(0) - std::time::Duration::from_secs(1)), &CheckOptions::default());
    assert_eq!(before.decision(), Decision::Unknown);
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, copy) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            std::fs::write(copy, std::fs::read(path).unwrap()).unwrap();
        }
    }
}
