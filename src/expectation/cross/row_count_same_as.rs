//! `row_count_same_as`: there are as many rows as in another dataset.

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::distance::Distance;
use crate::data::{ColumnPath, Dataset, Exact, Value};
use crate::document::Diagnostic;
use crate::metric::{Metric, Misshapen};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "row_count_same_as",
    family: Family::Cross,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "there are as many rows as in another dataset",
    parameters: &[
        Parameter::required("data", ParameterKind::Dataset, "where the other dataset lies"),
        Parameter::optional("tolerance", ParameterKind::Tolerance, "how far the counts may be apart"),
    ],
    bare: Some("data"),
    page: include_str!("../../../expectations/cross/row_count_same_as.md"),
    read: |arguments| Ok(Box::new(RowCountSameAs::read(arguments)?)),
};

#[derive(Debug)]
struct RowCountSameAs {
    data: String,
    tolerance: Distance,
}

impl RowCountSameAs {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let tolerance = arguments.node("tolerance").map_or(Ok(Distance::ZERO), Distance::read_tolerance)?;
        Ok(Self { data: arguments.dataset("data")?, tolerance })
    }

    fn dataset(&self) -> Dataset {
        Dataset::Named(self.data.clone())
    }
}

impl Expectation for RowCountSameAs {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let there = site.filter_in(site.others.schema(&self.dataset())?)?;
        let of = Metric::OtherDataset { dataset: self.dataset(), metric: Box::new(Metric::Count(there)) };
        Ok(Lowered::Measured {
            metrics: vec![Metric::Count(site.filter.clone()), of],
            demand: Demand::SameCount(SameCount { tolerance: self.tolerance }),
        })
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![self.dataset()]
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let claim = Claim::whole(format!("row count beside {}", self.data));
        Some(claim.needing_all(self.tolerance.needs("tolerance", Need::AtMost)))
    }

    fn demand(&self) -> String {
        match self.tolerance {
            Distance::ZERO => self.data.clone(),
            tolerance => format!("{} within {tolerance}", self.data),
        }
    }
}

/// The demand that another dataset has the same number of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SameCount {
    tolerance: Distance,
}

impl SameCount {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        let (own, other) = (input.count(0)?, input.count(1)?);
        let met = self.tolerance.reaches(&Exact::integer(own), &Exact::integer(other));
        let observed = [("self", own), ("other", other)];
        Ok(Judgement::new(met, Value::of_counts(observed)))
    }
}
