//! After a failed read: which file is to blame.

use std::ops::Range;

use super::EngineError;
use crate::source::{DataFile, Rows, Snapshot, overlap};

/// Repeats a read of some rows on their files one by one and names the first on which it fails; the
/// error itself if it fails on none.
pub(super) fn locate(
    error: EngineError,
    snapshot: &Snapshot,
    rows: &[Range<u64>],
    read: impl Fn(&[Range<u64>]) -> Result<(), EngineError>,
) -> EngineError {
    let EngineError::Query { reason } = &error else { return error };
    let Rows::Files(set) = &snapshot.rows else { return error };
    if let Err(changed) = set.files.iter().try_for_each(DataFile::unchanged) {
        return changed.into();
    }
    if let [only] = set.files.as_slice() {
        return EngineError::File { file: only.name.clone(), reason: reason.clone() };
    }
    for (file, own) in set.files.iter().zip(set.rows_of_files()) {
        let of_file: Vec<_> =
            rows.iter().map(|rows| overlap(rows, &own)).filter(|rows| !rows.is_empty()).collect();
        if of_file.is_empty() {
            continue;
        }
        if let Err(EngineError::Query { reason }) = read(&of_file) {
            return EngineError::File { file: file.name.clone(), reason };
        }
    }
    error
}
