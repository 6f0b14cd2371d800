//! CSV and NDJSON: every row is judged as what it is, or its line is told.

mod csv;
mod doubts;
mod exact;
mod malformed;
mod ndjson;
mod places;
mod round_trip;

use std::path::Path;

use crate::support::judge;
use karat::Run;
use karat::data::Dialect;
use karat::engine::polars::{Snapshot, open, open_as};
use karat::evaluate::Verdict;
use karat::source::{At, StorageOptions};

/// A file in a folder of its own.
struct Text {
    folder: tempfile::TempDir,
    name: &'static str,
}

impl Text {
    fn new(name: &'static str, bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join(name), bytes);
        Self { folder, name }
    }

    fn uri(&self) -> String {
        self.folder.path().join(self.name).display().to_string()
    }

    fn open(&self) -> Result<Snapshot, String> {
        open(&self.uri(), At::Latest, &StorageOptions::default()).map_err(|error| error.to_string())
    }

    /// Its columns with their types.
    fn schema(&self) -> String {
        schema(&self.open().unwrap())
    }

    /// Its columns, read as a suite says.
    fn schema_as(&self, dialect: &Dialect) -> String {
        let opened = open_as(&self.uri(), At::Latest, &StorageOptions::default(), dialect);
        schema(&opened.unwrap_or_else(|error| panic!("{error}")))
    }

    /// Why it is refused, without its folder.
    fn refusal(&self) -> String {
        let refusal = self.open().expect_err("it is read");
        refusal.replace(&format!("{}/", self.folder.path().display()), "")
    }

    fn run(&self, suite: &str) -> Run {
        judge(suite, self.uri())
    }
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn schema(snapshot: &Snapshot) -> String {
    let columns = snapshot.schema.fields.iter().map(|field| format!("{} {}", field.name, field.data_type));
    columns.collect::<Vec<_>>().join(", ")
}

/// What the checks came to, in order.
fn verdicts(run: &Run) -> Vec<String> {
    let checks = run.suites[0].suite.checks.iter().zip(&run.suites[0].outcomes);
    checks
        .map(|(check, outcome)| {
            let counts = outcome.counts.map(|counts| format!(" {}/{}", counts.failing, counts.considered));
            format!("{} {}{}", check.id, outcome.verdict.name(), counts.unwrap_or_default())
        })
        .collect()
}

/// Every check is an error, for one reason.
fn reason(run: &Run) -> String {
    let outcomes = &run.suites[0].outcomes;
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Error), "{:?}", verdicts(run));
    let reasons = outcomes.iter().filter_map(|outcome| outcome.reason.as_ref());
    let mut reasons: Vec<String> = reasons.map(ToString::to_string).collect();
    reasons.dedup();
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    reasons.remove(0)
}
