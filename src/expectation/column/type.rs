//! `type`: the column is of a type.

use super::super::{
    Claim, Definition, Expectation, Family, Judgement, LowerError, Lowered, Nature, Need, Parameter,
    ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, TypeName, Value};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "type",
    family: Family::Column,
    scope: Scope::Column,
    nature: Nature::Schema,
    summary: "the column is of a type",
    parameters: &[Parameter::required("type", ParameterKind::Type, "the type, or a family of types")],
    bare: Some("type"),
    page: include_str!("../../../expectations/column/type.md"),
    read: |arguments| Ok(Box::new(Type { wanted: arguments.type_name("type")? })),
};

#[derive(Debug)]
struct Type {
    wanted: TypeName,
}

impl Expectation for Type {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let found = site.column_type()?;
        Ok(Lowered::Decided(Judgement::new(self.wanted.matches(&found), Value::String(found.to_string()))))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let types = Need::Types(vec![self.wanted.clone()]);
        Some(Claim::whole(format!("type of {}", column?)).needing("types", types))
    }

    fn demand(&self) -> String {
        self.wanted.to_string()
    }
}
