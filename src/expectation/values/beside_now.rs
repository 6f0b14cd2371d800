//! Comparisons of dates and timestamps with the time of the run.

use super::super::{Claim, LowerError, Lowered, Site};
use crate::data::{ColumnPath, DataType, Literal};
use crate::predicate::logic::{Formula, Subject};
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

/// What a check claims that compares a column with the current time.
pub(super) fn beside_now_claim(column: Option<&ColumnPath>, how: Comparison) -> Option<Claim> {
    let column = column?;
    let now = Subject::new("now, in the type of the column");
    Some(Claim::of_values(column, "", &Formula::pair(&Subject::column(column), how, &now)))
}
