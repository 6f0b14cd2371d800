//! The parts that a split has written.

use crate::data::counted;
use crate::gate::{Decision, Gate};

/// The parts of the data, as a split has written them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SplitParts {
    /// The rows that are valid; `None` if they stay where they are.
    pub valid: Option<SplitPart>,
    /// The rows that were put aside.
    pub quarantine: SplitPart,
    /// The rows of the quarantine as they were deleted from the table; `None` if they stay there.
    pub deleted: Option<SplitPart>,
    /// What the gate decides of the valid rows: checks whose failing rows were put aside are taken to pass.
    pub gate: Gate,
}

/// One of the parts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SplitPart {
    /// The URI of the table or file, without credentials.
    pub to: String,
    /// Number of rows; `None` if an earlier run wrote them and did not say how many.
    pub rows: Option<u64>,
    /// The version of the Delta table that has them first; `None` for a file.
    pub version: Option<u64>,
    /// The earlier run that wrote them, so that nothing was written again.
    pub earlier: Option<EarlierRun>,
}

/// A run that wrote the same rows before.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EarlierRun {
    /// Its id, if the table says so.
    pub id: Option<String>,
}

impl SplitParts {
    /// Returns each part with its name.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&'static str, &SplitPart)> {
        let parts = [
            ("valid", self.valid.as_ref()),
            ("quarantine", Some(&self.quarantine)),
            ("deleted", self.deleted.as_ref()),
        ];
        parts.into_iter().filter_map(|(name, part)| part.map(|part| (name, part)))
    }

    /// Returns one sentence about what the gate makes of the valid rows.
    #[must_use]
    pub fn sentence(&self) -> String {
        let decision = match self.gate.decision {
            Decision::Passed => "passed",
            Decision::Failed => "FAILED",
            Decision::Unknown => "could not tell",
        };
        format!("gate of the valid rows {decision}: {}", self.gate.reason)
    }
}

impl SplitPart {
    /// Returns where it is: `lake/silver/orders @ v3`.
    pub(crate) fn place(&self) -> String {
        let version = self.version.map_or_else(String::new, |version| format!(" @ v{version}"));
        format!("{}{version}", self.to)
    }

    /// Returns what is there: `5,990 rows`, and the run that wrote them, if it was an earlier one.
    pub(crate) fn content(&self) -> String {
        let rows = self.rows.map_or_else(|| "these rows".to_owned(), |rows| counted(rows, "row", "rows"));
        let earlier = self.earlier.as_ref().map_or_else(String::new, |run| {
            let by = run.id.as_ref().map_or_else(|| "before".to_owned(), |id| format!("by run {id}"));
            format!(", written {by}: nothing was written again")
        });
        format!("{rows}{earlier}")
    }
}
