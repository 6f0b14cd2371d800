//! `measure`: a number computed of aggregates lies within bounds.

use super::super::bounds::{BoundBounds, Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::{
    Definition, Expectation, Facts, Family, Judgement, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use super::number::{Number, Undefined};
use crate::data::{DataType, Decimal};
use crate::metric::{Aggregate, GroupStatistic, Grouping, Metric};
use crate::predicate::{
    Arithmetic, Call, Expression, Formula, Summary, TypeError, Typed, check, check_boolean, parse_formula,
};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "measure",
    great_expectations: &[],
    family: Family::Aggregate,
    scope: Scope::Either,
    nature: Nature::Measured,
    summary: "a number computed of aggregates lies within bounds",
    parameters: &[
        Parameter::required("of", ParameterKind::Sql, "aggregates and arithmetic, in SQL"),
        MIN,
        MAX,
        STRICT_MIN,
        STRICT_MAX,
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/measure.md"),
    read: |arguments| {
        let node = arguments.required("of")?;
        let of = parse_formula(arguments.text("of")?).map_err(|error| error.inside(node))?;
        Ok(Box::new(Measure { of, bounds: arguments.bounds()? }))
    },
};

#[derive(Debug)]
struct Measure {
    of: Formula,
    bounds: Bounds,
}

impl Expectation for Measure {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let mut lowering = Lowering { site, metrics: Vec::new(), exact: true };
        let of = lowering.formula(&self.of)?;
        // Against bounds as they are written, a float would be measured by digits that it cannot have.
        let bounds = self.bounds.bind(if lowering.exact { &DataType::INT128 } else { &DataType::FLOAT64 })?;
        let judge = move |facts: &Facts<'_>| judgement(of.compute(facts), &bounds);
        Ok(Lowered::Measured { metrics: lowering.metrics, judge: Box::new(judge) })
    }

    fn demand(&self) -> String {
        format!("{} {}", self.of, self.bounds.demand())
    }
}

fn judgement(number: Result<Number, Undefined>, bounds: &BoundBounds) -> Judgement {
    match number {
        Ok(number) => bounds.judge(&number.value()),
        Err(Undefined::NoValues) => Judgement::undefined(),
        Err(why) => Judgement { reason: Some(format!("undefined: {why}")), ..Judgement::undefined() },
    }
}

/// A formula whose aggregates are positions among the measured values.
#[derive(Debug)]
enum Measured {
    Number(Decimal),
    Value(usize),
    /// A sum, and of how many values.
    Mean(usize, usize),
    Negate(Box<Measured>),
    Arithmetic(Arithmetic, Box<Measured>, Box<Measured>),
}

impl Measured {
    fn compute(&self, facts: &Facts<'_>) -> Result<Number, Undefined> {
        match self {
            Self::Number(number) => Ok(Number::Exact(*number)),
            Self::Value(position) => measured(facts, *position),
            Self::Mean(sum, count) => {
                let mean =
                    Number::compute(Arithmetic::Divide, measured(facts, *sum)?, measured(facts, *count)?);
                mean.map_err(|why| if why == Undefined::Division { Undefined::NoValues } else { why })
            }
            Self::Negate(of) => of.compute(facts).map(Number::negated),
            Self::Arithmetic(how, left, right) => {
                Number::compute(*how, left.compute(facts)?, right.compute(facts)?)
            }
        }
    }
}

fn measured(facts: &Facts<'_>, position: usize) -> Result<Number, Undefined> {
    facts.values.get(position).map_or(Err(Undefined::NoValues), Number::measured)
}

struct Lowering<'a> {
    site: &'a Site<'a>,
    metrics: Vec<Metric>,
    /// Whether all that is measured is exact.
    exact: bool,
}

impl Lowering<'_> {
    fn formula(&mut self, formula: &Formula) -> Result<Measured, LowerError> {
        Ok(match formula {
            Formula::Number(number) => Measured::Number(*number),
            Formula::Call(call) => self.call(call).map_err(LowerError::in_predicate)?,
            Formula::Negate(of) => Measured::Negate(Box::new(self.formula(of)?)),
            Formula::Arithmetic(how, left, right) => {
                Measured::Arithmetic(*how, Box::new(self.formula(left)?), Box::new(self.formula(right)?))
            }
        })
    }

    fn call(&mut self, call: &Call) -> Result<Measured, TypeError> {
        let filter = self.site.filter.clone();
        let Some(of) = &call.of else { return Ok(self.value(Metric::Count(filter))) };
        let schema = self.site.schema;
        let function = match call.function {
            Summary::CountIf => {
                let met = Typed::all([filter, check_boolean(of, schema)?.is_true()]);
                return Ok(self.value(Metric::Count(met)));
            }
            Summary::Count => {
                let present = Typed::all([filter, check(of, schema)?.is_not_null()]);
                return Ok(self.value(Metric::Count(present)));
            }
            Summary::CountDistinct => {
                let key = check(of, schema)?;
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
        let of_rows = check(of, schema)?;
        if !of_rows.data_type.is_numeric() {
            return Err(misfit(call, of, "numbers", &of_rows));
        }
        let estimated = matches!(call.function, Summary::StandardDeviation | Summary::Median);
        self.exact &= !estimated && !matches!(of_rows.data_type, DataType::Float { .. });
        let present = Typed::all([filter.clone(), of_rows.clone().is_not_null()]);
        let value = self.metric(Metric::Aggregate { function, of: of_rows, filter });
        if call.function != Summary::Average {
            return Ok(Measured::Value(value));
        }
        // The sum and the count, not the mean itself: they merge exactly over groups of files.
        Ok(Measured::Mean(value, self.metric(Metric::Count(present))))
    }

    fn value(&mut self, metric: Metric) -> Measured {
        Measured::Value(self.metric(metric))
    }

    /// The position of a metric among those that are measured.
    fn metric(&mut self, metric: Metric) -> usize {
        self.metrics.push(metric);
        self.metrics.len() - 1
    }
}

fn misfit(call: &Call, of: &Expression, wanted: &str, found: &Typed) -> TypeError {
    let message = format!("{}() needs {wanted}, this is {}", call.function.name(), found.data_type);
    TypeError { message, span: of.span, help: None }
}
