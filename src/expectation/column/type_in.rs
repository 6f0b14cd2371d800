//! `type_in`: the column is of one of several types.

use super::super::{
    Definition, Expectation, Family, Judgement, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use crate::data::{TypeName, Value};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "type_in",
    great_expectations: &["expect_column_values_to_be_in_type_list"],
    family: Family::Column,
    scope: Scope::Column,
    nature: Nature::Schema,
    summary: "the column is of one of several types",
    parameters: &[Parameter::required("types", ParameterKind::Types, "the types, or families of types")],
    bare: Some("types"),
    page: include_str!("../../../expectations/column/type_in.md"),
    read: |arguments| Ok(Box::new(TypeIn { wanted: arguments.type_names("types")? })),
};

#[derive(Debug)]
struct TypeIn {
    wanted: Vec<TypeName>,
}

impl Expectation for TypeIn {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let found = site.column()?.data_type;
        let met = self.wanted.iter().any(|wanted| wanted.matches(&found));
        Ok(Lowered::Decided(Judgement::new(met, Value::String(found.to_string()))))
    }

    fn demand(&self) -> String {
        let names: Vec<_> = self.wanted.iter().map(ToString::to_string).collect();
        format!("[{}]", names.join(", "))
    }
}
