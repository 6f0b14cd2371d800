//! Verifies each column chunk once, before the engine reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use polars_parquet::read::{ColumnChunkMetadata, FileMetadata};

use super::{footer, pages};
use crate::data::caught;
use crate::engine::polars::parallel::all;
use crate::source::SourceError;
use crate::source::local_file::{FileRows, LocalFile};

/// The column chunks that were verified, and are sound.
#[derive(Clone, Debug, Default)]
pub(in crate::engine::polars) struct Verified(Arc<Mutex<BTreeMap<PathBuf, Vec<VerifiedRowGroup>>>>);

/// The verified columns of a row group.
#[derive(Debug)]
struct VerifiedRowGroup {
    /// The range of its row numbers in the file.
    rows: Range<u64>,
    /// The verified columns, with the number of bytes that each takes.
    columns: BTreeMap<String, u64>,
    /// The columns with a page that the engine does not read, or reads wrong.
    misread_columns: BTreeSet<String>,
}

impl VerifiedRowGroup {
    /// Returns whether the row group holds some of these rows.
    fn holds(&self, rows: &Range<u64>) -> bool {
        self.rows.start < rows.end && rows.start < self.rows.end
    }
}

/// Number of footers that are held in memory at once.
const FILES_AT_ONCE: usize = 64;

/// The verification of one column chunk.
struct Task<'a> {
    file: &'a LocalFile,
    metadata: Arc<FileMetadata>,
    group: usize,
    chunk: usize,
}

impl Verified {
    /// Verifies columns of the row groups that hold some of the given rows, except chunks that were verified
    /// before.
    ///
    /// # Errors
    /// The first file of which a column is not whole.
    pub(in crate::engine::polars) fn verify(
        &self,
        parts: &[FileRows<'_>],
        columns: &BTreeSet<String>,
    ) -> Result<(), SourceError> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = |FileRows { file, rows }: &&FileRows<'_>| match seen.get(&file.path) {
            Some(groups) => groups.iter().any(|group| {
                group.holds(rows) && columns.iter().any(|name| !group.columns.contains_key(name))
            }),
            None => true,
        };
        let new: Vec<_> = parts.iter().filter(is_new).collect();
        for new in new.chunks(FILES_AT_ONCE) {
            let mut tasks = Vec::new();
            let mut footers = Vec::with_capacity(new.len());
            for FileRows { file, rows } in new {
                let (_, metadata) = footer::read_whole(file)?;
                let groups = seen.entry(file.path.clone()).or_insert_with(|| unseen(&metadata));
                let wanted = groups.iter().enumerate().filter(|(_, group)| group.holds(rows));
                for (group, known) in wanted {
                    for (chunk, column) in metadata.row_groups[group].parquet_columns().iter().enumerate() {
                        let of_new = footer::name(column)
                            .is_some_and(|name| columns.contains(name) && !known.columns.contains_key(name));
                        if of_new {
                            tasks.push(Task { file, metadata: Arc::clone(&metadata), group, chunk });
                        }
                    }
                }
                footers.push((file, rows, metadata));
            }
            let misread = all(&tasks, Task::run)?;
            for (task, _) in tasks.iter().zip(misread).filter(|(_, is_misread)| *is_misread) {
                let group = seen.get_mut(&task.file.path).and_then(|groups| groups.get_mut(task.group));
                let chunk = &task.metadata.row_groups[task.group].parquet_columns()[task.chunk];
                if let (Some(group), Some(name)) = (group, footer::name(chunk)) {
                    group.misread_columns.insert(name.to_owned());
                }
            }
            for (file, rows, metadata) in footers {
                let groups = seen.get_mut(&file.path).into_iter().flatten().zip(&metadata.row_groups);
                for (group, stored) in groups.filter(|(group, _)| group.holds(rows)) {
                    for name in columns {
                        let chunks = stored.parquet_columns().iter();
                        let own = chunks.filter(|chunk| footer::name(chunk) == Some(name));
                        let bytes =
                            own.map(ColumnChunkMetadata::byte_range).map(|place| place.end - place.start);
                        group.columns.insert(name.clone(), bytes.sum());
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the columns of a file with a verified page that the engine does not read, or reads wrong.
    pub(in crate::engine::polars) fn misread_columns(&self, file: &LocalFile) -> BTreeSet<String> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let groups = seen.get(&file.path).into_iter().flatten();
        groups.flat_map(|group| group.misread_columns.iter().cloned()).collect()
    }

    /// Returns the number of bytes that columns take in the verified row groups that hold some of the given
    /// rows.
    pub(in crate::engine::polars) fn bytes<'a>(
        &self,
        parts: impl Iterator<Item = FileRows<'a>>,
        columns: &BTreeSet<String>,
    ) -> u64 {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = 0;
        for FileRows { file, rows } in parts {
            let groups = seen.get(&file.path).into_iter().flatten().filter(|group| group.holds(&rows));
            bytes += groups
                .map(|group| columns.iter().filter_map(|name| group.columns.get(name)).sum::<u64>())
                .sum::<u64>();
        }
        bytes
    }
}

/// Returns the row groups of a file, with no column verified.
fn unseen(metadata: &FileMetadata) -> Vec<VerifiedRowGroup> {
    let rows = footer::rows_of_groups(metadata).into_iter();
    rows.map(|rows| VerifiedRowGroup { rows, columns: BTreeMap::new(), misread_columns: BTreeSet::new() })
        .collect()
}

impl Task<'_> {
    fn run(&self) -> Result<bool, SourceError> {
        let group = &self.metadata.row_groups[self.group];
        let chunk = &group.parquet_columns()[self.chunk];
        // Decompressors are third-party code that meets hostile bytes, so their panics are caught.
        let mut file = File::open(&self.file.path)
            .map_err(|source| SourceError::Io { path: self.file.shown.clone(), source })?;
        let verified = caught(|| pages::verify(&mut file, chunk, group.num_rows()))
            .unwrap_or_else(|_| Err("it makes no sense".to_owned()));
        verified.map_err(|reason| SourceError::Corrupt {
            path: self.file.shown.clone(),
            reason: format!("column \"{}\": {reason}", chunk.descriptor().path_in_schema.join(".")),
        })
    }
}
