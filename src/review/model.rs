//! Version 1 of the JSON of `karat diff`: types of their own, so that karat's may change without it.

use schemars::JsonSchema;
use serde::Serialize;

use super::Strength;
use crate::document::identified;

/// How suites have changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Diff {
    /// The version of this format: 1.
    pub schema_version: u32,
    /// What was compared with.
    pub old: String,
    /// What was compared.
    pub new: String,
    /// How many checks have changed how.
    pub counts: Counts,
    /// The suites, in the order of the new ones; those that are gone come last.
    pub suites: Vec<SuiteDiff>,
}

/// How many checks have changed how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Those that let more through.
    pub weaker: u64,
    /// Those that are gone. Those that are covered by others are among them.
    pub removed: u64,
    /// Those that are gone, and nothing that they failed passes the others.
    pub covered: u64,
    /// Those of which neither can be proved.
    pub incomparable: u64,
    /// Those that let less through.
    pub stronger: u64,
    /// Those that are new.
    pub added: u64,
    /// Those that are as strong as they were.
    pub equal: u64,
}

/// What a change comes to, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It lets more through.
    Weaker,
    /// It is gone.
    Removed,
    /// Neither is proved.
    Incomparable,
    /// It lets less through.
    Stronger,
    /// It is new.
    Added,
    /// It is as strong as it was.
    Equal,
}

/// How a suite has changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuiteDiff {
    /// Its name.
    pub name: String,
    /// Whether it is new, gone, or there as before.
    pub is: SuiteIs,
    /// The name that it had, where that was another one.
    pub renamed_from: Option<String>,
    /// The file that it was read from; that of the old one, if it is gone.
    pub path: String,
    /// What is said of it as a whole, and has changed.
    pub aspects: Vec<AspectDiff>,
    /// Its checks, in the order of the new ones; those that are gone come last.
    pub checks: Vec<CheckDiff>,
}

/// Whether a suite is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuiteIs {
    /// Before and after.
    There,
    /// Only after.
    Added,
    /// Only before.
    Removed,
}

/// A change of what is said of a suite, or of a check.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AspectDiff {
    /// What: of a suite `data`, `gate`, `layer`, `pii`, `owner`, `key` or `format`; of a check `demand`, `where`,
    /// `limits`, `severity` or `group_by`.
    pub aspect: &'static str,
    /// What that change comes to by itself.
    pub change: Kind,
    /// How it was; nothing where it was not said.
    pub before: Option<String>,
    /// How it is.
    pub after: Option<String>,
}

/// How a check has changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckDiff {
    /// Its id; that of the old one, if it is gone.
    pub id: String,
    /// What the change comes to.
    pub change: Kind,
    /// The id that it had, where that was another one.
    pub renamed_from: Option<String>,
    /// The suite in which it was, where that was another one.
    pub moved_from: Option<String>,
    /// What it demanded.
    pub before: Option<String>,
    /// What it demands.
    pub after: Option<String>,
    /// The line of the old suite.
    pub old_line: Option<usize>,
    /// The line of the new one.
    pub line: Option<usize>,
    /// What of it has changed.
    pub parts: Vec<AspectDiff>,
    /// Of a check that is gone: the new one that fails whatever it failed.
    pub covered_by: Option<String>,
}

impl From<Strength> for Kind {
    fn from(strength: Strength) -> Self {
        match strength {
            Strength::Equal => Self::Equal,
            Strength::Stronger => Self::Stronger,
            Strength::Weaker => Self::Weaker,
            Strength::Incomparable => Self::Incomparable,
        }
    }
}

impl Kind {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weaker => "weaker",
            Self::Removed => "removed",
            Self::Incomparable => "incomparable",
            Self::Stronger => "stronger",
            Self::Added => "added",
            Self::Equal => "equal",
        }
    }
}

impl CheckDiff {
    /// Returns whether it is the same check in the same place, under the same name.
    #[must_use]
    pub const fn is_untouched(&self) -> bool {
        matches!(self.change, Kind::Equal)
            && self.renamed_from.is_none()
            && self.moved_from.is_none()
            && self.parts.is_empty()
    }
}

impl SuiteDiff {
    /// Returns whether nothing of it has changed.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.is == SuiteIs::There
            && self.renamed_from.is_none()
            && self.aspects.is_empty()
            && self.checks.iter().all(CheckDiff::is_untouched)
    }
}

impl Diff {
    /// What the changes come to, one by one. What is gone and covered by others is no loss.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.suites.iter().flat_map(|suite| {
            let checks =
                suite.checks.iter().filter(|check| check.covered_by.is_none()).map(|check| check.change);
            suite.aspects.iter().map(|aspect| aspect.change).chain(checks)
        })
    }

    /// Returns whether nothing has changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.suites.iter().all(SuiteDiff::is_untouched)
    }
}

impl Counts {
    /// Counts the changes of checks.
    pub(super) fn of(suites: &[SuiteDiff]) -> Self {
        let mut counts = Self::default();
        for check in suites.iter().flat_map(|suite| &suite.checks) {
            let count = match check.change {
                Kind::Weaker => &mut counts.weaker,
                Kind::Removed => &mut counts.removed,
                Kind::Incomparable => &mut counts.incomparable,
                Kind::Stronger => &mut counts.stronger,
                Kind::Added => &mut counts.added,
                Kind::Equal => &mut counts.equal,
            };
            *count += 1;
            counts.covered += u64::from(check.covered_by.is_some());
        }
        counts
    }
}

/// The JSON Schema of version 1 of the changes.
#[must_use]
pub fn diff_schema() -> serde_json::Value {
    identified("urn:karat:diff:v1", schemars::schema_for!(Diff).to_value())
}
