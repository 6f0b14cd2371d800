//! The folder of a history.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::error::{HistoryError, Skipped};
use super::history::Listing;
use super::record::{RunRecord, VERSION};
use crate::document::{UNFINISHED, open_file, unfinished_file};
use crate::report::Report;
use crate::run::Run;

/// The ending of a run's file.
const ENDING: &str = ".jsonl";

/// The most bytes of a record; a suite of 1,000 checks has 300 kB.
const MOST_BYTES: u64 = 64 << 20;

/// How many runs are looked at for the last one of each suite. A suite that none of them judged counts as new.
const MOST_RUNS_BEFORE: usize = 2_000;

/// A folder of runs.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// The names of the files of a history.
#[derive(Default)]
struct Names {
    /// The files of runs, the newest first.
    runs: Vec<String>,
    /// Files that a writer has begun, and not finished so far.
    unfinished: Vec<String>,
    /// All others.
    foreign: Vec<String>,
}

impl Folder {
    pub(super) const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads the newest runs before one, until each of these suites is in one of them.
    pub(super) fn last_before(&self, id: &str, mut suites: Vec<&str>) -> Result<Listing, HistoryError> {
        let names = self.names()?;
        let mut listing = Listing::default();
        let earlier = names.runs.into_iter().filter(|name| name.as_str() < id);
        for name in earlier.take(MOST_RUNS_BEFORE) {
            if suites.is_empty() {
                break;
            }
            match self.record(&name) {
                Ok(record) => {
                    suites.retain(|suite| record.suite(suite).is_none());
                    listing.runs.push(record);
                }
                Err(reason) => listing.skipped.push(Skipped { file: name, reason }),
            }
        }
        Ok(listing)
    }

    /// Adds a run with its report: its file is there whole or not at all. Returns the id that the file is called after.
    pub(super) fn append(&self, run: &Run, report: &Report) -> Result<String, HistoryError> {
        self.add(run, report)
            .map_err(|error| HistoryError::Write { place: self.shown(), source: error.into() })
    }

    fn add(&self, run: &Run, report: &Report) -> io::Result<String> {
        let whole = serde_json::to_string(report)?;
        let record = RunRecord { report_bytes: Some(whole.len() as u64), ..RunRecord::of(run, report) };
        let text = format!("{}\n{whole}\n", serde_json::to_string(&record)?);
        std::fs::create_dir_all(&self.path)?;
        let mut file = unfinished_file(&self.path)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        for number in 1_u32.. {
            // Runs of the same suites that began in the same millisecond have the same id.
            let id = if number == 1 { record.id.clone() } else { format!("{}-{number}", record.id) };
            let path = self.path.join(format!("{id}{ENDING}"));
            match file.persist_noclobber(&path) {
                Ok(_) => return Ok(id),
                Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => file = failed.file,
                // A file system without links: whoever reads a file that is not whole, skips it.
                Err(failed) if !path.exists() => {
                    let mut target = OpenOptions::new().write(true).create_new(true).open(&path)?;
                    target.write_all(text.as_bytes())?;
                    target.sync_all()?;
                    drop(failed.file);
                    return Ok(id);
                }
                Err(failed) => return Err(failed.error),
            }
        }
        Err(io::Error::other("too many runs of one id"))
    }

    /// Reads all runs, and names what in the folder is none.
    pub(super) fn runs(&self) -> Result<Listing, HistoryError> {
        let names = self.names()?;
        let mut listing = Listing::default();
        for name in names.runs {
            match self.record(&name) {
                Ok(record) => listing.runs.push(record),
                Err(reason) => listing.skipped.push(Skipped { file: name, reason }),
            }
        }
        let skip = |reason: &'static str| move |file| Skipped { file, reason: reason.to_owned() };
        listing.skipped.extend(names.unfinished.into_iter().map(skip("its writer has not finished it")));
        listing.skipped.extend(names.foreign.into_iter().map(skip("its name is not that of one")));
        Ok(listing)
    }

    /// Returns the whole report of each run, the oldest first.
    pub(super) fn reports(
        &self,
    ) -> Result<impl Iterator<Item = Result<Report, Skipped>> + use<'_>, HistoryError> {
        let names = self.names()?;
        Ok(names
            .runs
            .into_iter()
            .rev()
            .map(|name| self.report(&name).map_err(|reason| Skipped { file: name, reason })))
    }

    /// Deletes the files of runs, and what a writer left unfinished before a time. Returns how many there were.
    pub(super) fn prune(
        &self,
        runs: &[RunRecord],
        unfinished_before: DateTime<Utc>,
    ) -> Result<u64, HistoryError> {
        let mut deleted = 0;
        let names = self.names()?;
        let is_old = |name: &String| {
            let modified = std::fs::metadata(self.path.join(name)).and_then(|file| file.modified());
            modified.is_ok_and(|time| DateTime::<Utc>::from(time) < unfinished_before)
        };
        let left = names.unfinished.into_iter().filter(is_old);
        for name in runs.iter().map(|run| format!("{}{ENDING}", run.id)).chain(left) {
            let path = self.path.join(name);
            match std::fs::remove_file(&path) {
                Ok(()) => deleted += 1,
                // Somebody else prunes, too.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => {
                    return Err(HistoryError::Delete { file: path.display().to_string(), source });
                }
            }
        }
        Ok(deleted)
    }

    fn names(&self) -> Result<Names, HistoryError> {
        let failed = |source: io::Error| HistoryError::Read { place: self.shown(), source: Box::new(source) };
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Names::default()),
            Err(error) => return Err(failed(error)),
        };
        let mut names = Names::default();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            match name.as_str() {
                unfinished if unfinished.starts_with(UNFINISHED) => names.unfinished.push(name),
                run if run.ends_with(ENDING) && run.starts_with(|first: char| first.is_ascii_digit()) => {
                    names.runs.push(name);
                }
                _ => names.foreign.push(name),
            }
        }
        // By id: with its ending, the second run of a moment would sort before the first.
        names.runs.sort_unstable_by(|one, other| id(other).cmp(id(one)));
        names.foreign.sort_unstable();
        Ok(names)
    }

    /// Reads the second line of a run's file, or says why it is none.
    fn report(&self, name: &str) -> Result<Report, String> {
        let (record, mut file) = self.open(name)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|error| unread(&error))?;
        let mut report = Report::read(&text).map_err(|error| format!("its second line: {error}"))?;
        report.run.id = record.id;
        Ok(report)
    }

    /// Reads the first line of a run's file, or says why it is none.
    fn record(&self, name: &str) -> Result<RunRecord, String> {
        self.open(name).map(|(record, _)| record)
    }

    /// Reads the first line of a run's file, and returns the file at the second one. Or says why it is no run.
    fn open(&self, name: &str) -> Result<(RunRecord, impl BufRead), String> {
        let file = open_file(&self.path.join(name)).map_err(|error| unread(&error))?;
        let bytes = file.metadata().map_err(|error| unread(&error))?.len();
        let mut line = String::new();
        let mut file = BufReader::new(file);
        file.by_ref().take(MOST_BYTES).read_line(&mut line).map_err(|error| unread(&error))?;
        let mut record: RunRecord =
            serde_json::from_str(&line).map_err(|error| format!("its first line is no record: {error}"))?;
        if record.history_version > VERSION {
            return Err(format!("a later karat wrote it, as version {}", record.history_version));
        }
        // A line feed ends each of the two lines.
        let expected = record.report_bytes.take().map(|report| line.len() as u64 + report + 1);
        if !line.ends_with('\n') || expected != Some(bytes) {
            return Err("it is not whole".to_owned());
        }
        // Of runs with one id, the name of the file tells one from another.
        id(name).clone_into(&mut record.id);
        Ok((record, file))
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

/// Returns the id of the run that a file is called after.
fn id(name: &str) -> &str {
    name.strip_suffix(ENDING).unwrap_or(name)
}

fn unread(error: &io::Error) -> String {
    format!("it cannot be read: {error}")
}
