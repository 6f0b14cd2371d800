//! Explains errors of a plan by doubts about how text was parsed, where a check does not fit its columns.

use crate::data::{ColumnPath, Doubts, MixedColumn};
use crate::expectation::{LowerError, Place};
use crate::plan::{BindError, JudgedBy, Plan, PlannedCheck};
use crate::privacy::Masked;
use crate::suite::{Check, Suite};

/// Replaces the help of errors of a plan by the one that doubts about the text suggest. It has priority over
/// any other help: a check that is adapted to text, where numbers were meant, would compare text.
pub(super) fn suggest_fixes(plan: &mut Result<Plan, BindError>, suite: &Suite, doubts: &Doubts) {
    match plan {
        Err(error) => explain_missing(&error.message, &mut error.help, doubts),
        Ok(plan) => {
            for (check, planned) in suite.checks.iter().zip(&mut plan.checks) {
                refuse_unread(planned, doubts);
                let Err(error) = &mut planned.judged_by else { continue };
                explain_missing(&error.message, &mut error.help, doubts);
                if let Some(mixed) = doubts
                    .mixed_columns
                    .iter()
                    .find(|mixed_columns| reads_column(check, error, mixed_columns))
                {
                    let quoting = Masked::of([&mixed.column], mixed.message(true));
                    let shown = suite.privacy().show(quoting).map(|help| help.to_string());
                    error.help = Some(shown.unwrap_or_else(|| mixed.message(false)));
                }
            }
        }
    }
}

/// Fails a check that needs a column that cannot be read.
fn refuse_unread(planned: &mut PlannedCheck, doubts: &Doubts) {
    if matches!(planned.judged_by, Ok(JudgedBy::Skipped | JudgedBy::Decided(_)) | Err(_)) {
        return;
    }
    let mut columns = planned.columns.iter().map(ColumnPath::root);
    let unread = columns.find_map(|column| doubts.unread.iter().find(|(name, _)| name == column));
    if let Some((column, of)) = unread {
        planned.judged_by = Err(LowerError::new(format!("column \"{column}\" is {of}, which is not read")));
    }
}

/// Suggests another separator where a column is missing: it may be part of what was taken for one column.
fn explain_missing(message: &str, help: &mut Option<String>, doubts: &Doubts) {
    if let Some(separator) = doubts.of_separator()
        && message.contains("no column \"")
    {
        *help = Some(separator);
    }
}

/// Returns whether a check that does not fit reads a column.
fn reads_column(check: &Check, error: &LowerError, mixed: &MixedColumn) -> bool {
    if check.column.as_ref() == Some(&mixed.column) {
        return !error.message.contains("no column \"");
    }
    let name = mixed.column.to_string();
    let text = match error.place {
        Place::Arguments => return false,
        Place::Predicate(_) => check.arguments.to_string(),
        Place::Where { index, .. } => {
            check.filters.get(index).map(|filter| filter.condition.to_string()).unwrap_or_default()
        }
    };
    let within = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(&name).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        !before.ends_with(within) && !behind.starts_with(within)
    })
}
