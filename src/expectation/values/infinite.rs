//! What a column comes to whose infinite values leave no mean, deviation or quartile to measure by.

use serde::Serialize;

use super::super::{Arguments, Parameter, ParameterKind, Site};
use crate::data::Value;
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Metric};
use crate::predicate::Typed;

/// What such a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Infinite {
    /// It cannot be evaluated.
    Error,
    /// None of its values fails, as Great Expectations has it.
    Pass,
}

impl Infinite {
    pub(super) const PARAMETER: Parameter = Parameter::optional(
        "infinite",
        ParameterKind::Choice(&["error", "pass"]),
        "what it comes to where infinite values leave nothing to measure by",
    );

    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        arguments.choice("infinite", &[("error", Self::Error), ("pass", Self::Pass)])
    }

    /// What is measured last to tell such a column.
    pub(super) fn metric(self, site: &Site<'_>, column: &Typed) -> Option<Metric> {
        let (of, filter) = (column.clone(), site.filter.clone());
        (self == Self::Pass).then_some(Metric::Aggregate { function: Aggregate::Max, of, filter })
    }

    /// The condition that measured values make, if they make one; that which is measured for this is their last.
    pub(super) fn unless_hidden(
        self,
        values: &[Value],
        condition: impl Fn(&[Value]) -> Result<Option<Typed>, String>,
    ) -> Result<Option<Typed>, String> {
        match (self, values.split_last()) {
            // NaN is above all numbers, and a value that hides others: that stays an error.
            (Self::Pass, Some((greatest, values))) => {
                condition(values).or_else(|why| if greatest.is_nan() { Err(why) } else { Ok(None) })
            }
            _ => condition(values),
        }
    }
}
