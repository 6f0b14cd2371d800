//! Delta tables of many writers, and what independent readers found in them.

use std::path::Path;

use karat::data::Value;
use karat::document::Syntax;
use karat::evaluate::{Outcome, Verdict};
use karat::gate::Decision;
use karat::source::At;
use karat::{CheckOptions, Data, Run, Suite, check};
use serde_json::{Value as Json, json};

use super::{corpora, json as read_json, same};

/// The tables that karat refuses, and a part of the reason. The list may only shrink.
const REFUSED: &[(&str, &str)] = &[
    ("delta-rs/checkpoint_with_partitions", "No such file"),
    ("delta-rs/checkpoints", "No such file"),
    ("delta-rs/checkpoints_vacuumed", "No such file"),
    ("delta-rs/data_err_logs/table_a", "No such file"),
    ("delta-rs/data_err_logs/table_b", "No such file"),
    ("delta-rs/data_err_logs/table_c", "Expected contiguous commit files, but found gap"),
    ("delta-rs/data_err_logs/table_d", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_e", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_f", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_g", "No such file"),
    ("delta-rs/data_err_logs/table_h", "reader feature catalogOwned"),
    ("delta-rs/data_err_logs/table_i", "reader feature catalogOwned"),
    ("delta-rs/latest_not_checkpointed", "No such file"),
    (
        "delta-rs/simple_table_features",
        "Reader features must not be present when minimum reader version != 3",
    ),
    ("delta-rs/spark-variant-stable-feature-checkpoint", "No such file"),
    ("delta-rs/table-with-domain-metadata", "No such file"),
    ("delta-rs/with_checkpoint_no_last_checkpoint", "No such file"),
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

/// A suite that measures all that the answers tell of a table.
fn probe(answer: &Json) -> Suite {
    let mut columns = serde_json::Map::new();
    for (name, stats) in answer["stats"].as_object().into_iter().flatten() {
        let path = format!("`{}`", name.replace('`', "``"));
        let kind = stats["type"].as_str().unwrap();
        let (least, nested) = match kind {
            "string" => (json!("x"), false),
            "date32[day]" | "timestamp[us, tz=UTC]" => (json!("2020-01-01"), false),
            _ => (json!(0), kind.contains('<')),
        };
        let bound = || json!({"min": least});
        let mut checks = vec![json!({"not_null": null, "id": format!("{name} nulls")})];
        if !nested {
            checks.push(json!({"distinct_count": {"min": 0}, "id": format!("{name} distinct")}));
        }
        for statistic in ["sum", "min", "max"] {
            if stats.get(statistic).is_some() {
                checks.push(json!({statistic: bound(), "id": format!("{name} {statistic}")}));
            }
        }
        columns.insert(path, Json::Array(checks));
    }
    let mut suite = json!({"suite": "corpora/delta", "table": [{"row_count": {"min": 0}, "id": "rows"}]});
    if !columns.is_empty() {
        suite["columns"] = Json::Object(columns);
    }
    Suite::parse(&suite.to_string(), "probe.json", Syntax::Json).unwrap()
}

/// What is wrong with a refusal: nothing may be judged, and the reason must be the known one.
fn not_refused(run: &Run, reason: &str) -> Option<String> {
    if run.decision() != Decision::Unknown {
        return Some(format!("listed as refused, but the gate says {:?}", run.decision()));
    }
    let judged = run.suites[0].outcomes.iter().find(|outcome| outcome.verdict != Verdict::Error);
    if let Some(judged) = judged {
        return Some(format!("listed as refused, but a verdict is {}", judged.verdict.name()));
    }
    let other = reasons(run).into_iter().find(|found| !found.contains(reason))?;
    Some(format!("refused because {other:?}, and not {reason:?}"))
}

fn reasons(run: &Run) -> Vec<String> {
    let mut reasons: Vec<String> =
        run.suites[0].outcomes.iter().filter_map(|outcome| outcome.reason.clone()).collect();
    reasons.dedup();
    reasons
}

/// What differs from the answers.
fn difference(answer: &Json, run: &Run) -> Option<String> {
    let run = &run.suites[0];
    if let Some(error) = &run.error {
        return Some(error.clone());
    }
    let version = run.snapshot.as_ref()?.version;
    if answer["version"].as_u64() != version {
        return Some(format!("version {version:?}, theirs {}", answer["version"]));
    }
    let mut wrong = Vec::new();
    let rows = run.outcome("rows").unwrap();
    if rows.observed.as_count() != answer["rows"].as_u64() {
        wrong.push(format!("rows {} ({:?}), theirs {}", rows.observed, rows.reason, answer["rows"]));
    }
    for (column, stats) in answer["stats"].as_object().into_iter().flatten() {
        for statistic in ["nulls", "distinct", "sum", "min", "max"] {
            let Some(outcome) = run.outcome(&format!("{column} {statistic}")) else { continue };
            let found = statistic_differs(statistic, outcome, &stats[statistic]);
            wrong.extend(found.map(|found| format!("{column} {statistic}: {found}")));
        }
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

fn statistic_differs(statistic: &str, outcome: &Outcome, theirs: &Json) -> Option<String> {
    if outcome.verdict == Verdict::Error {
        return Some(format!("error: {:?}", outcome.reason));
    }
    let ours = match outcome.counts {
        Some(counts) => Value::Integer(i128::from(counts.failing)),
        None => outcome.observed.clone(),
    };
    let equal = match (&ours, statistic) {
        // Sums of whole numbers and decimals are exact, to the last of their digits.
        (Value::Integer(_) | Value::Decimal(_), "sum") => theirs.as_str() == Some(ours.to_string().as_str()),
        // The answers leave out that the instants are in UTC.
        (Value::Timestamp { .. }, _) => {
            theirs.as_str().map(|text| format!("{text}Z")) == Some(ours.to_string())
        }
        _ => same(&ours, theirs),
    };
    (!equal).then(|| format!("{ours}, theirs {theirs}"))
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
