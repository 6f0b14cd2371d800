//! The rows that a split puts aside are exactly those that a loop over all rows finds: for the examples of all expectations
//! and for random tables of every type, in files, in tables and in memory.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::array::AsArray as _;
use arrow::datatypes::UInt64Type;
use karat::document::Syntax;
use karat::engine::{PolarsEngine, RowRequest};
use karat::evaluate::Verdict;
use karat::privacy::Privacy;
use karat::run::{FailingRows, run_finding_rows};
use karat::{CheckOptions, Data, Suite};
use polars::prelude::{DataFrame, NamedFrom as _, Series};

use crate::catalogue::{Example, examples};
use crate::fuzz::Random;
use crate::naive::Naive;
use crate::ways::checks::suite;
use crate::ways::generated::{of_table, write};
use crate::ways::rows::rows;

/// The column that tells rows apart, however they are stored.
pub(super) const ID: &str = "which row";

/// What was compared so far.
#[derive(Default)]
struct Tally {
    checks: u64,
    failing: u64,
    naive: u64,
}

pub(super) fn with_ids(frame: &DataFrame) -> DataFrame {
    let mut frame = frame.clone();
    let ids: Vec<i64> = (0..i64::try_from(frame.height()).unwrap()).collect();
    frame.with_column(Series::new(ID.into(), ids).into()).unwrap();
    frame
}

/// Returns the ids of rows with these numbers, as they are read.
pub(super) fn ids(
    found: &FailingRows,
    rows: &roaring::RoaringTreemap,
    options: &CheckOptions,
) -> BTreeSet<u64> {
    let columns = [ID.to_owned()];
    let request = RowRequest { columns: &columns, rows: Some(rows), privacy: &Privacy::default() };
    let (mut ids, mut read) = (BTreeSet::new(), 0);
    let take = &mut |batch: karat::engine::RowBatch| {
        assert!(batch.numbers.is_sorted_by(|left, right| left < right));
        assert!(batch.numbers.iter().all(|number| rows.contains(*number)));
        read += batch.numbers.len() as u64;
        let column =
            arrow::compute::cast(batch.values.column(0), &arrow::datatypes::DataType::UInt64).unwrap();
        ids.extend(column.as_primitive::<UInt64Type>().values());
        ControlFlow::Continue(())
    };
    found.read(request, options, take).unwrap();
    assert_eq!(read, rows.len(), "a row was read twice, or not at all");
    ids
}

impl Tally {
    /// Compares the failing rows of data, which holds the rows of the frame, with those of a loop over the frame.
    fn compare(
        &mut self,
        suite: &Suite,
        data: Data,
        frame: &DataFrame,
        naive: bool,
        options: &CheckOptions,
        shown: &str,
    ) {
        let polars =
            CheckOptions { engine: Arc::new(PolarsEngine::default()), samples: 3, ..options.clone() };
        let (run, found) = run_finding_rows(suite, data, &polars);
        assert_eq!(run.error, None, "{shown}");
        let by_loop = naive.then(|| {
            let options = CheckOptions { engine: Arc::new(Naive), ..polars.clone() };
            run_finding_rows(suite, frame.clone().into(), &options)
        });
        let by_loop = by_loop.as_ref().map(|(run, found)| {
            assert_eq!(run.error, None, "{shown}");
            found
        });
        if run.outcomes.iter().any(|outcome| outcome.verdict == Verdict::Error) {
            return;
        }
        for (check, rows) in found.by_check(&run).unwrap_or_else(|error| panic!("{shown}: {error}")) {
            self.checks += 1;
            self.failing += u64::from(!rows.is_empty());
            let outcome = run.outcome(&check.id).unwrap();
            // What is shown of them is some of them.
            for sample in &outcome.samples.rows {
                assert!(rows.contains(sample.position.unwrap()), "{shown}: {}", check.id);
            }
            let ids = ids(&found, rows, &polars);
            assert_eq!(ids.len() as u64, outcome.counts.unwrap().failing, "{shown}: {}", check.id);
            if let Some(by_loop) = by_loop {
                self.naive += 1;
                let place = run.suite.checks.iter().position(|other| other.id == check.id).unwrap();
                let expected: BTreeSet<u64> = by_loop.of_checks[place].iter().collect();
                assert_eq!(ids, expected, "{shown}: {}", check.id);
            }
        }
    }

    fn of_example(&mut self, example: &Example, case: u64) {
        let suite = Suite::parse(&example.suite, "page.yml", Syntax::Yaml).unwrap();
        let options = example.options();
        let frame = with_ids(&example.frame);
        let folder = tempfile::tempdir().unwrap();
        let mut random = Random::new(case);
        let is_table = of_table(&frame).width() == frame.width() && random.below(2) == 0;
        write(folder.path(), &frame, is_table, &mut random);
        let shown = format!("{}, case {case}", example.id);
        self.compare(&suite, folder.path().display().to_string().into(), &frame, true, &options, &shown);
        self.compare(&suite, frame.clone().into(), &frame, true, &options, &format!("{shown} in memory"));
    }

    fn of_rows(&mut self, case: u64) {
        let mut random = Random::new(case);
        let folder = tempfile::tempdir().unwrap();
        let is_table = random.below(2) == 0;
        let frame = rows(&mut random);
        let mut frame = if is_table { of_table(&frame) } else { frame };
        // The loop does not order bytes and times of the day.
        let naive = random.below(4) > 0;
        if naive {
            frame = frame.drop_many(["bytes", "hour"]);
        }
        let suite = suite(&frame, &mut random);
        let frame = with_ids(&frame);
        write(folder.path(), &frame, is_table, &mut random);
        let shown = format!("rows, case {case}");
        // Little memory makes other ways of finding duplicates.
        let memory = if random.below(3) == 0 { Some(1 << 20) } else { None };
        let options = CheckOptions { memory, ..CheckOptions::default() };
        self.compare(&suite, folder.path().display().to_string().into(), &frame, naive, &options, &shown);
    }
}

#[test]
fn failing_rows_are_those_that_a_loop_finds() {
    let mut tally = Tally::default();
    for (case, example) in examples().iter().enumerate() {
        tally.of_example(example, case as u64);
    }
    (0..80).for_each(|case| tally.of_rows(case));
    let Tally { checks, failing, naive } = tally;
    eprintln!("{checks} checks, of which {failing} have failing rows; {naive} compared with a loop");
    // Or else this would show nothing.
    assert!(checks > 1_000 && failing > 500 && naive > 800);
}
