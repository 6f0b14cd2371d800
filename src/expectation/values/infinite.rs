//! What a column comes to whose infinite values leave no mean, deviation or quartile to measure by.

use super::super::{Arguments, Lowered, Parameter, ParameterKind, Site};
use super::relative;
use crate::data::Value;
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Metric};
use crate::predicate::Typed;

/// What such a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// The rule that no value of a column meets the condition that measured values make, if they make one.
    pub(super) fn rule(
        self,
        site: &Site<'_>,
        column: &Typed,
        mut metrics: Vec<Metric>,
        failing: impl Fn(&[Value]) -> Result<Option<Typed>, String> + Send + Sync + 'static,
    ) -> Lowered {
        if self == Self::Error {
            return relative::rule(site, column, metrics, failing);
        }
        // NaN is above all numbers, and a value that hides others: that stays an error.
        let (of, filter) = (column.clone(), site.filter.clone());
        metrics.push(Metric::Aggregate { function: Aggregate::Max, of, filter });
        relative::rule(site, column, metrics, move |values| {
            let Some((greatest, values)) = values.split_last() else { return failing(values) };
            failing(values).or_else(|why| if greatest.is_nan() { Err(why) } else { Ok(None) })
        })
    }
}
