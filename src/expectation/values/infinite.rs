//! The parameter `infinite`, for columns whose infinite values leave no finite mean, deviation or quartile.

use serde::Serialize;

use super::super::{Arguments, Parameter, ParameterKind, Site};
use crate::data::Value;
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Metric};
use crate::predicate::Typed;

/// The treatment of a column whose infinite values leave no finite mean, deviation or quartile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Infinite {
    /// The check cannot be evaluated.
    Error,
    /// No value fails, as in Great Expectations.
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

    /// Returns the metric that finds NaN in the column, which must be measured last; none for `Error`.
    pub(super) fn metric(self, site: &Site<'_>, column: &Typed) -> Option<Metric> {
        let (of, filter) = (column.clone(), site.filter.clone());
        (self == Self::Pass).then_some(Metric::Aggregate { function: Aggregate::Max, of, filter })
    }

    /// Returns the condition that follows from measured values, if there is one. The last value is that of
    /// `metric`, where there is one.
    pub(super) fn condition_or_pass(
        self,
        values: &[Value],
        condition: impl Fn(&[Value]) -> Result<Option<Typed>, String>,
    ) -> Result<Option<Typed>, String> {
        match (self, values.split_last()) {
            // NaN sorts above all numbers. With NaN among the values, the error stays an error.
            (Self::Pass, Some((greatest, values))) => {
                condition(values).or_else(|why| if greatest.is_nan() { Err(why) } else { Ok(None) })
            }
            _ => condition(values),
        }
    }
}
