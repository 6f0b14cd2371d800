//! What the engine is about to read, looked through first: each column of each file once.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars_parquet::read::FileMetadata;

use super::store::Here;
use super::threads::threads;
use super::{SourceError, caught, footer, pages};

/// The columns of files that were looked through, and are whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Verified(Arc<Mutex<BTreeMap<PathBuf, BTreeSet<String>>>>);

/// How many footers are held at once.
const FILES_AT_ONCE: usize = 64;

/// A column of a row group of a file.
struct Task<'a> {
    file: &'a Here,
    metadata: Arc<FileMetadata>,
    group: usize,
    chunk: usize,
}

impl Verified {
    /// Looks through wanted columns, but for those that it has seen.
    ///
    /// # Errors
    /// The first file of which a column is not whole.
    pub(super) fn verify<'a>(
        &self,
        files: impl Iterator<Item = &'a Here>,
        columns: &BTreeSet<String>,
    ) -> Result<(), SourceError> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<(&Here, BTreeSet<String>)> = files
            .map(|file| match seen.get(&file.path) {
                Some(seen) => (file, columns.difference(seen).cloned().collect()),
                None => (file, columns.clone()),
            })
            .filter(|(_, columns)| !columns.is_empty())
            .collect();
        for new in new.chunks(FILES_AT_ONCE) {
            let mut tasks = Vec::new();
            for (file, columns) in new {
                let (_, metadata) = footer::read_whole(file)?;
                tasks.extend(tasks_of(file, &metadata, columns));
            }
            all(&tasks)?;
        }
        for (file, mut columns) in new {
            seen.entry(file.path.clone()).or_default().append(&mut columns);
        }
        Ok(())
    }
}

fn tasks_of<'a>(file: &'a Here, metadata: &Arc<FileMetadata>, columns: &BTreeSet<String>) -> Vec<Task<'a>> {
    let mut tasks = Vec::new();
    for (group, row_group) in metadata.row_groups.iter().enumerate() {
        for (chunk, column) in row_group.parquet_columns().iter().enumerate() {
            if footer::is_of(column, columns) {
                tasks.push(Task { file, metadata: Arc::clone(metadata), group, chunk });
            }
        }
    }
    tasks
}

/// Runs all tasks on as many threads as there are for us; of several errors, the first counts.
fn all(tasks: &[Task<'_>]) -> Result<(), SourceError> {
    let threads = threads().min(tasks.len());
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let task = tasks.get(index)?;
            if let Err(error) = task.run() {
                // The others finish what they are at, and begin nothing more.
                next.store(tasks.len(), Ordering::Relaxed);
                return Some((index, error));
            }
        }
    };
    let failed = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut failed: Vec<_> = work().into_iter().collect();
        failed.extend(
            others.into_iter().filter_map(|other| other.join().unwrap_or_else(|panic| resume_unwind(panic))),
        );
        failed
    });
    match failed.into_iter().min_by_key(|(index, _)| *index) {
        Some((_, error)) => Err(error),
        None => Ok(()),
    }
}

impl Task<'_> {
    fn run(&self) -> Result<(), SourceError> {
        let group = &self.metadata.row_groups[self.group];
        let chunk = &group.parquet_columns()[self.chunk];
        // Decompressors are foreign code that meets hostile bytes.
        let verified = caught(|| pages::verify(&self.file.path, chunk, group.num_rows()))
            .unwrap_or_else(|_| Err("it makes no sense".to_owned()));
        verified.map_err(|reason| SourceError::Corrupt {
            path: self.file.shown.clone(),
            reason: format!("column \"{}\": {reason}", chunk.descriptor().path_in_schema.join(".")),
        })
    }
}
