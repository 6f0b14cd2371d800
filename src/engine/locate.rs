//! After a failed read: which file is to blame.

use std::ops::Range;

use super::EngineError;
use crate::source::{DataFile, Rows, Snapshot};

/// Repeats a read on the files one by one and names the first on which it fails; the error itself
/// if it fails on none.
pub(super) fn locate(
    error: EngineError,
    snapshot: &Snapshot,
    read: impl Fn(Range<usize>) -> Result<(), EngineError>,
) -> EngineError {
    let EngineError::Query { reason } = &error else { return error };
    let Rows::Files(set) = &snapshot.rows else { return error };
    if let Err(changed) = set.files.iter().try_for_each(DataFile::unchanged) {
        return changed.into();
    }
    if let [only] = set.files.as_slice() {
        return EngineError::File { file: only.name.clone(), reason: reason.clone() };
    }
    for (index, file) in set.files.iter().enumerate() {
        if let Err(EngineError::Query { reason }) = read(index..index + 1) {
            return EngineError::File { file: file.name.clone(), reason };
        }
    }
    error
}
