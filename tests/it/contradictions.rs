//! Logs that say what their files do not hold: an error that names the file, or a file that is read; never a
//! report that says two things.

use std::path::Path;

use crate::support::{judge_trusting, only};
use karat::evaluate::{Evidence, Verdict};
use karat::source::{At, Dispute, Trust};
use karat::{Data, Run};
use polars::prelude::{DataFrame, ParquetWriter, StatisticsOptions, df};
use serde_json::{Value as Json, json};

/// A data file, with its statistics or without, and what a log says of it.
struct File {
    frame: DataFrame,
    told: bool,
    stats: Json,
    size: Option<u64>,
}

impl File {
    fn new(values: [i64; 3], stats: Json) -> Self {
        Self { frame: df!("a" => values, "b" => values).unwrap(), told: true, stats, size: None }
    }

    /// What a log says of values between two, with so many nulls.
    fn between(least: i64, greatest: i64, nulls: u64) -> Json {
        let of = |value: Json| json!({"a": value, "b": value});
        json!({
            "numRecords": 3, "minValues": of(least.into()), "maxValues": of(greatest.into()),
            "nullCount": of(nulls.into()),
        })
    }
}

/// Writes a table of a file for each version.
fn table(folder: &Path, files: Vec<File>) -> String {
    let log = folder.join("_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    let field = |name: &str| json!({"name": name, "type": "long", "nullable": true, "metadata": {}});
    let schema = json!({"type": "struct", "fields": [field("a"), field("b")]});
    for (version, mut file) in files.into_iter().enumerate() {
        let mut actions = Vec::new();
        if version == 0 {
            actions.push(json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}));
            actions.push(json!({"metaData": {
                "id": "1", "format": {"provider": "parquet", "options": {}}, "configuration": {},
                "schemaString": schema.to_string(), "partitionColumns": [],
            }}));
        }
        let name = format!("{version}.parquet");
        let statistics = if file.told { StatisticsOptions::full() } else { StatisticsOptions::empty() };
        let written = std::fs::File::create(folder.join(&name)).unwrap();
        ParquetWriter::new(written).with_statistics(statistics).finish(&mut file.frame).unwrap();
        let size = std::fs::metadata(folder.join(&name)).unwrap().len();
        actions.push(json!({"add": {
            "path": name, "partitionValues": {}, "size": file.size.unwrap_or(size), "modificationTime": 0,
            "dataChange": true, "stats": file.stats.to_string(),
        }}));
        let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
        std::fs::write(log.join(format!("{version:020}.json")), lines.join("\n")).unwrap();
    }
    folder.display().to_string()
}

const BOUNDS: &str = "{suite: bounds, columns: {a: [{max: {max: 10}}, {between: {max: 10}}, not_null]}}";

#[test]
fn sizes_and_counts_that_differ_are_told_with_both() {
    let folder = tempfile::tempdir().unwrap();
    let honest = || File::new([1, 2, 3], File::between(1, 3, 0));
    let mut rows = honest();
    rows.stats["numRecords"] = 7.into();
    for (name, wrong, words) in [
        ("size", File { size: Some(787), ..honest() }, "bytes, and the table's log says 787"),
        ("rows", rows, "has 3 rows by its footer, and the table's log says 7"),
    ] {
        let uri = table(&folder.path().join(name), vec![honest(), wrong]);
        let changes = Data::Uri { uri: uri.clone(), at: At::Changes { from: 1, to: None } };
        let runs = Trust::ALL.map(|trust| judge_trusting(trust, BOUNDS, uri.as_str())).into_iter();
        let changed = (name == "size").then(|| judge_trusting(Trust::Log, BOUNDS, changes));
        for run in runs.chain(changed) {
            let error = run.suites[0].error.clone().unwrap();
            assert!(error.contains("1.parquet") && error.contains(words), "{error}");
        }
        // The version before has nothing of it.
        assert!(judge_trusting(Trust::Log, BOUNDS, format!("{uri}@v0")).passed());
    }
}

/// The verdict of all checks but that of nulls, which must be one truth; and the columns of files in dispute.
fn one_truth(run: &Run) -> (Verdict, Vec<String>) {
    let run = &run.suites[0];
    assert_eq!(run.error, None);
    let judged = run.suite.checks.iter().zip(&run.outcomes).filter(|(check, _)| check.id != "a.not_null");
    let mut verdicts: Vec<Verdict> = judged.map(|(_, outcome)| outcome.verdict).collect();
    verdicts.dedup();
    let [verdict] = verdicts[..] else { panic!("{:?}", run.outcomes) };
    let disputes = run.execution.iter().flat_map(|(_, execution)| &execution.disputes);
    let file = |of: &Dispute| run.suite.privacy().text(&of.file);
    (verdict, disputes.map(|of| format!("{} {}: {}", file(of), of.column, of.what)).collect())
}

#[test]
fn a_log_that_its_footers_contradict_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let lies = [
        ("greatest", File::between(1, 9, 0), "a: the bounds of its log do not hold those of its footer"),
        ("nulls", File::between(1, 666, 2), "a: its log counts 2 nulls, its footer 0"),
        ("apart", File::between(-9, -1, 0), "a: the bounds of its log do not hold those of its footer"),
    ];
    for (name, stats, words) in lies {
        let uri = table(&folder.path().join(name), vec![File::new([1, 666, 3], stats)]);
        for trust in [Trust::Log, Trust::Footer] {
            let run = judge_trusting(trust, BOUNDS, uri.as_str());
            let (verdict, disputes) = one_truth(&run);
            assert_eq!(verdict, Verdict::Fail, "{name}");
            assert_eq!(disputes, [format!("0.parquet {words}")], "{name}");
            let text = karat::report::json(&karat::report::Report::from(&run));
            assert!(text.contains("\"disputes\""), "{text}");
        }
        assert_eq!(
            one_truth(&judge_trusting(Trust::None, BOUNDS, uri.as_str())),
            (Verdict::Fail, Vec::new())
        );
    }
}

/// A footer that says nothing confirms nothing: where a column is read, it is read for all checks.
#[test]
fn what_only_a_log_says_counts_where_nothing_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let lie = File { told: false, ..File::new([1, 666, 3], File::between(1, 9, 0)) };
    let uri = table(folder.path(), vec![lie]);
    // A greatest value that a log tells may be one that no row has, so that it is read.
    assert_eq!(one_truth(&judge_trusting(Trust::Log, BOUNDS, uri.as_str())), (Verdict::Fail, Vec::new()));
    let believed = judge_trusting(Trust::Log, "{suite: s, columns: {a: [between: {max: 10}]}}", uri.as_str());
    assert!(believed.passed() && only(&believed).read == Evidence::Statistics);
    // Of a column that a check on another one reads beside it, too.
    let both = "{suite: s, columns: {a: [between: {max: 10}]}, table: [{rows: a % 2 = 1}]}";
    let both = judge_trusting(Trust::Log, both, uri.as_str());
    assert_eq!(one_truth(&both).0, Verdict::Fail);
    // Failing rows are looked for, and then the log would say of others what they show.
    let failing = "{suite: s, columns: {a: [null, between: {max: 10}]}}";
    assert_eq!(one_truth(&judge_trusting(Trust::Log, failing, uri.as_str())).0, Verdict::Fail);
    let other = "{suite: s, columns: {a: [between: {max: 10}], b: [mean: {min: 0}]}}";
    assert!(judge_trusting(Trust::Log, other, uri.as_str()).passed());
}
