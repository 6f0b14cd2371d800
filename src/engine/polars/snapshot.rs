//! What is judged.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::LazyFrame;

use super::scan::{FileSet, Wanted};
use crate::data::Schema;
use crate::source::files::{ROW_COLUMN, Took};
use crate::source::store::Traffic;
use crate::source::{EngineMessage, Identity, NetworkUse, SourceError};

/// The exact data that a run judges.
pub struct Snapshot {
    /// What it is, for the report.
    pub identity: Identity,
    /// Its columns.
    pub schema: Schema,
    /// Its rows.
    pub rows: Rows,
    /// What is asked of the store in which it lies, if it lies in one.
    pub(crate) traffic: Option<Arc<Traffic>>,
}

/// Where the rows of a snapshot are.
pub enum Rows {
    /// In Parquet files, as they are or written from others.
    Files(FileSet),
    /// In a frame of the caller.
    Frame(Box<LazyFrame>),
}

impl Snapshot {
    /// The numbers of all its rows in files, deleted ones among them; none in memory.
    pub(crate) fn all_rows(&self) -> Range<u64> {
        match &self.rows {
            Rows::Files(set) => set.files.all_rows(),
            Rows::Frame(_) => 0..0,
        }
    }

    /// Makes files ready to be read: what a scan wants of them is here, and whole. Gives those that
    /// are to be read in the place of some of them.
    pub(crate) fn make_ready(&self, wanted: &[Wanted]) -> Result<HashMap<PathBuf, PathBuf>, SourceError> {
        let mut stand_ins = HashMap::new();
        if let Rows::Files(set) = &self.rows {
            for wanted in wanted {
                let made = set.make_ready(wanted)?.into_iter();
                stand_ins.extend(made.map(|made| (made.file, made.stand_in)));
            }
        }
        Ok(stand_ins)
    }

    /// Makes sure that what a scan has read is what was opened.
    pub(crate) fn unchanged(&self, read: &[Wanted]) -> Result<(), SourceError> {
        match &self.rows {
            Rows::Files(set) => read.iter().try_for_each(|read| set.unchanged(read)),
            Rows::Frame(_) => Ok(()),
        }
    }

    /// The bytes that scans of its files read, which were made ready; none in memory.
    pub(crate) fn bytes_of(&self, read: &[Wanted]) -> Option<u64> {
        match &self.rows {
            Rows::Files(set) => Some(read.iter().map(|read| set.bytes_of(read)).sum()),
            Rows::Frame(_) => None,
        }
    }

    /// What it took to open it, where its files were read for that.
    pub(crate) fn took(&self) -> Took {
        match &self.rows {
            Rows::Files(set) => set.took(),
            Rows::Frame(_) => Took::default(),
        }
    }

    /// Returns how many bytes were fetched from object stores so far; nothing, if all files lie here.
    pub(crate) fn bytes_fetched(&self) -> Option<u64> {
        match &self.rows {
            Rows::Files(set) => set.bytes_fetched(),
            Rows::Frame(_) => None,
        }
    }

    /// How much was asked of the store so far in which it lies, and came of it; nothing, if it lies in none.
    pub(crate) fn network(&self) -> Option<NetworkUse> {
        let traffic = self.traffic.as_ref()?;
        Some(NetworkUse { requests: traffic.requests(), bytes: traffic.bytes() })
    }

    /// The names that columns have here, by those that they have in files.
    pub(crate) fn names_of(&self, stored: &BTreeSet<String>) -> BTreeSet<String> {
        match &self.rows {
            Rows::Files(set) => set.names_of(stored),
            Rows::Frame(_) => stored.clone(),
        }
    }

    /// The frame of the rows with these numbers (of all of them in memory). With `positions`, every
    /// row says its own.
    pub(crate) fn frame(&self, rows: &[Range<u64>], positions: bool) -> Result<LazyFrame, SourceError> {
        match &self.rows {
            Rows::Files(set) => set.frame(rows, positions).map_err(|error| SourceError::Engine {
                uri: self.identity.uri.clone(),
                source: EngineMessage::of(&error),
            }),
            Rows::Frame(frame) if positions => Ok(frame.as_ref().clone().with_row_index(ROW_COLUMN, None)),
            Rows::Frame(frame) => Ok(frame.as_ref().clone()),
        }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("identity", &self.identity)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
