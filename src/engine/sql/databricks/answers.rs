//! What the Statement Execution API answers. What is not used of it is passed over.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::engine::sql::Cell;

/// A statement, as it stands.
#[derive(Debug, Deserialize)]
pub(super) struct StatementAnswer {
    pub(super) statement_id: String,
    pub(super) status: Status,
    pub(super) manifest: Option<Manifest>,
    pub(super) result: Option<Chunk>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) state: State,
    pub(super) error: Option<Failure>,
    pub(super) sql_state: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Closed,
}

/// Why a statement failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Failure {
    pub(super) error_code: String,
    pub(super) message: String,
}

/// What a result is made of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Manifest {
    /// Whether rows are missing.
    pub(super) truncated: bool,
    pub(super) total_row_count: Option<u64>,
}

/// A part of the rows of a result, or where they lie.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chunk {
    pub(super) data_array: Vec<Vec<Cell>>,
    pub(super) external_links: Vec<Link>,
    pub(super) next_chunk_index: Option<u64>,
}

/// Where some rows lie for a while. Whoever has the link has the rows.
#[derive(Deserialize)]
pub(super) struct Link {
    pub(super) chunk_index: u64,
    pub(super) external_link: String,
    #[serde(default)]
    pub(super) http_headers: BTreeMap<String, String>,
    pub(super) next_chunk_index: Option<u64>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("chunk_index", &self.chunk_index).finish_non_exhaustive()
    }
}

impl Chunk {
    /// Returns the index of the chunk that follows.
    pub(super) fn next(&self) -> Option<u64> {
        match self.external_links.last() {
            Some(link) => link.next_chunk_index,
            None => self.next_chunk_index,
        }
    }
}
