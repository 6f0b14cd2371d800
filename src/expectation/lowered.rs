//! What a check comes down to.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Condition, Demand};
use crate::data::{ColumnPath, LiteralError, ResolveError, Value};
use crate::document::Span;
use crate::metric::{Grouping, Lookup, Measured, Metric, Misshapen, Sequence};
use crate::predicate::{TypeError, Typed};

/// What an expectation judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Rows, each of which holds or fails: thresholds apply.
    Rows,
    /// The reading of rows, before they have values: thresholds apply, and `where` does not.
    Reading,
    /// A value measured on all rows: it is met or not.
    Measured,
    /// The schema, before any row is read: `where` does not apply either.
    Schema,
}

impl Nature {
    /// Returns whether it counts rows that fail.
    #[must_use]
    pub const fn counts_rows(self) -> bool {
        matches!(self, Self::Rows | Self::Reading)
    }

    /// What that is, in a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Reading => "reading",
            Self::Measured => "value",
            Self::Schema => "schema",
        }
    }
}

/// A check bound to a schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Lowered {
    /// Rows hold or fail.
    Rows(RowRule),
    /// Measured values meet a demand or do not.
    Measured {
        /// What is measured.
        metrics: Vec<Metric>,
        /// What is demanded of the values, in the order of the metrics.
        demand: Demand,
    },
    /// The schema alone has decided.
    Decided(Judgement),
    /// Rows fail that could not be read.
    Readable,
}

/// Which rows a check considers and which of them fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowRule {
    /// The rows it speaks of; never null. The denominator of its percents.
    pub considered: Typed,
    /// Which of them fail.
    pub fails: Failing,
}

/// How a considered row fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Failing {
    /// This condition is true on it. Where it is null, the row does not fail.
    When(Typed),
    /// Another considered row has the same keys.
    Duplicate {
        /// The keys.
        keys: Vec<Typed>,
    },
    /// It does not stand to the considered rows before it as it must.
    Misplaced(Box<Sequence>),
    /// Another dataset has no row with its keys.
    Unmatched(Box<Lookup>),
    /// A condition is true on it that is known only once these are measured: it takes a second scan.
    Relative {
        /// What is measured.
        metrics: Vec<Metric>,
        /// The condition.
        condition: Condition,
    },
}

impl RowRule {
    /// Calls `see` with every column that tells which rows fail.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        match &self.fails {
            Failing::When(failing) => failing.each_column(see),
            Failing::Duplicate { keys } => {
                for key in keys {
                    key.each_column(see);
                }
                self.considered.each_column(see);
            }
            Failing::Misplaced(sequence) => sequence.each_column(see),
            Failing::Unmatched(lookup) => lookup.grouping.each_column(see),
            Failing::Relative { metrics, .. } => {
                for metric in metrics {
                    metric.each_column(see);
                }
            }
        }
    }

    /// The groups that equal keys make of the considered rows.
    pub(crate) fn grouping(&self, keys: &[Typed]) -> Grouping {
        Grouping { keys: keys.to_vec(), filter: self.considered.clone() }
    }
}

/// What a demand is judged by.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What was measured, in the order of the metrics.
    pub measured: &'a [Measured],
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// When the snapshot was committed, where its format says so.
    pub committed: Option<DateTime<Utc>>,
}

impl<'a> Facts<'a> {
    /// What was measured of a metric, by its number among those of the check.
    ///
    /// # Errors
    /// Nothing was.
    pub fn of(&self, metric: usize) -> Result<&'a Measured, Misshapen> {
        self.measured.get(metric).ok_or_else(|| Measured::missing("what was measured"))
    }

    /// The count that was measured.
    ///
    /// # Errors
    /// Something else was.
    pub fn count(&self, metric: usize) -> Result<u64, Misshapen> {
        self.of(metric)?.count()
    }

    /// The one value that was measured.
    ///
    /// # Errors
    /// Something else was.
    pub fn value(&self, metric: usize) -> Result<Value, Misshapen> {
        self.of(metric)?.value()
    }

    /// The one value of each metric.
    ///
    /// # Errors
    /// Something else was measured of one.
    pub fn values(&self) -> Result<Vec<Value>, Misshapen> {
        self.measured.iter().map(Measured::value).collect()
    }
}

/// Whether a demand is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// Met, not met, or not to be told.
    pub met: Result<bool, String>,
    /// What was observed.
    pub observed: Value,
    /// What that was computed of, by name; null where nothing more is told.
    pub details: Value,
    /// What is noteworthy, such as why it is not met.
    pub reason: Option<String>,
    /// Rows that show it, as names and values.
    pub examples: Vec<Vec<(String, Value)>>,
}

impl Judgement {
    /// Met or not, for an observed value.
    #[must_use]
    pub fn new(met: bool, observed: Value) -> Self {
        Self { met: Ok(met), observed, details: Value::Null, reason: None, examples: Vec::new() }
    }

    /// Not met because nothing defines the value.
    #[must_use]
    pub fn undefined() -> Self {
        Self::new(false, Value::Null).because("undefined: there are no values")
    }

    /// Cannot be told.
    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self { met: Err(reason.into()), ..Self::new(false, Value::Null) }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

impl From<Misshapen> for Box<Judgement> {
    fn from(error: Misshapen) -> Self {
        Self::new(Judgement::unknown(error.to_string()))
    }
}

/// Why a check cannot be evaluated on a table, known before a row is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct LowerError {
    /// Why, as a lower-case fragment.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// The part of the check that is to blame.
    pub place: Place,
}

/// A part of a check. Spans are bytes of a predicate's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// What its expectation was given.
    Arguments,
    /// A part of the predicate among its arguments.
    Predicate(Span),
    /// A part of one of its `where`s.
    Where {
        /// Which.
        index: usize,
        /// Where in that.
        inner: Span,
    },
}

impl LowerError {
    /// An error without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, place: Place::Arguments }
    }

    /// The same with the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// An error of a predicate among the arguments, with its place.
    #[must_use]
    pub fn in_predicate(error: TypeError) -> Self {
        Self { message: error.message, help: error.help, place: Place::Predicate(error.span) }
    }

    /// An error of one of the check's `where`s, with its place.
    #[must_use]
    pub fn in_where(index: usize, error: TypeError) -> Self {
        Self {
            message: format!("in where: {}", error.message),
            help: error.help,
            place: Place::Where { index, inner: error.span },
        }
    }
}

impl From<ResolveError> for LowerError {
    fn from(error: ResolveError) -> Self {
        Self { message: error.message, help: error.help, place: Place::Arguments }
    }
}

impl From<LiteralError> for LowerError {
    fn from(error: LiteralError) -> Self {
        Self { message: error.message, help: error.help, place: Place::Arguments }
    }
}

impl From<TypeError> for LowerError {
    fn from(error: TypeError) -> Self {
        Self { message: error.message, help: error.help, place: Place::Arguments }
    }
}
