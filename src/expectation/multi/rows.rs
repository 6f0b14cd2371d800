//! `rows`: a SQL predicate holds on every row; on a column, on every row where the column is not null.

use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use crate::data::ColumnPath;
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Expression, Typed, check_boolean, parse};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "rows",
    family: Family::Multi,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "a predicate holds on every row",
    parameters: &[
        Parameter::required("predicate", ParameterKind::Sql, "the condition, in SQL"),
        Parameter::optional(
            "nulls",
            ParameterKind::Choice(&["fail", "pass"]),
            "what a row is on which it is null",
        ),
    ],
    bare: Some("predicate"),
    page: include_str!("../../../expectations/multi/rows.md"),
    read: |arguments| {
        let node = arguments.required("predicate")?;
        let text = arguments.text("predicate")?;
        let predicate = parse(text).map_err(|error| error.inside(node))?;
        let written = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let nulls_pass = arguments.choice("nulls", &[("fail", false), ("pass", true)])?;
        Ok(Box::new(Rows { predicate, written, nulls_pass }))
    },
};

#[derive(Debug)]
struct Rows {
    predicate: Expression,
    /// The predicate as its author wrote it, in one line.
    written: String,
    nulls_pass: bool,
}

impl Expectation for Rows {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let holds =
            check_boolean(&self.predicate, site.schema, site.now).map_err(LowerError::in_predicate)?;
        let holds = if self.nulls_pass { Typed::any(vec![holds.clone(), holds.is_null()]) } else { holds };
        let considered = site.column.map(|_| site.column().map(Typed::is_not_null)).transpose()?;
        Ok(site.rule_on_considered(considered, holds))
    }

    fn expressions(&self) -> Vec<Expression> {
        vec![self.predicate.clone()]
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let considered = column.map(|column| Formula::present(&Subject::column(column)));
        let holds = Formula::is_true(&self.predicate);
        let holds = if self.nulls_pass { Formula::is_not_false(&self.predicate) } else { holds };
        Some(Claim::of_rows("", considered.unwrap_or_else(Formula::always), &holds))
    }

    fn demand(&self) -> String {
        let nulls = if self.nulls_pass { ", or is null" } else { "" };
        format!("{}{nulls}", self.written)
    }
}
