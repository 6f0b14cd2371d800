//! The form of a check that is bound to a schema: a rule for rows, or metrics and a demand on their values.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Condition, Demand};
use crate::data::{ColumnPath, LiteralError, ResolveError, Value};
use crate::document::Span;
use crate::metric::{Grouping, Lookup, Measured, Metric, Misshapen, Sequence};
use crate::predicate::{TypeError, Typed};

/// The subject that an expectation judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Single rows, each of which passes or fails. Thresholds apply.
    Rows,
    /// The parsing of rows, before they have values. Thresholds apply, and `where` does not.
    Reading,
    /// A value measured over all rows, which meets the demand or does not.
    Measured,
    /// The schema, before any row is read. Neither thresholds nor `where` apply.
    Schema,
}

impl Nature {
    /// Returns whether the check counts failing rows.
    #[must_use]
    pub const fn counts_rows(self) -> bool {
        matches!(self, Self::Rows | Self::Reading)
    }

    /// Returns the nature in one word.
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

/// A check that is bound to a schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Lowered {
    /// A rule that each row passes or fails.
    Rows(RowRule),
    /// A demand on measured values.
    Measured {
        /// The metrics to measure.
        metrics: Vec<Metric>,
        /// The demand on their values, which come in the order of the metrics.
        demand: Demand,
    },
    /// A verdict that the schema alone decides.
    Decided(Judgement),
    /// The rule that every row can be parsed.
    Readable,
}

/// The rows that a check considers, and the condition under which they fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowRule {
    /// True on the considered rows; never null. Percentages of failing rows are shares of these rows.
    pub considered: Typed,
    /// The condition under which a considered row fails.
    pub fails: FailureRule,
}

/// The condition under which a considered row fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureRule {
    /// The row fails if this condition is true. A row on which the condition is null passes.
    Condition(Typed),
    /// The row fails if another considered row has equal keys.
    Duplicate {
        /// The expressions that make up the key.
        keys: Vec<Typed>,
    },
    /// The row fails if its value does not have the required order relation to the considered rows before it.
    OutOfOrder(Box<Sequence>),
    /// The row fails if another dataset has no row with equal keys.
    Unmatched(Box<Lookup>),
    /// The row fails if a condition is true that follows from measured values. Takes a second scan.
    MeasuredCondition {
        /// The metrics that the condition follows from.
        metrics: Vec<Metric>,
        /// The condition as a function of the measured values.
        condition: Condition,
    },
}

impl RowRule {
    /// Calls `see` with every column that decides which rows fail.
    pub fn each_column<'a>(&'a self, see: &mut impl FnMut(&'a ColumnPath)) {
        match &self.fails {
            FailureRule::Condition(failing) => failing.each_column(see),
            FailureRule::Duplicate { keys } => {
                for key in keys {
                    key.each_column(see);
                }
                self.considered.each_column(see);
            }
            FailureRule::OutOfOrder(sequence) => sequence.each_column(see),
            FailureRule::Unmatched(lookup) => lookup.grouping.each_column(see),
            FailureRule::MeasuredCondition { metrics, .. } => {
                for metric in metrics {
                    metric.each_column(see);
                }
            }
        }
    }

    /// Returns the grouping of the considered rows by these keys.
    pub(crate) fn grouping(&self, keys: &[Typed]) -> Grouping {
        Grouping { keys: keys.to_vec(), filter: self.considered.clone() }
    }
}

/// The measured values and times that a demand is judged by.
#[derive(Debug)]
pub struct JudgementInput<'a> {
    /// The measured values, in the order of the check's metrics.
    pub measured: &'a [Measured],
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// The commit time of the snapshot, if its format records one.
    pub committed: Option<DateTime<Utc>>,
}

impl<'a> JudgementInput<'a> {
    /// Returns the measured value of a metric, by the metric's position in the check.
    ///
    /// # Errors
    /// Nothing was.
    pub fn of(&self, metric: usize) -> Result<&'a Measured, Misshapen> {
        self.measured.get(metric).ok_or_else(|| Measured::missing("what was measured"))
    }

    /// Returns the measured count of a metric.
    ///
    /// # Errors
    /// Something else was.
    pub fn count(&self, metric: usize) -> Result<u64, Misshapen> {
        self.of(metric)?.count()
    }

    /// Returns the single measured value of a metric.
    ///
    /// # Errors
    /// Something else was.
    pub fn value(&self, metric: usize) -> Result<Value, Misshapen> {
        self.of(metric)?.value()
    }

    /// Returns the single measured value of each metric.
    ///
    /// # Errors
    /// Something else was measured of one.
    pub fn values(&self) -> Result<Vec<Value>, Misshapen> {
        self.measured.iter().map(Measured::value).collect()
    }
}

/// The result of judging a demand or a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// True if the demand is met; an error with the reason if that cannot be decided.
    pub met: Result<bool, String>,
    /// The observed value.
    pub observed: Value,
    /// The parts from which the observed value was computed, by name; null if reports show none.
    pub details: Value,
    /// A remark on the result, for example why the demand is not met.
    pub reason: Option<String>,
    /// Example rows, each as names with values.
    pub examples: Vec<Vec<(String, Value)>>,
}

impl Judgement {
    /// Returns a judgement of an observed value.
    #[must_use]
    pub fn new(met: bool, observed: Value) -> Self {
        Self { met: Ok(met), observed, details: Value::Null, reason: None, examples: Vec::new() }
    }

    /// Returns the judgement that the demand is not met because there are no values to define the result.
    #[must_use]
    pub fn undefined() -> Self {
        Self::new(false, Value::Null).because("undefined: there are no values")
    }

    /// Returns the judgement that the demand cannot be decided.
    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self { met: Err(reason.into()), ..Self::new(false, Value::Null) }
    }

    /// Adds the reason.
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

/// The error that a check cannot be evaluated on a table, raised before any row is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct LowerError {
    /// The reason, as a lower-case fragment.
    pub message: String,
    /// A way to fix the check, if one is known.
    pub help: Option<String>,
    /// The part of the check that causes the error.
    pub place: Place,
}

/// A part of a check. Spans are byte ranges of a predicate's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The arguments of the expectation.
    Arguments,
    /// A part of the predicate among the arguments.
    Predicate(Span),
    /// A part of one of the check's `where` conditions.
    Where {
        /// The position of the condition among them.
        index: usize,
        /// The span within the condition.
        inner: Span,
    },
}

impl LowerError {
    /// Returns an error without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, place: Place::Arguments }
    }

    /// Adds a way to fix the check.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns an error in a predicate among the arguments, with its span.
    #[must_use]
    pub fn in_predicate(error: TypeError) -> Self {
        Self { message: error.message, help: error.help, place: Place::Predicate(error.span) }
    }

    /// Returns an error in one of the check's `where` conditions, with its span.
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
