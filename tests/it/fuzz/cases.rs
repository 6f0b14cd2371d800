//! Cases: what karat is given, changed. Every kind of input takes its turn.

mod data;
mod texts;

use std::path::{Path, PathBuf};

use karat::Run;
use karat::report::{
    COMMENT, Checkout, Report, TextOptions, ValidationOptions, azure, github, gitlab, html, json, junit,
    markdown, sarif, text, validation_results,
};

pub(crate) use data::suite;

use super::mutate::Random;

/// What is changed in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A Parquet file.
    Parquet,
    /// A file of a Delta table's log.
    Log,
    /// A data file or a deletion vector of a Delta table.
    Table,
    Arrow,
    Csv,
    Ndjson,
    /// The `karat.yml` of a project.
    Project,
    /// A definition of a project's own expectation.
    Definition,
    /// A suite in YAML or JSON, karat's or Great Expectations'.
    Suite,
}

impl Input {
    pub const ALL: [Self; 9] = [
        Self::Parquet,
        Self::Log,
        Self::Csv,
        Self::Ndjson,
        Self::Project,
        Self::Definition,
        Self::Suite,
        Self::Table,
        Self::Arrow,
    ];

    /// Whose turn it is.
    pub fn of(case: u64) -> Self {
        Self::ALL[usize::try_from(case % Self::ALL.len() as u64).unwrap()]
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet files",
            Self::Log => "Delta logs",
            Self::Table => "files of Delta tables",
            Self::Arrow => "Arrow files",
            Self::Csv => "CSV",
            Self::Ndjson => "NDJSON",
            Self::Project => "karat.yml",
            Self::Definition => "definitions",
            Self::Suite => "suites",
        }
    }
}

/// Runs a case.
pub fn run(case: u64, folder: &Path) {
    let (input, mut random) = (Input::of(case), Random::new(case));
    match input {
        Input::Project | Input::Definition | Input::Suite => {
            texts::try_out(input, texts::make(input, folder, &mut random));
        }
        _ => data::try_out(&data::make(input, folder, &mut random)),
    }
}

/// Keeps a case, to be looked at; its name.
pub fn keep(case: u64, findings: &Path) -> String {
    let folder = findings.join(case.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let (input, mut random) = (Input::of(case), Random::new(case));
    let path: PathBuf = match input {
        Input::Project | Input::Definition | Input::Suite => texts::make(input, &folder, &mut random).path,
        _ => {
            let made = data::make(input, &folder, &mut random);
            std::fs::write(folder.join("suite.json"), made.suite).unwrap();
            made.path
        }
    };
    path.file_name().unwrap().display().to_string()
}

/// Every check has its outcome, and every output can be written.
fn look_at(run: &Run) {
    assert_eq!(run.suites[0].outcomes.len(), run.suites[0].suite.checks.len());
    let report = Report::from(run);
    serde_json::from_str::<serde_json::Value>(&json(&report)).unwrap();
    html(&report).unwrap();
    let checkout = Checkout::default();
    for document in [sarif(&report, &checkout), gitlab(&report, &checkout)] {
        serde_json::from_str::<serde_json::Value>(&document).unwrap();
    }
    assert!(junit(&report).ends_with("</testsuites>\n"));
    assert!(markdown(&report, &checkout, COMMENT).len() <= COMMENT);
    let _ = (github(&report, &checkout), azure(&report, &checkout));
    for width in [None, Some(20)] {
        let _ = text(run, TextOptions { width, passed: true, samples: true });
    }
    serde_json::from_str::<serde_json::Value>(&validation_results(run, &ValidationOptions::default()))
        .unwrap();
}
