//! After a failed query: whether the data is to blame, and which file.

use std::collections::BTreeSet;
use std::ops::Range;

use polars::prelude::{Expr, PlSmallStr, len};

use super::execute::{Executed, execute_counted};
use crate::engine::EngineError;
use crate::engine::polars::snapshot::{Rows, Snapshot};
use crate::privacy::Untrusted;
use crate::source::files::{DataFile, overlap};

/// Reads columns of all rows, and asks no more of them than how many values there are: an error if not
/// even that can be, with the file that is to blame.
pub(in crate::engine::polars) fn readable(
    columns: &BTreeSet<String>,
    snapshot: &Snapshot,
    took: &mut Executed,
) -> Result<(), EngineError> {
    if let Rows::Files(set) = &snapshot.rows {
        set.files.iter().try_for_each(DataFile::unchanged)?;
    }
    // A column that is not there is no matter of reading.
    let columns: Vec<&String> =
        columns.iter().filter(|name| snapshot.schema.names().any(|known| known == *name)).collect();
    let mut read = |rows: &[Range<u64>]| {
        let counted = |name: &&String| Expr::Column(PlSmallStr::from(name.as_str())).count();
        let counts: Vec<Expr> = columns.iter().map(counted).chain([len().alias("\u{1}rows")]).collect();
        execute_counted(vec![snapshot.frame(rows, false)?.select(counts)], snapshot, took).map(drop)
    };
    let rows = [snapshot.all_rows()];
    read(&rows).map_err(|error| locate(error, snapshot, &rows, read))
}

/// Repeats a read of some rows on their files one by one and names the first on which it fails; the
/// error itself if it fails on none.
fn locate(
    error: EngineError,
    snapshot: &Snapshot,
    rows: &[Range<u64>],
    mut read: impl FnMut(&[Range<u64>]) -> Result<(), EngineError>,
) -> EngineError {
    let EngineError::Query { reason } = &error else { return error };
    let Rows::Files(set) = &snapshot.rows else { return error };
    if let [only] = set.files.as_slice() {
        return EngineError::File { file: Untrusted::places(&only.name), reason: reason.clone() };
    }
    for (file, own) in set.files.iter().zip(set.rows_of_files()) {
        let of_file: Vec<_> =
            rows.iter().map(|rows| overlap(rows, &own)).filter(|rows| !rows.is_empty()).collect();
        if of_file.is_empty() {
            continue;
        }
        if let Err(EngineError::Query { reason }) = read(&of_file) {
            return EngineError::File { file: Untrusted::places(&file.name), reason };
        }
    }
    error
}
