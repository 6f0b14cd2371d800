//! What is said of a table that was not split.

use crate::cli::exit::Exit;
use crate::cli::terminal::error;
use crate::run::chain;
use crate::sink::SinkError;
use crate::split::SplitError;

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
