//! stub
use super::{FileSet, SourceError};
use crate::data::{ColumnPath, KnownRows};
use polars::prelude::Series;
use std::collections::BTreeSet;
use std::ops::Range;

/// Whose word on rows is taken without reading them. Each takes the word of those before it, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Nobody's: all rows are read.
    None,
    /// That of the footers of Parquet files.
    Footer,
    /// That of the log of a table.
    #[default]
    Log,
}

impl Trust {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Footer, Self::Log];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Footer => "footer",
            Self::Log => "log",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.name() == name)
    }
}
pub(crate) struct Chunk {
    pub file: usize,
    pub rows: Range<u64>,
    pub known: KnownRows,
    pub group: Option<usize>,
}
impl FileSet {
    pub(crate) fn known_of_log(&self, _: &BTreeSet<ColumnPath>) -> Vec<Chunk> {
        Vec::new()
    }
    pub(crate) fn known_of_footers(
        &self,
        _: &[usize],
        _: &BTreeSet<ColumnPath>,
    ) -> Result<Vec<Chunk>, SourceError> {
        Ok(Vec::new())
    }
    pub(crate) fn dictionaries(
        &self,
        chunks: &[&Chunk],
        _: &str,
    ) -> Result<Vec<Option<Series>>, SourceError> {
        Ok(chunks.iter().map(|_| None).collect())
    }
}
