//! Delta tables of many writers, and what independent readers found in them.

use std::path::Path;

use karat::data::Value;
use karat::evaluate::Verdict;
use karat::gate::Decision;
use karat::source::At;
use karat::{CheckOptions, Data, Suite, check};

use super::{corpora, json as read_json};
use crate::delta_answers::{difference, not_refused, probe, reasons};
use crate::support::only;

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
];

/// Tables of variants that the reader of the answers could not read, and their rows.
const VARIANTS: &[(&str, u64)] = &[
    ("delta-spark/variant-stats-nested-no-checkpoint", 10),
    ("delta-spark/variant-stats-no-checkpoint", 10),
    ("delta-spark/variant-stats-state-reconstruction", 1),
    ("delta-spark/variant-stats-with-struct-no-checkpoint", 10),
];

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn every_table_is_read_right_or_refused() {
    let folder = corpora("delta");
    let answers = read_json(folder.join("answers.json"));
    let mut wrong = Vec::new();
    for (table, answer) in answers.as_object().unwrap() {
        let run = check(&probe(answer), folder.join(table).display().to_string(), &CheckOptions::default());
        let refusal = REFUSED.iter().find(|(name, _)| name == table);
        let variants = VARIANTS.iter().find(|(name, _)| name == table);
        let found = match refusal {
            None if let Some((_, expected)) = variants => {
                let observed = run.suites[0].outcome("rows").unwrap().observed.clone();
                (observed.as_count() != Some(*expected)).then(|| format!("{observed}: {:?}", reasons(&run)))
            }
            Some((_, reason)) => not_refused(&run, reason),
            None if answer["readable"] == true => difference(answer, &run),
            None => Some(format!("read, and must not be: {:?}", reasons(&run))),
        };
        wrong.extend(found.map(|found| format!("{table}: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Of a variant, it is told whether it is there; all else is an error, never a verdict.
#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn variants_are_not_judged() {
    let folder = corpora("delta/delta-spark/variant-stats-no-checkpoint");
    let suite = "
suite: variants
columns:
  v: [not_null, unique, {between: {min: 0}}, {min: {min: 0}}, {distinct_count: {min: 0}}, {type: boolean}]
  nv.v: [not_null, {in_set: [true]}]
table:
  - rows: v
  - {rows: nv.v, id: nested}
  - {unexpected_rows: 'select * from {batch} where not v', id: sql}
";
    let suite = Suite::from_yaml(suite).unwrap();
    let run = check(&suite, folder.display().to_string(), &CheckOptions::default());
    for (check, outcome) in run.suites[0].suite.checks.iter().zip(&run.suites[0].outcomes) {
        let expected = match check.id.as_str() {
            "v.not_null" | "nv.v.not_null" => Verdict::Pass,
            "v.type" => Verdict::Fail,
            _ => Verdict::Error,
        };
        assert_eq!(outcome.verdict, expected, "{}: {:?}", check.id, outcome.reason);
    }
}

fn rows(data: impl Into<Data>) -> (Option<u64>, Value) {
    let suite = Suite::from_yaml("{suite: rows, table: [row_count: {min: 0}]}").unwrap();
    let run = check(&suite, data, &CheckOptions::default());
    assert_eq!(run.suites[0].error, None);
    (run.suites[0].snapshot.as_ref().unwrap().version, Value::clone(&only(&run).observed))
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn versions_are_read_as_they_were() {
    let folder = corpora("delta");
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
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_timestamp_finds_the_version_of_its_time() {
    let folder = corpora("delta/delta-rs/simple_table_with_checkpoint");
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
    let before = check(&suite, at(hour(0) - std::time::Duration::from_secs(1)), &CheckOptions::default());
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
