//! `column_count`: the number of columns lies within bounds.

use super::super::bounds::{Bounds, MAX, MIN};
use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use crate::data::{ColumnPath, DataType, Value};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "column_count",
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Schema,
    summary: "the number of columns lies within bounds",
    parameters: &[Parameter::optional("equal", ParameterKind::Count, "the number wanted"), MIN, MAX],
    bare: Some("equal"),
    page: include_str!("../../../expectations/table/column_count.md"),
    read: |arguments| Ok(Box::new(ColumnCount { bounds: Bounds::read_or_equal(arguments)? })),
};

#[derive(Debug)]
struct ColumnCount {
    bounds: Bounds,
}

impl Expectation for ColumnCount {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let bounds = self.bounds.bind(&DataType::INT64)?;
        let count = i128::try_from(site.schema.fields.len()).unwrap_or(i128::MAX);
        Ok(Lowered::Decided(bounds.judge(&Value::Integer(count))))
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        Some(Claim::within("column count", &self.bounds))
    }

    fn demand(&self) -> String {
        self.bounds.demand()
    }
}
