//! Comparisons of dates and timestamps with the time of the run.

use super::super::{LowerError, Lowered, Site};
use crate::data::{DataType, Literal};
use crate::predicate::{Comparison, comparison};

/// Returns the rule that a column's dates compare in this way with today, or its timestamps with now, both in
/// UTC.
pub(in crate::expectation) fn beside_now(site: &Site<'_>, how: Comparison) -> Result<Lowered, LowerError> {
    let column = site.column()?;
    let now = match &column.data_type {
        DataType::Date => site.now.format("%Y-%m-%d"),
        DataType::Timestamp { .. } => site.now.format("%Y-%m-%dT%H:%M:%S%.f"),
        other => {
            let message = format!("needs a date or a timestamp, and column \"{}\" is {other}", site.path()?);
            return Err(LowerError::new(message));
        }
    };
    let holds = comparison(column.clone(), how, &Literal::Text(now.to_string()))?;
    Ok(site.rule_where_not_null([column], holds))
}
