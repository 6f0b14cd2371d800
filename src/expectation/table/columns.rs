//! `columns`: the table has these columns, in this order or as a set.

use super::super::{
    Arguments, Claim, Definition, Expectation, Family, Judgement, LowerError, Lowered, Nature, Need,
    Parameter, ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, Value};
use crate::document::Diagnostic;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "columns",
    family: Family::Table,
    scope: Scope::Table,
    nature: Nature::Schema,
    summary: "the table has these columns, in this order or as a set",
    parameters: &[
        Parameter::optional("ordered", ParameterKind::Columns, "all columns, in their order"),
        Parameter::optional("set", ParameterKind::Columns, "the columns, in any order"),
        Parameter::optional(
            "exact",
            ParameterKind::Boolean,
            "whether the set is all columns, or at least these",
        ),
    ],
    bare: Some("ordered"),
    page: include_str!("../../../expectations/table/columns.md"),
    read: |arguments| Ok(Box::new(Columns::read(arguments)?)),
};

#[derive(Debug)]
struct Columns {
    names: Vec<String>,
    wanted: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Ordered,
    Exact,
    AtLeast,
}

impl Columns {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let (name, wanted) = match (arguments.node("ordered"), arguments.node("set"), arguments.node("exact"))
        {
            (Some(_), None, None) => ("ordered", Wanted::Ordered),
            (None, Some(_), _) if arguments.flag("exact", true)? => ("set", Wanted::Exact),
            (None, Some(_), _) => ("set", Wanted::AtLeast),
            (Some(_), None, Some(exact)) => return Err(Diagnostic::new(exact.span, "exact belongs to set")),
            _ => return Err(Diagnostic::new(arguments.span, "exactly one of ordered and set is wanted")),
        };
        let names = arguments.columns(name)?.iter().map(top_level).collect();
        Ok(Self { names, wanted })
    }
}

/// Names a top-level column without backticks. A dot in the name does not descend here.
fn top_level(path: &ColumnPath) -> String {
    path.parts().join(".")
}

impl Expectation for Columns {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let found: Vec<&str> = site.schema.names().collect();
        let missing: Vec<&str> =
            self.names.iter().map(String::as_str).filter(|name| !found.contains(name)).collect();
        let unexpected: Vec<&str> =
            found.iter().copied().filter(|name| !self.names.iter().any(|own| own == name)).collect();
        let met = match self.wanted {
            Wanted::Ordered => found == self.names,
            Wanted::Exact => missing.is_empty() && unexpected.is_empty(),
            Wanted::AtLeast => missing.is_empty(),
        };
        let observed = Value::List(found.iter().map(|name| Value::String((*name).to_owned())).collect());
        let judgement = Judgement::new(met, observed);
        if met {
            return Ok(Lowered::Decided(judgement));
        }
        let mut reasons = Vec::new();
        if !missing.is_empty() {
            reasons.push(format!("missing: {}", missing.join(", ")));
        }
        if !unexpected.is_empty() && self.wanted != Wanted::AtLeast {
            reasons.push(format!("not expected: {}", unexpected.join(", ")));
        }
        if reasons.is_empty() {
            reasons.push("the order differs".to_owned());
        }
        Ok(Lowered::Decided(judgement.because(reasons.join("; "))))
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let all = Claim::whole("names of columns").needing("all", Need::AllNames(self.names.clone()));
        let only = |claim: Claim| claim.needing("only", Need::AmongNames(self.names.clone()));
        Some(match self.wanted {
            Wanted::AtLeast => all,
            Wanted::Exact => only(all),
            Wanted::Ordered => only(all).needing("order", Need::AllNames(vec![format!("{:?}", self.names)])),
        })
    }

    fn demand(&self) -> String {
        let names = self.names.join(", ");
        match self.wanted {
            Wanted::Ordered => format!("[{names}]"),
            Wanted::Exact => format!("{{{names}}}"),
            Wanted::AtLeast => format!("at least {{{names}}}"),
        }
    }
}
