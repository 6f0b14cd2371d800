//! `type_in`: the column is of one of several types.

use super::super::{
    Arguments, Claim, Definition, Expectation, Family, Judgement, LowerError, Lowered, Nature, Need,
    Parameter, ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, TypeName, Value};
use crate::document::Diagnostic;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "type_in",
    family: Family::Column,
    scope: Scope::Column,
    nature: Nature::Schema,
    summary: "the column is of one of several types",
    parameters: &[
        Parameter::required("types", ParameterKind::Types, "the types, or families of types"),
        Parameter::optional(
            "unknown_types",
            ParameterKind::Choice(&["error", "match_nothing"]),
            "what a name is that no type has",
        ),
    ],
    bare: Some("types"),
    page: include_str!("../../../expectations/column/type_in.md"),
    read: |arguments| Ok(Box::new(TypeIn::read(arguments)?)),
};

#[derive(Debug)]
struct TypeIn {
    wanted: Vec<TypeName>,
    /// Names that are the name of no type.
    unknown: Vec<String>,
}

impl TypeIn {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        if !arguments.choice("unknown_types", &[("error", false), ("match_nothing", true)])? {
            return Ok(Self { wanted: arguments.type_names("types")?, unknown: Vec::new() });
        }
        let (mut wanted, mut unknown) = (Vec::new(), Vec::new());
        for node in arguments.required("types")?.list("a list of types")? {
            let text = node.text("the name of a type")?;
            match TypeName::parse(text) {
                Ok(name) => wanted.push(name),
                Err(_) => unknown.push(text.to_owned()),
            }
        }
        Ok(Self { wanted, unknown })
    }
}

impl Expectation for TypeIn {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let found = site.column_type()?;
        let met = self.wanted.iter().any(|wanted| wanted.matches(&found));
        Ok(Lowered::Decided(Judgement::new(met, Value::String(found.to_string()))))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let types = Need::Types(self.wanted.clone());
        Some(Claim::whole(format!("type of {}", column?)).needing("types", types))
    }

    fn demand(&self) -> String {
        let known = self.wanted.iter().map(ToString::to_string);
        let names: Vec<_> = known.chain(self.unknown.iter().cloned()).collect();
        format!("[{}]", names.join(", "))
    }
}
