//! The exact data that a run judges: its identity, schema and rows.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::LazyFrame;

use super::scan::{FileSet, ScanRequest};
use crate::data::Schema;
use crate::source::files::{ROW_COLUMN, TranscriptionCost};
use crate::source::store::Traffic;
use crate::source::{Appended, EngineMessage, Identity, NetworkUse, SourceError};

/// The exact data that a run judges.
pub struct Snapshot {
    /// The identity of the data, for the report.
    pub identity: Identity,
    /// The columns of the data.
    pub schema: Schema,
    /// The rows of the data.
    pub rows: Rows,
    /// The traffic with each object store that holds data.
    pub(crate) traffic: Vec<Arc<Traffic>>,
    /// The files that are no part of the table so far.
    pub(crate) appended: Option<Appended>,
}

/// The place of a snapshot's rows.
pub enum Rows {
    /// Parquet files, either the original ones or transcribed from others.
    Files(FileSet),
    /// A frame of the caller.
    Frame(Box<LazyFrame>),
}

impl Snapshot {
    /// Returns the range of all row numbers in files, including deleted rows; empty for data in memory.
    pub(crate) fn all_rows(&self) -> Range<u64> {
        match &self.rows {
            Rows::Files(set) => set.files.all_rows(),
            Rows::Frame(_) => 0..0,
        }
    }

    /// Makes files ready to be read: fetches and verifies the parts that scans want. Returns the stand-ins to
    /// read instead of some of them, by the original files.
    pub(crate) fn make_ready(
        &self,
        requests: &[ScanRequest],
    ) -> Result<HashMap<PathBuf, PathBuf>, SourceError> {
        let mut stand_ins = HashMap::new();
        if let Rows::Files(set) = &self.rows {
            for request in requests {
                let made = set.make_ready(request)?.into_iter();
                stand_ins.extend(made.map(|made| (made.file, made.stand_in)));
            }
        }
        Ok(stand_ins)
    }

    /// Verifies that the files that scans have read are still those that were opened.
    pub(crate) fn unchanged(&self, read: &[ScanRequest]) -> Result<(), SourceError> {
        match &self.rows {
            Rows::Files(set) => read.iter().try_for_each(|read| set.unchanged(read)),
            Rows::Frame(_) => Ok(()),
        }
    }

    /// Returns the number of bytes that scans read from files that were made ready; `None` for data in
    /// memory.
    pub(crate) fn bytes_of(&self, read: &[ScanRequest]) -> Option<u64> {
        match &self.rows {
            Rows::Files(set) => Some(read.iter().map(|read| set.bytes_of(read)).sum()),
            Rows::Frame(_) => None,
        }
    }

    /// Returns the cost of opening the data, if its files were transcribed for that.
    pub(crate) fn transcription_cost(&self) -> TranscriptionCost {
        match &self.rows {
            Rows::Files(set) => set.transcription_cost(),
            Rows::Frame(_) => TranscriptionCost::default(),
        }
    }

    /// Returns the number of bytes fetched from object stores so far; `None` if some files are local, as whole copies of staged
    /// files are.
    pub(crate) fn bytes_fetched(&self) -> Option<u64> {
        match &self.rows {
            Rows::Files(set) if self.appended.is_none() => set.bytes_fetched(),
            Rows::Files(_) | Rows::Frame(_) => None,
        }
    }

    /// Returns the requests to the object store so far, and their bytes; `None` if no object store holds the
    /// data.
    pub(crate) fn network(&self) -> Option<NetworkUse> {
        let of_store =
            |traffic: &Arc<Traffic>| NetworkUse { requests: traffic.requests(), bytes: traffic.bytes() };
        self.traffic.iter().map(of_store).reduce(|one, other| NetworkUse {
            requests: one.requests + other.requests,
            bytes: one.bytes + other.bytes,
        })
    }

    /// Translates names of columns in files to those in the dataset.
    pub(crate) fn names_of(&self, stored: &BTreeSet<String>) -> BTreeSet<String> {
        match &self.rows {
            Rows::Files(set) => set.names_of(stored),
            Rows::Frame(_) => stored.clone(),
        }
    }

    /// Returns a frame of the rows with these numbers; in memory, of all rows. With `positions`, a column
    /// holds the number of each row.
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
