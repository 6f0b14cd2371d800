//! Divides rows by a suite: into two parts in memory, or written to two places, or with one of them deleted where it is.

use karat::report::GateReport;
use karat::split::{Destinations, InPlace, Parts, SplitError, remaining, split_in_place};
use karat::{At, Data, Destination, Mode, SplitOptions, WriteOptions};
use pyo3::prelude::*;

use crate::data::Held;
use crate::judging::{Asked, Failed, Ready};
use crate::rows::Rows;
use crate::run::Run;

/// Of a gate the verdict, the policy and the reason.
type Gate = (String, String, String);

/// Where Python wants the parts of a split.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Places {
    valid: String,
    quarantine: String,
    overwrite: bool,
    evolve: bool,
    since_last: bool,
}

impl Places {
    fn destinations(self, ready: &Ready) -> Destinations {
        let destination = |uri| Destination::new(uri, ready.options.storage.clone());
        let mode = if self.overwrite { Mode::Overwrite } else { Mode::Append };
        Destinations {
            valid: destination(self.valid),
            quarantine: destination(self.quarantine),
            options: WriteOptions { mode, evolve: self.evolve, ..WriteOptions::default() },
        }
    }
}

impl Ready {
    fn split_options(&self, warnings: bool) -> SplitOptions {
        SplitOptions { check: self.options.clone(), warnings }
    }

    /// Judges the data, and tells its valid rows from the others.
    fn divided(&self, warnings: bool) -> Result<karat::Split, Failed> {
        Ok(karat::split(&self.suite, self.data.data(), &self.split_options(warnings))?)
    }

    /// Divides all rows.
    fn divide(self, warnings: bool) -> Result<(Rows, Rows, Run), Failed> {
        let split = self.divided(warnings)?;
        let Parts { valid, quarantine } = split.collect()?;
        let valid = Rows { schema: split.valid_schema()?, batches: valid };
        let quarantine = Rows { schema: split.quarantine_schema()?, batches: quarantine };
        Ok((valid, quarantine, self.kept(split.run)?))
    }

    /// Divides the rows, and writes both parts: of all rows, or of each range of versions that was not divided yet.
    fn write(self, warnings: bool, to: Places) -> Result<Vec<Run>, Failed> {
        let since_last = to.since_last;
        let to = to.destinations(&self);
        let versions = match &self.data {
            Held::Uri { uri, .. } if since_last => {
                remaining(&self.suite, uri, &to, &self.split_options(warnings))?
            }
            Held::Uri { at, .. } => vec![*at],
            Held::Frame(_) if since_last => {
                let reason = "rows in memory have no versions, and nothing tells which ones are new";
                return Err(SplitError::Places(reason.to_owned()).into());
            }
            Held::Frame(_) => vec![At::Latest],
        };
        versions.into_iter().map(|at| self.of(at).write_one(warnings, &to)).collect()
    }

    /// Returns the same data at this version, if it has any.
    fn of(&self, at: At) -> Self {
        let data = match &self.data {
            Held::Uri { uri, .. } => Held::Uri { uri: uri.clone(), at },
            frame @ Held::Frame(_) => frame.clone(),
        };
        Self { data, ..self.clone() }
    }

    fn write_one(self, warnings: bool, to: &Destinations) -> Result<Run, Failed> {
        let mut split = self.divided(warnings)?;
        let written = split.write(to);
        self.told(split, written.map(|_| ()))
    }

    /// Puts rows aside, and deletes them from the table: of a version that an earlier split has left half done, too.
    fn move_rows(self, quarantine: String, evolve: bool) -> Result<Vec<(Run, Gate)>, Failed> {
        let Data::Uri { uri, at: At::Latest } = self.data.data() else {
            let reason = "only the newest version of a Delta table has rows that can be deleted";
            return Err(SplitError::NotInPlace(reason.to_owned()).into());
        };
        let quarantine = Destination::new(quarantine, self.options.storage.clone());
        let to = InPlace { quarantine, options: WriteOptions { evolve, ..WriteOptions::default() } };
        let done = split_in_place(&self.suite, &uri, &self.split_options(false), &to, |at, split, moved| {
            let gate = gate(&split)?;
            let moved = match moved {
                // It is undone, and the newest version follows.
                Err(SplitError::Withdrawn { .. }) if at != At::Latest => Ok(()),
                moved => moved.map(|_| ()),
            };
            Ok((self.of(at).told(split, moved)?, gate))
        });
        done?.into_iter().collect()
    }

    /// Keeps the run of a split, and tells what came of its parts. The data was judged either way.
    fn told(self, split: karat::Split, done: Result<(), SplitError>) -> Result<Run, Failed> {
        let run = self.kept(split.run)?;
        match done {
            Ok(()) => Ok(run),
            Err(problem) => Err(Failed::Write(problem, Box::new(run))),
        }
    }
}

/// Returns what the gate decides of the valid rows.
fn gate(split: &karat::Split) -> Result<Gate, SplitError> {
    let GateReport { verdict, policy, reason, .. } = (&split.gate()?).into();
    Ok((verdict.name().to_owned(), policy, reason))
}

/// Judges data by a suite, and divides its rows into those that are valid and those that are not, with the reasons.
#[pyfunction]
pub(crate) fn split(py: Python<'_>, asked: Asked<'_>, warnings: bool) -> PyResult<(Rows, Rows, Run)> {
    asked.answer(py, move |ready| ready.divide(warnings))
}

/// Does the same, and writes both parts instead of returning them; the report of each run says what was written.
#[pyfunction]
pub(crate) fn write_split(
    py: Python<'_>,
    asked: Asked<'_>,
    warnings: bool,
    to: Places,
) -> PyResult<Vec<Run>> {
    asked.answer(py, move |ready| ready.write(warnings, to))
}

/// Judges a Delta table by a suite, and moves the rows that are not valid to another one, with the reasons. Returns each run with
/// what the gate decides of the valid rows.
#[pyfunction]
pub(crate) fn move_split(
    py: Python<'_>,
    asked: Asked<'_>,
    quarantine: String,
    evolve: bool,
) -> PyResult<Vec<(Run, Gate)>> {
    asked.answer(py, move |ready| ready.move_rows(quarantine, evolve))
}
