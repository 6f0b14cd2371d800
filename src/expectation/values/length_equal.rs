//! `length_equal`: every value has a given length.

use super::super::bounds::Bounds;
use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use crate::data::{ColumnPath, DataType};
use crate::predicate::{Function, Term, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "length_equal",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value has a given length",
    parameters: &[Parameter::required("value", ParameterKind::Count, "the length in Unicode characters")],
    bare: Some("value"),
    page: include_str!("../../../expectations/values/length_equal.md"),
    read: |arguments| {
        let length = arguments.required("value")?.number("a whole number that is not negative")?;
        Ok(Box::new(LengthEqual { bounds: Bounds::exactly(length) }))
    },
};

#[derive(Debug)]
struct LengthEqual {
    bounds: Bounds,
}

impl Expectation for LengthEqual {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.text_column()?;
        let length =
            Typed { term: Term::Call(Function::Length, vec![column.clone()]), data_type: DataType::INT64 };
        let within = self.bounds.hold_for(&length)?;
        Ok(site.rule_where_not_null([column], within))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        Claim::of_texts(self, column)
    }

    fn demand(&self) -> String {
        let demand = self.bounds.demand();
        demand.strip_prefix("exactly ").map(str::to_owned).unwrap_or(demand)
    }
}
