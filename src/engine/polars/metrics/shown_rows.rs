//! Verifies that recorders, which see rows while a query runs, saw each row once.

use polars::prelude::DataFrame;

use crate::engine::EngineError;
use crate::engine::polars::query::cell;

/// Compares the rows that recorders saw with those that the same query counts in the column `rows`. Of each recorder, the
/// column in which it counted rows is given, and the number of rows that it saw.
///
/// # Errors
/// The engine left out rows, or showed some of them twice: then what was recorded is not that of the rows.
pub(super) fn verify(
    result: &DataFrame,
    rows: &str,
    recorders: impl Iterator<Item = (String, u64)>,
) -> Result<(), EngineError> {
    for (column, shown) in recorders {
        let (rows, evaluated) = (cell(result, rows, 0)?.as_count(), cell(result, &column, 0)?.as_count());
        if rows != Some(shown) || evaluated.unwrap_or_default() != shown {
            let rows = rows.unwrap_or_default();
            let reason = format!("it was to show {rows} rows once, and showed {shown}");
            return Err(EngineError::Query { reason: reason.into() });
        }
    }
    Ok(())
}
