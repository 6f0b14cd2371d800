//! Finds commits of the same part, suite and input that are in a table already.

use deltalake::logstore::LogStoreRef;
use tokio::runtime::Handle;

use super::others::Committed;
use super::table::Table;
use crate::sink::error::SinkError;
use crate::sink::provenance::{Earlier, Provenance};
use crate::source::delta::LogError;

/// How many commits are looked at for the one that is meant.
const MOST_COMMITS: u64 = 10_000;

impl Table {
    /// Finds the commit that has brought the same part of the same input.
    pub(in crate::sink) fn already(&self, provenance: &Provenance) -> Result<Option<Earlier>, SinkError> {
        let Some(last) = self.last_app_version(provenance)? else { return Ok(None) };
        let wanted = provenance.app_version();
        if last < wanted {
            return Ok(None);
        }
        let (newest, asked) = (self.version().unwrap_or_default(), provenance.clone());
        let found = self.read(move |log| search(log, newest, &asked))?;
        Ok(match found {
            Some(earlier) => Some(earlier),
            // The commit is there, and its text is gone or not to be found.
            None if last == wanted && provenance.input_from.is_none() => Some(Earlier::default()),
            None => None,
        })
    }

    /// Returns the newest version of the input that is in the table, of the same part and suite.
    pub(in crate::sink) fn last_input_version(
        &self,
        provenance: &Provenance,
    ) -> Result<Option<u64>, SinkError> {
        Ok(self.last_app_version(provenance)?.and_then(|version| u64::try_from(version).ok()))
    }

    fn last_app_version(&self, provenance: &Provenance) -> Result<Option<i64>, SinkError> {
        let Some(state) = &self.state else { return Ok(None) };
        let (snapshot, id) = (state.snapshot.clone(), provenance.app_id());
        self.read(move |log| Ok(snapshot.get_app_id_version(&id, log.engine(None).as_ref())?))
    }
}

/// Looks for the newest commit that is meant, from a version backwards.
pub(super) fn search(
    log: &LogStoreRef,
    newest: u64,
    asked: &Provenance,
) -> Result<Option<Earlier>, LogError> {
    for version in (0..=newest).rev().take(usize::try_from(MOST_COMMITS).unwrap_or(usize::MAX)) {
        let text = Handle::current().block_on(log.read_commit_entry(version));
        // What is older has been cleaned up.
        let Some(text) = text.map_err(|error| LogError::Store(error.into()))? else { return Ok(None) };
        let note = Committed::read(&text).and_then(|commit| commit.note);
        if let Some(note) = note.filter(|note| note.is_of(asked)) {
            return Ok((!note.withdrawn).then(|| note.earlier(Some(version))));
        }
    }
    Ok(None)
}
