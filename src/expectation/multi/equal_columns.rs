//! `equal_columns`: the columns of a row are all equal.

use super::super::ignore_row_if::Ignore;
use super::super::other_types::OtherTypes;
use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use super::equality::{compared_columns, equal, list};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Comparison, Typed};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "equal_columns",
    family: Family::Multi,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "in every row the columns are all equal",
    parameters: &[
        Parameter::required("columns", ParameterKind::Columns, "the columns that are equal"),
        Ignore::OF_COLUMNS,
        OtherTypes::PARAMETER,
    ],
    bare: Some("columns"),
    page: include_str!("../../../expectations/multi/equal_columns.md"),
    read: |arguments| Ok(Box::new(EqualColumns::read(arguments)?)),
};

#[derive(Debug)]
struct EqualColumns {
    columns: Vec<ColumnPath>,
    ignore: Ignore,
    other_types: OtherTypes,
}

impl EqualColumns {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        Ok(Self {
            columns: compared_columns(arguments)?,
            ignore: Ignore::of_columns(arguments)?,
            other_types: OtherTypes::read(arguments)?,
        })
    }
}

impl Expectation for EqualColumns {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns: Vec<_> =
            self.columns.iter().map(|path| site.comparable(path)).collect::<Result<_, _>>()?;
        let neighbours = columns.windows(2).map(|pair| equal(&pair[0], &pair[1], self.other_types));
        let holds = Typed::all(neighbours.collect::<Result<Vec<_>, _>>()?);
        Ok(site.rule_on_considered(self.ignore.considered(&columns), holds))
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let equal = |pair: &[ColumnPath]| {
            let [left, right] = [&pair[0], &pair[1]].map(Subject::column);
            let nulls = [&left, &right].map(|side| Formula::present(side).negated());
            Formula::Any(vec![Formula::pair(&left, Comparison::Equal, &right), Formula::All(nulls.into())])
        };
        let holds = Formula::All(self.columns.windows(2).map(equal).collect());
        Some(Claim::of_rows(self.other_types.manner(), self.ignore.considered_of(&self.columns), &holds))
    }

    fn demand(&self) -> String {
        format!("{}{}", list(&self.columns), self.ignore.demand_suffix())
    }
}
