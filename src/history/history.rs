//! A history, wherever it is kept.

use std::fmt;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::error::{HistoryError, Skipped};
use super::folder::Folder;
use super::follow::{Last, follow};
use super::place::Place;
use super::record::RunRecord;
use super::table::Table;
use crate::report::Report;
use crate::run::Run;
use crate::source::StorageOptions;

/// The runs that were kept.
#[derive(Clone, Debug)]
pub struct History {
    place: Place,
    kept: Kept,
}

#[derive(Clone, Debug)]
enum Kept {
    Folder(Folder),
    Table(Table),
}

/// The runs of a history, and what in it is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The runs, the newest first.
    pub runs: Vec<RunRecord>,
    /// What is no run.
    pub skipped: Vec<Skipped>,
}

/// The whole reports of a history, one at a time; or what is no run, in its place.
pub type Reports<'a> = Box<dyn Iterator<Item = Result<Report, Skipped>> + 'a>;

impl History {
    /// Returns the history in a folder, which need not be there yet.
    #[must_use]
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self::of(Place::Folder(folder.into()), &StorageOptions::default())
    }

    /// Returns the history that is kept at a place, which need not be there yet, with what opens its object store.
    #[must_use]
    pub fn of(place: Place, storage: &StorageOptions) -> Self {
        let kept = match &place {
            Place::Folder(folder) => Kept::Folder(Folder::at(folder.clone())),
            Place::Delta(uri) => Kept::Table(Table::at(uri.clone(), storage.clone())),
        };
        Self { place, kept }
    }

    /// Returns where it is kept.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Fills in what earlier runs say of the suites of a run. Returns what is no run, of what was looked at.
    ///
    /// # Errors
    /// The history is there and cannot be read.
    pub fn remember(&self, run: &mut Run) -> Result<Vec<Skipped>, HistoryError> {
        let suites: Vec<&str> = run.suites.iter().map(|suite| suite.suite.name.as_str()).collect();
        let Listing { runs, skipped } = match &self.kept {
            Kept::Folder(folder) => folder.last_before(&run.id, suites)?,
            Kept::Table(table) => table.last_before(&run.id, suites)?,
        };
        let mut last = Last::new();
        for record in &runs {
            for suite in &record.suites {
                last.entry(suite.name.as_str()).or_insert(record);
            }
        }
        follow(run, &last);
        Ok(skipped)
    }

    /// Adds a run with its report: it is there whole or not at all. Returns the id under which it is kept: another one than
    /// the run's own, if that is taken.
    ///
    /// # Errors
    /// The run cannot be written.
    pub fn append(&self, run: &Run, report: &Report) -> Result<String, HistoryError> {
        match &self.kept {
            Kept::Folder(folder) => folder.append(run, report),
            Kept::Table(table) => table.append(run, report),
        }
    }

    /// Reads all runs, and names what is none.
    ///
    /// # Errors
    /// The history is there and cannot be read.
    pub fn runs(&self) -> Result<Listing, HistoryError> {
        match &self.kept {
            Kept::Folder(folder) => folder.runs(),
            Kept::Table(table) => table.runs(),
        }
    }

    /// Returns the whole report of each run, the oldest first, one at a time: none is read before it is asked for. A report
    /// has the id under which its run is kept, which tells runs of one moment apart.
    ///
    /// # Errors
    /// The history is there and cannot be read. What is no run, or whose report cannot be read, is an error in its place.
    pub fn reports(&self) -> Result<Reports<'_>, HistoryError> {
        Ok(match &self.kept {
            Kept::Folder(folder) => Box::new(folder.reports()?),
            Kept::Table(table) => Box::new(table.reports()?),
        })
    }

    /// Deletes runs, and what a writer left unfinished before a time. Returns how many files there were.
    ///
    /// # Errors
    /// A file cannot be deleted; in a folder, those before it are.
    pub fn prune(&self, runs: &[RunRecord], unfinished_before: DateTime<Utc>) -> Result<u64, HistoryError> {
        match &self.kept {
            Kept::Folder(folder) => folder.prune(runs, unfinished_before),
            Kept::Table(table) => table.prune(runs),
        }
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)
    }
}
