//! How the columns of data differ from those that are locked, and which checks that touches.

use super::super::exit::Exit;
use super::super::suites::Found;
use super::super::terminal::{error, note};
use crate::data::ColumnPath;
use crate::plan::Plan;
use crate::project::LockedDataset;
use crate::report::visible;
use crate::review::{Column, Drift, drift};
use crate::suite::Suite;

/// Says how columns differ. Where they are about to be locked, that is no error.
pub(super) fn tell_drift(
    found: &Found,
    locked: &LockedDataset,
    columns: &[Column],
    readers: &dyn Fn(&str) -> Vec<String>,
    is_accepted: bool,
) -> Exit {
    let data = found.suite.data.as_deref().unwrap_or_default();
    let mut exit = Exit::Passed;
    for Drift { column, change } in drift(&locked.columns, columns) {
        let touched = readers(&column);
        let touched = if touched.is_empty() {
            "touches no check".to_owned()
        } else {
            format!("touches {}", touched.join(", "))
        };
        let text = format!("{}: {data}: column {column:?} {}", found.suite.path, change.description());
        if change.is_breaking() && !is_accepted {
            let help = format!("{}; karat lint --update-lock accepts it", visible(&touched));
            error(&format!("{} (breaking)", visible(&text)), Some(&help));
            exit = Exit::Usage;
        } else {
            let kind = if change.is_breaking() { "breaking" } else { "compatible" };
            note(&format!("note: {} ({kind}, {})", visible(&text), visible(&touched)));
        }
    }
    exit
}

/// The checks that speak of a column, by the plan for the columns that are locked.
pub(super) fn touched(suite: &Suite, plan: Option<&Plan>, column: &str) -> Vec<String> {
    let is_it = |path: &ColumnPath| path.root() == column;
    let checks = suite.checks.iter().enumerate().filter(|(index, check)| {
        let planned = plan.and_then(|plan| plan.checks.get(*index));
        let planned = planned.is_some_and(|planned| planned.columns.iter().any(is_it));
        let filter = check.condition().is_some_and(|condition| condition.columns().into_iter().any(is_it));
        planned || filter || check.column.as_ref().is_some_and(is_it) || check.group_by.iter().any(is_it)
    });
    checks.map(|(_, check)| check.id.clone()).collect()
}
