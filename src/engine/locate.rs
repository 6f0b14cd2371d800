//! After a failed read: which file is to blame.

use super::EngineError;
use super::execute::execute;
use crate::plan::Plan;
use crate::source::{Rows, Snapshot};

/// Reads the files one by one and names the first that cannot be read; the error itself if each
/// can.
pub(super) fn locate(error: EngineError, plan: &Plan, snapshot: &Snapshot) -> EngineError {
    let EngineError::Query { reason } = &error else { return error };
    let Rows::Files(set) = &snapshot.rows else { return error };
    if let [only] = set.files.as_slice() {
        return EngineError::File { file: only.name.clone(), reason: reason.clone() };
    }
    let columns = plan.columns_read(&snapshot.schema);
    for (index, file) in set.files.iter().enumerate() {
        let read = snapshot.frame(index..index + 1, false).map_err(EngineError::from).and_then(|frame| {
            let counts = columns.iter().map(|name| polars::prelude::Expr::Column(name.as_str().into()).null_count());
            execute(vec![frame.select(counts.collect::<Vec<_>>())])
        });
        if let Err(EngineError::Query { reason }) = read {
            return EngineError::File { file: file.name.clone(), reason };
        }
    }
    error
}
