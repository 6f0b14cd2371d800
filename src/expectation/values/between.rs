//! `between`: values lie within bounds.

use super::super::bounds::{Bounds, PARAMETERS};
use super::super::{Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Scope, Site};
use crate::data::ColumnPath;
use crate::predicate::logic::Subject;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "between",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value lies within bounds",
    parameters: PARAMETERS,
    bare: None,
    page: include_str!("../../../expectations/values/between.md"),
    read: |arguments| Ok(Box::new(Between { bounds: arguments.bounds()? })),
};

#[derive(Debug)]
struct Between {
    bounds: Bounds,
}

impl Expectation for Between {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.ordered_column()?;
        let within = self.bounds.hold_for(&column)?;
        Ok(site.rule_where_not_null([column], within))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let column = column?;
        Some(Claim::of_values(column, "", &self.bounds.formula(&Subject::column(column))))
    }

    fn demand(&self) -> String {
        self.bounds.ends()
    }
}
