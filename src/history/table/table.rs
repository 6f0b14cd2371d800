//! The history in a Delta table.

use std::collections::VecDeque;

use super::columns::{COLUMNS, OF_REPORTS};
use super::files::{Files, RunFile};
use super::runs;
use crate::history::error::{HistoryError, Skipped};
use crate::history::history::Listing;
use crate::report::Report;
use crate::source::StorageOptions;

/// A Delta table of runs.
#[derive(Clone, Debug)]
pub(in crate::history) struct Table {
    pub(super) uri: String,
    pub(super) storage: StorageOptions,
}

/// How many files are looked at for the last run of each suite. A suite that none of them has counts as new.
const MOST_FILES_BEFORE: usize = 2_000;

/// How many files of records are read at once.
const RECORDS_AT_ONCE: usize = 256;

/// How many files of whole reports are read at once.
const REPORTS_AT_ONCE: usize = 8;

impl Table {
    pub(in crate::history) const fn at(uri: String, storage: StorageOptions) -> Self {
        Self { uri, storage }
    }

    /// Reads the newest runs before one, until each of these suites is in one of them.
    pub(in crate::history) fn last_before(
        &self,
        id: &str,
        mut suites: Vec<&str>,
    ) -> Result<Listing, HistoryError> {
        let mut listing = Listing::default();
        let Some(files) = self.files()? else { return Ok(listing) };
        let (columns, mut looked) = (of_records(), 0);
        for group in files.groups(1) {
            if suites.is_empty() || looked >= MOST_FILES_BEFORE {
                break;
            }
            let is_earlier = |file: &RunFile| file.least().is_none_or(|least| least < id);
            let may_hold = |file: &RunFile| suites.iter().any(|suite| file.may_hold(suite));
            if !group.iter().any(is_earlier) || !group.iter().any(may_hold) {
                continue;
            }
            looked += group.len();
            let (batches, unread) = files.read(group, &columns);
            listing.skipped.extend(unread);
            for record in runs::records(&batches).into_iter().rev() {
                match record {
                    Ok(record) if record.id.as_str() < id => {
                        suites.retain(|suite| record.suite(suite).is_none());
                        listing.runs.push(record);
                    }
                    Ok(_) => {}
                    Err(skipped) => listing.skipped.push(skipped),
                }
            }
        }
        Ok(listing)
    }

    /// Reads all runs, and names what is none.
    pub(in crate::history) fn runs(&self) -> Result<Listing, HistoryError> {
        let mut listing = Listing::default();
        let Some(files) = self.files()? else { return Ok(listing) };
        let columns = of_records();
        for group in files.groups(RECORDS_AT_ONCE) {
            let (batches, unread) = files.read(group, &columns);
            listing.skipped.extend(unread);
            for record in runs::records(&batches).into_iter().rev() {
                match record {
                    Ok(record) => listing.runs.push(record),
                    Err(skipped) => listing.skipped.push(skipped),
                }
            }
        }
        Ok(listing)
    }

    /// Returns the whole report of each run, the oldest first.
    pub(in crate::history) fn reports(
        &self,
    ) -> Result<impl Iterator<Item = Result<Report, Skipped>> + use<>, HistoryError> {
        let files = self.files()?;
        let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        let sizes = files.iter().flat_map(|files| files.groups(REPORTS_AT_ONCE)).map(<[RunFile]>::len);
        let mut sizes: Vec<usize> = sizes.collect();
        let mut before = files.as_ref().map_or(0, |files| files.files.len());
        let mut read = VecDeque::new();
        // Groups lie in the order of the files: the last one ends with them.
        Ok(std::iter::from_fn(move || {
            let files = files.as_ref()?;
            while read.is_empty() {
                let group = before - sizes.pop()?..before;
                before = group.start;
                let group = &files.files[group];
                let (batches, unread) = files.read(group, &columns);
                let least = |skipped: &Skipped| {
                    let file = group.iter().find(|file| file.path() == skipped.file)?;
                    file.least().map(str::to_owned)
                };
                let mut found: Vec<(Option<String>, Result<Report, Skipped>)> = runs::reports(&batches)
                    .into_iter()
                    .map(|report| {
                        (Some(report.as_ref().map_or_else(|of| &of.file, |of| &of.run.id).clone()), report)
                    })
                    .collect();
                found.extend(unread.into_iter().map(|skipped| (least(&skipped), Err(skipped))));
                found.sort_by(|(one, _), (other, _)| one.cmp(other));
                read.extend(found.into_iter().map(|(_, found)| found));
            }
            read.pop_front()
        }))
    }

    pub(super) fn files(&self) -> Result<Option<Files>, HistoryError> {
        Files::open(&self.uri, &self.storage)
    }
}

/// Returns the columns that records are made of.
fn of_records() -> Vec<&'static str> {
    COLUMNS.iter().map(|column| column.name).filter(|name| !OF_REPORTS.contains(name)).collect()
}
