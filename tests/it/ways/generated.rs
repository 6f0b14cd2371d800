//! Files and logs with statistics as writers write them: whole, cut, in part, marked, contradictory. Every
//! expectation comes to the same, whoever is trusted.

use std::path::Path;
use std::time::{Duration, Instant};

use karat::document::Syntax;
use karat::evaluate::Verdict;
use karat::{CheckOptions, Data, Suite};
use polars::prelude::{DataFrame, ParquetWriter, StatisticsOptions};

use super::check_all_ways;
use super::checks::suite;
use super::footers::rewrite;
use super::logs::{self, File};
use super::rows::rows;
use crate::catalogue::{Example, examples};
use crate::fuzz::Random;

/// What was found so far.
#[derive(Default)]
struct Tally {
    cases: u64,
    /// Checks judged, by each of the three that may be trusted.
    evaluations: u64,
    /// Those of whose rows some were proved.
    proved: u64,
    /// Columns of files of which log, footer and dictionary contradicted each other.
    disputes: u64,
    passed: u64,
    failed: u64,
}

/// Writes rows into files of a few row groups each, and a log if it is to be a table.
pub(crate) fn write(folder: &Path, frame: &DataFrame, is_table: bool, random: &mut Random) {
    let rows_of_file = 1 + random.below(frame.height().max(1) * 2);
    let mut files = Vec::new();
    for start in (0..frame.height().max(1)).step_by(rows_of_file) {
        let name = format!("{:03}.parquet", files.len());
        let mut part = frame.slice(i64::try_from(start).unwrap(), rows_of_file);
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes)
            .with_statistics(StatisticsOptions::full())
            .with_row_group_size(Some(1 + random.below(20)))
            .finish(&mut part)
            .unwrap();
        let told = rewrite(&mut bytes, &part, random);
        std::fs::write(folder.join(&name), bytes).unwrap();
        files.push(File { name, frame: part, told });
    }
    if is_table {
        logs::write(folder, &files, random);
    }
}

/// The columns that a table can have.
pub(crate) fn of_table(frame: &DataFrame) -> DataFrame {
    let columns = frame.columns().iter().filter(|column| logs::type_of(column.dtype()).is_some());
    DataFrame::new(frame.height(), columns.cloned().collect()).unwrap()
}

impl Tally {
    fn judge(&mut self, suite: impl Fn() -> Suite, folder: &Path, options: &CheckOptions, shown: &str) {
        let uri = folder.display().to_string();
        let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            check_all_ways(suite, || Data::from(uri.as_str()), options)
        }));
        let run = judged.unwrap_or_else(|panic| {
            eprintln!("{shown}");
            std::panic::resume_unwind(panic)
        });
        let run = &run.suites[0];
        assert_eq!(run.error, None, "{shown}");
        self.cases += 1;
        for outcome in &run.outcomes {
            self.evaluations += 3;
            self.proved += u64::from(outcome.proved.rows() > 0);
            self.passed += u64::from(outcome.verdict == Verdict::Pass);
            self.failed += u64::from(outcome.verdict == Verdict::Fail);
        }
        let disputes = run.execution.as_ref().map_or(0, |(_, execution)| execution.disputes.len());
        self.disputes += u64::try_from(disputes).unwrap();
    }

    /// Random rows of every type, with random checks.
    fn of_rows(&mut self, case: u64) {
        let mut random = Random::new(case);
        let folder = tempfile::tempdir().unwrap();
        let is_table = random.below(2) == 0;
        let frame = rows(&mut random);
        let frame = if is_table { of_table(&frame) } else { frame };
        write(folder.path(), &frame, is_table, &mut random);
        // Few columns at once, or else nothing would ever be proved wholly.
        let first = random.below(frame.width());
        let columns: Vec<_> = frame.columns().iter().skip(first).take(1 + random.below(5)).cloned().collect();
        let frame = DataFrame::new(frame.height(), columns).unwrap();
        let seed = u64::try_from(random.below(usize::MAX)).unwrap();
        let options = CheckOptions { samples: 4, ..CheckOptions::default() };
        let suite = || suite(&frame, &mut Random::new(seed));
        self.judge(suite, folder.path(), &options, &format!("rows, case {case}"));
    }

    /// The example of an expectation's page.
    fn of_example(&mut self, example: &Example, case: u64) {
        let mut random = Random::new(case);
        let folder = tempfile::tempdir().unwrap();
        let whole = of_table(&example.frame).width() == example.frame.width();
        let is_table = whole && example.frame.width() > 0 && random.below(2) == 0;
        write(folder.path(), &example.frame, is_table, &mut random);
        let options = example.options();
        let suite = || Suite::parse(&example.suite, "page.yml", Syntax::Yaml).unwrap();
        self.judge(suite, folder.path(), &options, &format!("{}, case {case}", example.id));
    }

    fn told(&self) -> String {
        let Self { cases, evaluations, proved, disputes, passed, failed } = self;
        format!(
            "{cases} datasets, {evaluations} evaluations without a difference: {proved} proved at least in part, \
             {passed} passed and {failed} failed by the log, {disputes} columns of files disputed"
        )
    }
}

#[test]
fn statistics_of_all_kinds_change_no_verdict() {
    let mut tally = Tally::default();
    (0..60).for_each(|case| tally.of_rows(case));
    for (case, example) in examples().iter().enumerate() {
        tally.of_example(example, u64::try_from(case).unwrap());
    }
    eprintln!("{}", tally.told());
    // Or else this would show nothing.
    assert!(tally.proved > 150 && tally.disputes > 0, "{}", tally.told());
    assert!(tally.passed > 150 && tally.failed > 150, "{}", tally.told());
}

/// As long as `KARAT_STATISTICS_SECONDS` says, from the case `KARAT_STATISTICS_FROM` on.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let number = |name: &str, or: u64| std::env::var(name).map_or(or, |text| text.parse().unwrap());
    let until = Instant::now() + Duration::from_secs(number("KARAT_STATISTICS_SECONDS", 60));
    let examples = examples();
    let mut tally = Tally::default();
    let mut case = number("KARAT_STATISTICS_FROM", 1_000);
    while Instant::now() < until {
        tally.of_rows(case);
        let example = usize::try_from(case).unwrap() % examples.len();
        tally.of_example(&examples[example], case);
        case += 1;
    }
    eprintln!("{}, up to case {case}", tally.told());
}
