//! `exists`: the table has the column.

use super::super::{
    Claim, Definition, Expectation, Family, Judgement, LowerError, Lowered, Nature, Need, Parameter,
    ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, Value};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "exists",
    family: Family::Column,
    scope: Scope::Column,
    nature: Nature::Schema,
    summary: "the table has the column",
    parameters: &[Parameter::optional("index", ParameterKind::Count, "its position, from 0")],
    bare: Some("index"),
    page: include_str!("../../../expectations/column/exists.md"),
    read: |arguments| Ok(Box::new(Exists { index: arguments.count("index")? })),
};

#[derive(Debug)]
struct Exists {
    index: Option<u64>,
}

impl Expectation for Exists {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let path = site.path()?;
        Ok(Lowered::Decided(match (site.schema.resolve(path), self.index) {
            (Err(missing), _) => {
                let reason = [Some(missing.message), missing.help].into_iter().flatten().collect::<Vec<_>>();
                Judgement::new(false, Value::Null).because(reason.join("; "))
            }
            (Ok(_), None) => Judgement::new(true, Value::Null),
            (Ok(_), Some(wanted)) => {
                let position =
                    site.schema.position(path.root()).and_then(|position| u64::try_from(position).ok());
                let observed = position.map_or(Value::Null, |position| Value::Integer(i128::from(position)));
                Judgement::new(position == Some(wanted), observed)
            }
        }))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let claim = Claim::whole(format!("column {}", column?)).needing("exists", Need::Strictly);
        let position = |index: u64| Need::AllNames(vec![index.to_string()]);
        Some(self.index.into_iter().fold(claim, |claim, index| claim.needing("position", position(index))))
    }

    fn demand(&self) -> String {
        self.index.map_or_else(String::new, |index| format!("at position {index}"))
    }
}
