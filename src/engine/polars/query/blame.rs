//! After a failed query, finds out whether the data cannot be read, and which file is to blame.

use std::collections::BTreeSet;
use std::ops::Range;

use polars::prelude::{Expr, PlSmallStr, len};

use super::execute::{QueryCost, execute_counted};
use crate::engine::polars::snapshot::{Rows, Snapshot};
use crate::engine::{Control, EngineError};
use crate::privacy::Untrusted;
use crate::source::files::{DataFile, overlap};

/// Reads all rows of some columns and only counts their values. Returns an error, with the file to blame, if
/// even that fails.
pub(in crate::engine::polars) fn readable(
    columns: &BTreeSet<String>,
    snapshot: &Snapshot,
    control: Control<'_>,
    cost: &mut QueryCost,
) -> Result<(), EngineError> {
    if let Rows::Files(set) = &snapshot.rows {
        set.files.iter().try_for_each(DataFile::unchanged)?;
    }
    // A missing column is no read error.
    let columns: Vec<&String> =
        columns.iter().filter(|name| snapshot.schema.names().any(|known| known == *name)).collect();
    let mut read = |rows: &[Range<u64>]| {
        let counted = |name: &&String| Expr::Column(PlSmallStr::from(name.as_str())).count();
        let counts: Vec<Expr> = columns.iter().map(counted).chain([len().alias("\u{1}rows")]).collect();
        execute_counted(vec![snapshot.frame(rows, false)?.select(counts)], snapshot, control, cost).map(drop)
    };
    let rows = [snapshot.all_rows()];
    read(&rows).map_err(|error| locate(error, snapshot, &rows, read))
}

/// Repeats a failed read on each file and names the first that fails; returns the original error if none
/// does.
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
