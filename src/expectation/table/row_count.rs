//! `row_count`: the number of rows lies within bounds.

use super::super::bounds::{Bounds, MAX, MIN, STRICT_MAX, STRICT_MIN};
use super::super::within::Within;
use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use crate::data::{ColumnPath, DataType};
use crate::metric::Metric;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "row_count",
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "the number of rows lies within bounds",
    parameters: &[
        Parameter::optional("equal", ParameterKind::Count, "the number wanted"),
        MIN,
        MAX,
        STRICT_MIN,
        STRICT_MAX,
    ],
    bare: Some("equal"),
    page: include_str!("../../../expectations/table/row_count.md"),
    read: |arguments| Ok(Box::new(RowCount { bounds: Bounds::read_or_equal(arguments)? })),
};

#[derive(Debug)]
struct RowCount {
    bounds: Bounds,
}

impl Expectation for RowCount {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let bounds = self.bounds.bind(&DataType::INT64)?;
        let metrics = vec![Metric::Count(site.filter.clone())];
        Ok(Lowered::Measured { metrics, demand: Within::value(bounds) })
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within("row count", &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}
