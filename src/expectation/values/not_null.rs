//! `not_null`: no value is null, in one column or in several.

use super::super::{
    Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind, Scope,
    Site,
};
use super::listed;
use crate::data::ColumnPath;
use crate::predicate::Typed;
use crate::predicate::logic::{Formula, Subject};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "not_null",
    family: Family::Values,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "no value is null",
    parameters: &[Parameter::required(
        "columns",
        ParameterKind::Columns,
        "the columns none of which is null",
    )
    .on_table()],
    bare: Some("columns"),
    page: include_str!("../../../expectations/values/not_null.md"),
    read: |arguments| {
        let columns = match arguments.place {
            Scope::Column => Vec::new(),
            Scope::Table | Scope::Either => arguments.columns("columns")?,
        };
        Ok(Box::new(NotNull { columns }))
    },
};

#[derive(Debug)]
struct NotNull {
    /// The columns; empty if the check stands on its column.
    columns: Vec<ColumnPath>,
}

impl Expectation for NotNull {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns = match self.columns.as_slice() {
            [] => vec![site.column()?],
            columns => columns.iter().map(|path| site.named(path)).collect::<Result<_, _>>()?,
        };
        Ok(site.rule_on_considered(None, Typed::all(columns.into_iter().map(Typed::is_not_null))))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let own = self.columns.iter().chain(column.filter(|_| self.columns.is_empty()));
        let holds = Formula::All(own.map(|path| Formula::present(&Subject::column(path))).collect());
        Some(Claim::of_rows("", Formula::always(), &holds))
    }

    fn demand(&self) -> String {
        listed::columns(&self.columns)
    }
}
