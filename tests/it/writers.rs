//! Writers at work while data is judged.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use karat::data::Value;
use karat::engine::polars::{Snapshot, open};
use karat::engine::{Control, Engine, EngineError, Measurements, PolarsEngine};
use karat::privacy::Privacy;
use karat::source::{At, StorageOptions, Trust};
use karat::{CheckOptions, Suite, check};
use polars::prelude::{DataFrame, ParquetWriter, df};

use crate::scans::plan_of;

const PROTOCOL: &str = r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#;
const METADATA: &str = r#"{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"version\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"configuration":{}}}"#;

/// Each version replaces the file of the one before by one of more rows, all of which say its number.
fn commit(table: &Path, version: i64) {
    let log = table.join("_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    let name = |version| format!("{version}.parquet");
    let mut rows: DataFrame = df!("version" => vec![version; rows_of(version)]).unwrap();
    let file = std::fs::File::create(table.join(name(version))).unwrap();
    ParquetWriter::new(file).finish(&mut rows).unwrap();
    let size = std::fs::metadata(table.join(name(version))).unwrap().len();
    let add = format!(
        r#"{{"add":{{"path":"{}","partitionValues":{{}},"size":{size},"modificationTime":0,"dataChange":true}}}}"#,
        name(version)
    );
    let mut actions = if version == 0 { vec![PROTOCOL.to_owned(), METADATA.to_owned()] } else { Vec::new() };
    if version > 0 {
        actions.push(format!(
            r#"{{"remove":{{"path":"{}","deletionTimestamp":0,"dataChange":true}}}}"#,
            name(version - 1)
        ));
    }
    actions.push(add);
    // A commit appears whole.
    let written = log.join("next");
    std::fs::write(&written, actions.join("\n")).unwrap();
    std::fs::rename(written, log.join(format!("{version:020}.json"))).unwrap();
}

fn rows_of(version: i64) -> usize {
    100 + usize::try_from(version).unwrap() * 10
}

/// Removes the file of a version, as a vacuum without mercy does.
fn vacuum(table: &Path, version: i64) {
    if version >= 0 {
        std::fs::remove_file(table.join(format!("{version}.parquet"))).unwrap();
    }
}

const SUITE: &str = "
suite: writers
columns:
  version: [not_null, {min: {min: 0}}, {max: {min: 0}}, {between: {max: -1}}]
table: [{row_count: {min: 0}}]
";

#[test]
fn a_run_speaks_of_one_version_or_says_that_its_files_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path();
    commit(table, 0);
    let (done, mut judged) = (AtomicBool::new(false), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for version in 1..120 {
                commit(table, version);
                vacuum(table, version - 2);
            }
            done.store(true, Ordering::Relaxed);
        });
        while !done.load(Ordering::Relaxed) || judged == 0 {
            let suite = Suite::from_yaml(SUITE).unwrap();
            let run = check(
                &suite,
                table.display().to_string(),
                &CheckOptions { trust: Trust::None, ..CheckOptions::default() },
            );
            let run = &run.suites[0];
            if let Some(error) = &run.error {
                assert!(error.contains(".parquet") && error.contains("removed"), "{error}");
                continue;
            }
            let version = i64::try_from(run.snapshot.as_ref().unwrap().version.unwrap()).unwrap();
            let observed = |id: &str| run.outcome(id).unwrap().observed.clone();
            let rows = Value::Integer(i128::try_from(rows_of(version)).unwrap());
            assert_eq!(observed("row_count"), rows, "version {version}");
            for id in ["version.min", "version.max"] {
                assert_eq!(observed(id), Value::Integer(version.into()));
            }
            judged += 1;
        }
    });
}

fn measure(snapshot: &Snapshot) -> Result<Measurements, EngineError> {
    let plan = plan_of(SUITE, snapshot);
    let control = Control { trust: Trust::None, ..Control::default() };
    PolarsEngine::default().measure(&plan, snapshot, &BTreeMap::new(), control)
}

/// An error in full, as of data without personal columns.
fn shown(error: &EngineError) -> String {
    Privacy::of(&[]).text(&error.untrusted()).to_string()
}

#[test]
fn a_file_that_goes_or_changes_under_a_run_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let uri = folder.path().display().to_string();
    commit(folder.path(), 0);
    let opened = || open(&uri, At::Latest, &StorageOptions::default()).unwrap();
    assert!(measure(&opened()).is_ok());

    let snapshot = opened();
    let data = folder.path().join("0.parquet");
    let bytes = std::fs::read(&data).unwrap();
    std::fs::write(&data, &bytes).unwrap();
    let later = std::time::SystemTime::now() + std::time::Duration::from_mins(1);
    std::fs::File::options().write(true).open(&data).unwrap().set_modified(later).unwrap();
    let error = shown(&measure(&snapshot).unwrap_err());
    assert!(error.contains("0.parquet was rewritten while it was being judged"), "{error}");

    let snapshot = opened();
    vacuum(folder.path(), 0);
    let error = shown(&measure(&snapshot).unwrap_err());
    assert!(
        error.contains("0.parquet was removed, perhaps by a vacuum, while it was being judged"),
        "{error}"
    );
}
