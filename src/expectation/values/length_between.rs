//! `length_between`: the length of every value lies within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use crate::data::{ColumnPath, DataType};
use crate::predicate::{Function, Term, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "length_between",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "the length of every value lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/values/length_between.md"),
    read: |arguments| Ok(Box::new(LengthBetween { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct LengthBetween {
    bounds: Bounds,
}

impl Expectation for LengthBetween {
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
        self.bounds.ends()
    }
}
