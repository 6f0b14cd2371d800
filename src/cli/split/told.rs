//! What is said of a split on the terminal.

use std::fmt::Write as _;

use crate::cli::exit::Exit;
use crate::cli::terminal::error;
use crate::data::redacted;
use crate::run::chain;
use crate::sink::SinkError;
use crate::split::{Destinations, InPlace, MovedParts, Side, SplitError, WrittenParts};

/// Says what was written.
pub(super) fn told(written: &WrittenParts, to: &Destinations) -> String {
    let valid = Line { name: "valid", side: &written.valid, place: to.valid.shown() };
    let quarantine = Line { name: "quarantine", side: &written.quarantine, place: to.quarantine.shown() };
    lines(&[valid, quarantine])
}

/// Says what was deleted.
pub(super) fn told_in_place(moved: &MovedParts, to: &InPlace, table: &str) -> String {
    let quarantine = Line { name: "quarantine", side: &moved.quarantine, place: to.quarantine.shown() };
    let deleted = Line { name: "deleted", side: &moved.deleted, place: redacted(table) };
    lines(&[quarantine, deleted])
}

/// What is said of a part.
struct Line<'s> {
    name: &'s str,
    side: &'s Side,
    place: String,
}

fn lines(parts: &[Line<'_>]) -> String {
    let mut text = String::new();
    for Line { name, side, place } in parts {
        let said = match side {
            Side::Written(committed) => {
                format!("{}{}", rows(committed.rows), version(committed.version))
            }
            Side::Earlier(earlier) => format!(
                "{}{}, by run {}: nothing was written again",
                earlier.rows.map_or_else(|| "these rows are there already".to_owned(), rows),
                version(earlier.version),
                earlier.run_id.as_deref().unwrap_or("before")
            ),
        };
        let _ = writeln!(text, "{name:<10}  {place}  {said}");
    }
    text.trim_end().to_owned()
}

fn rows(count: u64) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

fn version(version: Option<u64>) -> String {
    version.map_or_else(String::new, |version| format!(" @ v{version}"))
}

/// Tells why a table was not split.
pub(super) fn tell(problem: &SplitError) -> Exit {
    let help = match problem {
        SplitError::Write(SinkError::NoVectors { .. }) => Some(
            "in Spark, ALTER TABLE … SET TBLPROPERTIES ('delta.enableDeletionVectors' = true) gives it what it lacks; or split it with --valid",
        ),
        SplitError::Write(SinkError::Conflict { .. }) | SplitError::Withdrawn { .. } => {
            Some("run it again, of what the table is now")
        }
        SplitError::Half { .. } => Some("run it again, which completes it"),
        SplitError::Different { .. } => {
            Some("split with that suite and that time to complete it, or to other places")
        }
        SplitError::Unread { .. } => Some("the rest of the table cannot be written without it"),
        _ => None,
    };
    error(&chain(problem), help);
    match problem {
        SplitError::Stopped { .. } => Exit::Failed,
        SplitError::Places(_) | SplitError::NotInPlace(_) => Exit::Usage,
        _ => Exit::Unknown,
    }
}
