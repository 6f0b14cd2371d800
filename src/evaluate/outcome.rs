//! The outcomes of checks, and their verdicts.

use crate::data::{ColumnPath, Value};
use crate::engine::{Origin, Proved};
use crate::privacy::{Samples, Shown};

/// The verdict on a check, a suite or a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The check was not run.
    Skip,
    /// The data meets the check.
    Pass,
    /// The data violates the check, which is only worth a warning.
    Warn,
    /// The check could not be evaluated.
    Error,
    /// The data violates the check.
    Fail,
}

impl Verdict {
    /// Returns the name of the verdict.
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

    /// Returns what a check of this verdict did: passed, warned, failed.
    #[must_use]
    pub const fn past_tense(self) -> &'static str {
        match self {
            Self::Skip => "skipped",
            Self::Pass => "passed",
            Self::Warn => "warned",
            Self::Error => "could not be evaluated",
            Self::Fail => "failed",
        }
    }
}

/// The data that a verdict is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Nothing was read.
    Nothing,
    /// The schema.
    Schema,
    /// Statistics and dictionaries of files alone.
    Statistics,
    /// The scan that all checks share.
    Scan,
    /// The shared scan, and a second one that needs its results.
    SecondScan,
    /// A query of the check's own.
    Query,
    /// The text that the rows were parsed from.
    Text,
}

impl Evidence {
    /// Returns the name of the source.
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

/// The outcome of a check.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict before the check's severity capped it.
    pub uncapped: Verdict,
    /// True if there was nothing to judge.
    pub vacuous: bool,
    /// The reason for the verdict, where the counts do not show it; never missing for an error.
    pub reason: Option<Shown<str>>,
    /// A suggestion how to resolve an error, where one is known.
    pub help: Option<Shown<str>>,
    /// The measured value, for checks that judge a measured value or the schema.
    pub observed: Shown<Value>,
    /// The values that `observed` was computed from, by name; null if there are none.
    pub details: Shown<Value>,
    /// The counts of rows, for checks that judge rows.
    pub counts: Option<Counts>,
    /// The failing rows.
    pub samples: Shown<Samples>,
    /// The columns that the check refers to.
    pub columns: Vec<ColumnPath>,
    /// True if values were withheld because they are personal data.
    pub masked: bool,
    /// The data that the verdict is based on.
    pub read: Evidence,
    /// Number of rows on which statistics proved the check's metrics, if any were measured.
    pub proved: Proved,
    /// The engine and the statements that the measured values come from, if a system was asked for some.
    pub origin: Option<Origin>,
}

impl Outcome {
    /// Returns the outcome of a check that was not judged, with the reason. Long quotations in the reason are
    /// cut.
    #[must_use]
    pub fn unjudged(verdict: Verdict, reason: &Shown<str>) -> Self {
        Self { verdict, uncapped: verdict, reason: Some(reason.brief()), ..Self::blank() }
    }

    /// Returns a passing outcome with no further information.
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
            read: Evidence::Nothing,
            proved: Proved::default(),
            origin: None,
        }
    }
}

/// The counts of a check's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Number of rows that `where` lets through.
    pub rows: u64,
    /// Number of these rows that the check considers.
    pub considered: u64,
    /// Number of considered rows that fail.
    pub failing: u64,
}

impl Counts {
    /// Returns the percentage of considered rows that fail; 0 if there are none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a percent for people; thresholds are compared exactly")]
    pub fn failing_percent(&self) -> f64 {
        if self.considered == 0 { 0.0 } else { self.failing as f64 * 100.0 / self.considered as f64 }
    }
}
