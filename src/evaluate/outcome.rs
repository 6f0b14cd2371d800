//! What a check came to.

use crate::data::{ColumnPath, Value};
use crate::engine::Proved;
use crate::privacy::{Samples, Shown};

/// What a check, a suite or a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Not asked for.
    Skip,
    /// It holds.
    Pass,
    /// It is violated, and only worth a warning.
    Warn,
    /// It could not be evaluated.
    Error,
    /// It is violated.
    Fail,
}

impl Verdict {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fail => "fail",
        }
    }
}

/// What a verdict stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// Nothing was read.
    Nothing,
    /// The schema.
    Schema,
    /// Statistics and dictionaries of files alone.
    Statistics,
    /// The scan that all checks share.
    Scan,
    /// That, and a second one for what the first has measured.
    SecondScan,
    /// A query of its own.
    Query,
    /// The text that the rows were read from.
    Text,
}

impl Read {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Schema => "schema",
            Self::Statistics => "statistics",
            Self::Scan => "scan",
            Self::SecondScan => "second scan",
            Self::Query => "query",
            Self::Text => "text",
        }
    }
}

/// What a check came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict before the check's severity capped it.
    pub uncapped: Verdict,
    /// Whether it passed because there was nothing to judge.
    pub vacuous: bool,
    /// Why, where that is not plain from the counts: always with an error.
    pub reason: Option<Shown<str>>,
    /// The way out of an error, where one is known.
    pub help: Option<Shown<str>>,
    /// What was measured, for checks that judge a measured value or the schema.
    pub observed: Shown<Value>,
    /// What that was computed of, by name; null where nothing more is told.
    pub details: Shown<Value>,
    /// The rows, for checks that judge rows.
    pub counts: Option<Counts>,
    /// Failing rows.
    pub samples: Shown<Samples>,
    /// The columns it speaks of.
    pub columns: Vec<ColumnPath>,
    /// Whether values were withheld because they are personal data.
    pub masked: bool,
    /// What the verdict stands on.
    pub read: Read,
    /// On how many rows statistics proved what it stands on, if anything was measured.
    pub proved: Proved,
}

impl Outcome {
    /// A check that was not judged, with the reason. What that quotes is cut.
    #[must_use]
    pub fn unjudged(verdict: Verdict, reason: &Shown<str>) -> Self {
        Self { verdict, uncapped: verdict, reason: Some(reason.brief()), ..Self::blank() }
    }

    /// A pass of which nothing is known.
    pub(super) fn blank() -> Self {
        Self {
            verdict: Verdict::Pass,
            uncapped: Verdict::Pass,
            vacuous: false,
            reason: None,
            help: None,
            observed: Shown::default(),
            details: Shown::default(),
            counts: None,
            samples: Shown::default(),
            columns: Vec::new(),
            masked: false,
            read: Read::Nothing,
            proved: Proved::default(),
        }
    }
}

/// The rows of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Those that `where` lets through.
    pub rows: u64,
    /// Those of them that it speaks of.
    pub considered: u64,
    /// Those of them that fail.
    pub failing: u64,
}

impl Counts {
    /// Failing rows in a hundred considered ones; none of none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a percent for people; thresholds are compared exactly")]
    pub fn failing_percent(&self) -> f64 {
        if self.considered == 0 { 0.0 } else { self.failing as f64 * 100.0 / self.considered as f64 }
    }
}
