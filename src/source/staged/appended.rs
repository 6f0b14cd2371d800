//! How staged files would stand in the log of a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use delta_kernel::snapshot::SnapshotRef;
use sha2::{Digest as _, Sha256};

use super::{Batch, StagedFile};
use crate::data::hex;
use crate::source::identity::StagedIdentity;

/// Staged files as files of a table, as an engine has opened them.
#[derive(Clone, Debug)]
pub struct Appended {
    pub(crate) batch: Arc<Batch>,
    /// The files, in the order of the batch.
    pub(crate) files: Vec<AppendedFile>,
    /// The version of the table to which they are appended; `None` if there is no table so far.
    pub(crate) base: Option<SnapshotRef>,
    /// The partition columns of the table.
    pub(crate) partitioned: Vec<String>,
}

/// A staged file as a file of the table.
#[derive(Clone, Debug)]
pub(crate) struct AppendedFile {
    /// Number of rows.
    pub(crate) rows: u64,
    /// The values of the partition columns, as a log writes them; `None` for null.
    pub(crate) partition_values: BTreeMap<String, Option<String>>,
}

impl Appended {
    /// Returns the identity of the files, for the report. It tells batches apart by their rows: by the bytes of their files and
    /// by their partitions, wherever the files lie and whatever they are called.
    pub(crate) fn identity(&self) -> StagedIdentity {
        let mut lines: Vec<String> = self
            .files()
            .map(|(file, appended)| {
                let values = appended.partition_values.iter().map(|(name, value)| match value {
                    Some(text) => format!("{name:?}={text:?}"),
                    None => format!("{name:?}"),
                });
                format!("{}\0{}\n", file.digest, values.collect::<Vec<_>>().join("\0"))
            })
            .collect();
        lines.sort();
        let mut digest = Sha256::new();
        for line in &lines {
            digest.update(line);
        }
        StagedIdentity {
            uri: self.batch.uri.clone(),
            files: u64::try_from(self.files.len()).unwrap_or(u64::MAX),
            rows: self.files.iter().map(|file| file.rows).sum(),
            bytes: self.batch.files.iter().map(|file| file.bytes).sum(),
            digest: hex(digest),
        }
    }

    /// Returns each file with what the log would say of it.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&StagedFile, &AppendedFile)> {
        self.batch.files.iter().zip(&self.files)
    }
}
