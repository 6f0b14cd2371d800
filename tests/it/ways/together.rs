//! Suites that are run together on one reading of their data come to what each comes to alone.

use karat::run::{run_suite, run_together};
use karat::source::Trust;
use karat::{CheckOptions, ColumnPath, Data, Suite, SuiteRun};
use polars::prelude::{DataFrame, IntoLazy as _, ParquetWriter};

use super::checks::suite;
use super::rows::rows;
use super::told;
use crate::fuzz::Random;

/// Asserts that two runs of a suite say the same of the data.
fn assert_same(alone: &SuiteRun, together: &SuiteRun, case: u64) {
    assert_eq!(alone.error, together.error, "case {case}");
    assert_eq!(alone.gate, together.gate, "case {case}");
    assert_eq!(alone.outcomes.len(), together.outcomes.len());
    for (check, (alone, together)) in
        alone.suite.checks.iter().zip(alone.outcomes.iter().zip(&together.outcomes))
    {
        assert_eq!(told(alone), told(together), "case {case}, {}", check.id);
    }
}

fn scans(run: &SuiteRun) -> u64 {
    run.execution.as_ref().map_or(0, |(_, execution)| execution.scans)
}

/// Some suites of random checks, each with a key of its own.
fn suites(frame: &DataFrame, random: &mut Random) -> Vec<Suite> {
    let mut suites: Vec<Suite> = (0..2 + random.below(3)).map(|_| suite(frame, random)).collect();
    for suite in &mut suites {
        let key = frame.columns()[random.below(frame.width())].name();
        suite.key = vec![ColumnPath::column(key.as_str())];
    }
    suites
}

#[test]
fn suites_run_together_come_to_what_each_comes_to_alone() {
    let (mut alone_took, mut together_took, mut failed) = (0, 0, 0);
    for case in 0..16 {
        let mut random = Random::new(case);
        let frame = rows(&mut random);
        let columns = frame.columns().iter().take(6).cloned().collect();
        let mut frame = DataFrame::new(frame.height(), columns).unwrap();
        let suites = suites(&frame, &mut random);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
        for trust in [Trust::None, Trust::Footer] {
            let options = CheckOptions { samples: 4, trust, ..CheckOptions::default() };
            for in_memory in [false, true] {
                let data = || {
                    if in_memory {
                        Data::from(frame.clone().lazy())
                    } else {
                        Data::from(path.display().to_string())
                    }
                };
                let together = run_together(&suites.iter().collect::<Vec<_>>(), data(), &options);
                assert_eq!(together.len(), suites.len());
                together_took += together.iter().map(scans).max().unwrap_or(0);
                for (suite, together) in suites.iter().zip(&together) {
                    let alone = run_suite(suite, data(), &options);
                    assert_same(&alone, together, case);
                    assert_eq!((alone.shared_by, together.shared_by), (1, suites.len()));
                    alone_took += scans(&alone);
                    failed += usize::from(!alone.passed());
                }
            }
        }
    }
    assert!(failed > 20, "{failed} suites failed");
    assert!(together_took * 5 < alone_took * 3, "{together_took} scans together, {alone_took} alone");
}

/// A column that one suite calls personal is shown by none.
#[test]
fn what_is_personal_in_one_suite_is_personal_in_all() {
    let parse = |text: &str| Suite::from_yaml(text).unwrap();
    let open = parse("suite: a\ncolumns: {email: [{in_set: [x]}]}\n");
    let masked = parse("suite: b\npii: [email]\ncolumns: {id: [not_null]}\n");
    let misspelt = parse("suite: c\npii: [mail]\ncolumns: {id: [not_null]}\n");
    let frame = polars::df!["id" => [1], "email" => ["jane@example.org"]].unwrap();
    let shown = |suites: &[&Suite]| {
        let runs = run_together(suites, Data::from(frame.clone().lazy()), &CheckOptions::default());
        format!("{runs:?}").contains("jane@example.org")
    };
    assert!(shown(&[&open]));
    assert!(!shown(&[&open, &masked]) && !shown(&[&masked, &open]));
    // A misspelt name is an error of its own suite, and of no other one.
    let runs = run_together(&[&open, &misspelt], Data::from(frame.clone().lazy()), &CheckOptions::default());
    assert!(runs[0].error.is_none() && runs[1].error.is_some());
}
