//! `same_as`: a number computed of aggregates is the same in another dataset.

use std::cmp::Ordering;

use serde::Serialize;

use super::super::aggregate::formula::{BoundFormula, FormulaMetrics};
use super::super::aggregate::number::{Number, Undefined};
use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::distance::Distance;
use crate::data::{ColumnPath, Dataset, Exact, Value};
use crate::document::{Diagnostic, Node};
use crate::metric::{Metric, Misshapen};
use crate::predicate::{Formula, parse_formula};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "same_as",
    family: Family::Cross,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "a number computed of aggregates is the same in another dataset",
    parameters: &[
        Parameter::required("data", ParameterKind::Dataset, "where the other dataset lies"),
        Parameter::required("of", ParameterKind::Sql, "aggregates and arithmetic, in SQL"),
        Parameter::optional("other", ParameterKind::Sql, "the same in the other dataset, where it differs"),
        Parameter::optional("tolerance", ParameterKind::Tolerance, "how far the numbers may be apart"),
    ],
    bare: None,
    page: include_str!("../../../expectations/cross/same_as.md"),
    read: |arguments| Ok(Box::new(SameAs::read(arguments)?)),
};

#[derive(Debug)]
struct SameAs {
    data: String,
    of: Formula,
    other: Option<Formula>,
    tolerance: Distance,
}

impl SameAs {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let formula = |node: &Node| parse_formula(node.text("SQL")?).map_err(|error| error.inside(node));
        Ok(Self {
            data: arguments.dataset("data")?,
            of: formula(arguments.required("of")?)?,
            other: arguments.node("other").map(formula).transpose()?,
            tolerance: arguments.node("tolerance").map_or(Ok(Distance::ZERO), Distance::read_tolerance)?,
        })
    }

    fn dataset(&self) -> Dataset {
        Dataset::Named(self.data.clone())
    }
}

/// Returns a number as reports show it beside another: rounded, if the rounded number compares in the same
/// way.
fn shown(number: &Value, beside: &Value) -> Value {
    match number {
        Value::Exact(exact) => exact.clone().shown(|shown| shown.compare(beside) == number.compare(beside)),
        _ => number.clone(),
    }
}

impl Expectation for SameAs {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let here = FormulaMetrics::lower(&self.of, site)?;
        let schema = site.others.schema(&self.dataset())?;
        let there = Site { schema, filter: site.filter_in(schema)?, ..*site };
        let there =
            FormulaMetrics::lower(self.other.as_ref().unwrap_or(&self.of), &there).map_err(|error| {
                LowerError { message: format!("in the other dataset: {}", error.message), ..error }
            })?;
        let own = here.metrics.len();
        let of_other = |metric| Metric::OtherDataset { dataset: self.dataset(), metric: Box::new(metric) };
        let metrics = here.metrics.into_iter().chain(there.metrics.into_iter().map(of_other)).collect();
        let demand = SameNumber {
            here: here.of,
            there: there.of,
            own,
            exact: here.exact && there.exact,
            tolerance: self.tolerance,
        };
        Ok(Lowered::Measured { metrics, demand: Demand::SameNumber(demand) })
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![self.dataset()]
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let other = self.other.as_ref().unwrap_or(&self.of);
        let claim = Claim::whole(format!("{} beside {other} of {}", self.of, self.data));
        Some(claim.needing_all(self.tolerance.needs("tolerance", Need::AtMost)))
    }

    fn demand(&self) -> String {
        let other = self.other.as_ref().map_or_else(String::new, |other| format!(" = {other}"));
        let within = match self.tolerance {
            Distance::ZERO => String::new(),
            tolerance => format!(" within {tolerance}"),
        };
        format!("{}{other} of {}{within}", self.of, self.data)
    }
}

/// The demand that a number is the same in another dataset.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SameNumber {
    here: BoundFormula,
    /// The formula on the other dataset. Its values are measured after those of `here`.
    there: BoundFormula,
    /// Number of measured values that belong to `here`.
    own: usize,
    /// True if the measured values are exact: none is computed from floats.
    exact: bool,
    tolerance: Distance,
}

impl SameNumber {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let all = input.values()?;
        let (values, others) = all.split_at(self.own.min(all.len()));
        let numbers = [self.here.compute(values), self.there.compute(others)];
        let undefined = numbers.iter().find_map(|number| number.as_ref().err().map(Undefined::to_string));
        // A number computed from floats has no more digits than a double.
        let value = |number: Number| if self.exact { number.value() } else { number.rounded() };
        let [left, right] = numbers.map(|number| number.map_or(Value::Null, value));
        let met = match (Exact::of(&left), Exact::of(&right)) {
            (Some(left), Some(right)) => self.tolerance.reaches(&left, &right),
            // Infinite numbers are equal or infinitely far apart, so that no tolerance applies.
            _ => left.compare(&right).is_some_and(Ordering::is_eq) && !left.is_nan(),
        };
        let [left, right] = [(&left, &right), (&right, &left)].map(|(one, other)| shown(one, other));
        let observed = vec![("self".to_owned(), left), ("other".to_owned(), right)];
        let judgement = Judgement::new(met, Value::Struct(observed));
        Ok(match undefined {
            Some(why) => judgement.because(format!("undefined: {why}")),
            None => judgement,
        })
    }
}
