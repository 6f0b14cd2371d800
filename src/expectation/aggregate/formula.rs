//! Formulas over aggregates: their translation to metrics, and their results from measured values.

use serde::Serialize;

use super::super::{LowerError, Site};
use super::number::{Number, Undefined};
use crate::data::{DataType, Decimal, Exact, Value};
use crate::metric::{Aggregate, GroupStatistic, Grouping, Metric};
use crate::predicate::{
    Arithmetic, Call, Expression, Formula, Summary, TypeError, Typed, check, check_boolean,
};

/// A formula that is bound to a dataset, with the metrics that the formula needs.
pub(in crate::expectation) struct FormulaMetrics {
    pub(in crate::expectation) of: BoundFormula,
    pub(in crate::expectation) metrics: Vec<Metric>,
    /// True if the measured values are exact: none is computed from floats.
    pub(in crate::expectation) exact: bool,
}

impl FormulaMetrics {
    /// Binds a formula to a dataset.
    pub(in crate::expectation) fn lower(formula: &Formula, site: &Site<'_>) -> Result<Self, LowerError> {
        let mut lowering = Lowering { site, metrics: Vec::new(), exact: true };
        let of = lowering.formula(formula)?;
        Ok(Self { of, metrics: lowering.metrics, exact: lowering.exact })
    }
}

/// A formula whose aggregates are positions among the measured values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::expectation) enum BoundFormula {
    Number(Decimal),
    Value(usize),
    /// A mean, by the positions of its sum and its count.
    Mean(usize, usize),
    Negate(Box<BoundFormula>),
    Arithmetic(Arithmetic, Box<BoundFormula>, Box<BoundFormula>),
}

impl BoundFormula {
    /// Computes the formula from measured values. Intermediate results are exact even where the values were
    /// measured from floats; only the result is rounded.
    pub(in crate::expectation) fn compute(&self, values: &[Value]) -> Result<Number, Undefined> {
        match self {
            Self::Number(Decimal { unscaled, scale }) => Ok(Number::Exact(Exact::scaled(*unscaled, *scale))),
            Self::Value(position) => measured(values, *position),
            Self::Mean(sum, count) => {
                let mean =
                    Number::compute(Arithmetic::Divide, &measured(values, *sum)?, &measured(values, *count)?);
                mean.map_err(|why| if why == Undefined::Division { Undefined::NoValues } else { why })
            }
            Self::Negate(of) => of.compute(values).map(Number::negated),
            Self::Arithmetic(how, left, right) => {
                Number::compute(*how, &left.compute(values)?, &right.compute(values)?)
            }
        }
    }
}

fn measured(values: &[Value], position: usize) -> Result<Number, Undefined> {
    values.get(position).map_or(Err(Undefined::NoValues), Number::measured)
}

struct Lowering<'a> {
    site: &'a Site<'a>,
    metrics: Vec<Metric>,
    /// True if all metrics so far are exact.
    exact: bool,
}

impl Lowering<'_> {
    fn formula(&mut self, formula: &Formula) -> Result<BoundFormula, LowerError> {
        Ok(match formula {
            Formula::Number(number) => BoundFormula::Number(*number),
            Formula::Call(call) => self.call(call).map_err(LowerError::in_predicate)?,
            Formula::Negate(of) => BoundFormula::Negate(Box::new(self.formula(of)?)),
            Formula::Arithmetic(how, left, right) => {
                BoundFormula::Arithmetic(*how, Box::new(self.formula(left)?), Box::new(self.formula(right)?))
            }
        })
    }

    fn call(&mut self, call: &Call) -> Result<BoundFormula, TypeError> {
        let filter = self.site.filter.clone();
        let Some(of) = &call.of else { return Ok(self.value(Metric::Count(filter))) };
        let (schema, now) = (self.site.schema, self.site.now);
        let function = match call.function {
            Summary::CountIf => {
                let met = Typed::all([filter, check_boolean(of, schema, now)?.is_true()]);
                return Ok(self.value(Metric::Count(met)));
            }
            Summary::Count => {
                let present = Typed::all([filter, check(of, schema, now)?.is_not_null()]);
                return Ok(self.value(Metric::Count(present)));
            }
            Summary::CountDistinct => {
                let key = check(of, schema, now)?;
                let fits = key.data_type.is_comparable();
                let filter = Typed::all([filter, key.clone().is_not_null()]);
                return if fits {
                    let grouping = Grouping { keys: vec![key], filter };
                    Ok(self.value(Metric::Group { grouping, statistic: GroupStatistic::Distinct }))
                } else {
                    Err(misfit(call, of, "values that can be compared", &key))
                };
            }
            Summary::Sum | Summary::Average => Aggregate::Sum,
            Summary::Min => Aggregate::Min,
            Summary::Max => Aggregate::Max,
            Summary::StandardDeviation => Aggregate::StandardDeviation,
            Summary::Median => Aggregate::MEDIAN,
        };
        let of_rows = check(of, schema, now)?;
        if !of_rows.data_type.is_numeric() {
            return Err(misfit(call, of, "numbers", &of_rows));
        }
        self.exact &= !matches!(of_rows.data_type, DataType::Float { .. });
        let present = Typed::all([filter.clone(), of_rows.clone().is_not_null()]);
        let value = self.metric(Metric::Aggregate { function, of: of_rows, filter });
        if call.function != Summary::Average {
            return Ok(BoundFormula::Value(value));
        }
        // A sum and a count merge exactly over groups of files; a mean does not.
        Ok(BoundFormula::Mean(value, self.metric(Metric::Count(present))))
    }

    fn value(&mut self, metric: Metric) -> BoundFormula {
        BoundFormula::Value(self.metric(metric))
    }

    /// Adds a metric and returns its position.
    fn metric(&mut self, metric: Metric) -> usize {
        self.metrics.push(metric);
        self.metrics.len() - 1
    }
}

fn misfit(call: &Call, of: &Expression, wanted: &str, found: &Typed) -> TypeError {
    let message = format!("{}() needs {wanted}, this is {}", call.function.name(), found.data_type);
    TypeError { message, span: of.span, help: None }
}
