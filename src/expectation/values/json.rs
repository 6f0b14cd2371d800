//! `json`: every value is a JSON document.

use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::EveryText;
use crate::data::{ColumnPath, DataType};
use crate::predicate::{Term, TextTest, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "json",
    family: Family::Values,
    scope: Scope::Column,
    nature: Nature::Rows,
    summary: "every value is a JSON document",
    parameters: &[Parameter::optional(
        "other_types",
        ParameterKind::Choice(&["error", "fail"]),
        "what values are that are no texts",
    )],
    bare: None,
    page: include_str!("../../../expectations/values/json.md"),
    read: |arguments| {
        let texts = EveryText::that(TextTest::Json);
        let others_fail = arguments.choice("other_types", &[("error", false), ("fail", true)])?;
        Ok(if others_fail { Box::new(OthersFail { texts }) } else { texts })
    },
};

/// A check by which values that are not text fail, since they are no JSON documents.
#[derive(Debug)]
struct OthersFail {
    texts: Box<dyn Expectation>,
}

impl Expectation for OthersFail {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let column = site.column()?;
        if column.data_type == DataType::String {
            return self.texts.lower(site);
        }
        let never = Typed::boolean(Term::Never(Box::new(column.clone())));
        Ok(site.rule_where_not_null([column], never))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        match self.texts.claim(column)? {
            Claim::Rows { considered, fails, .. } => {
                Some(Claim::Rows { manner: "other types fail".to_owned(), considered, fails })
            }
            whole @ Claim::Whole { .. } => Some(whole),
        }
    }

    fn demand(&self) -> String {
        self.texts.demand()
    }
}
