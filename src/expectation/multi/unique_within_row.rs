//! `unique_within_row`: no two columns of a row are equal.

use super::super::ignore_row_if::Ignore;
use super::super::other_types::OtherTypes;
use super::super::{
    Arguments, Claim, Definition, Expectation, Family, LowerError, Lowered, Nature, Parameter, ParameterKind,
    Scope, Site,
};
use super::equality::{compared_columns, equal, list};
use crate::data::{ColumnPath, DataType};
use crate::document::Diagnostic;
use crate::predicate::Typed;
use crate::predicate::logic::Formula;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "unique_within_row",
    family: Family::Multi,
    scope: Scope::Table,
    nature: Nature::Rows,
    summary: "in every row no two of the columns are equal",
    parameters: &[
        Parameter::required("columns", ParameterKind::Columns, "the columns that are different"),
        Ignore::OF_COLUMNS,
        OtherTypes::PARAMETER,
    ],
    bare: Some("columns"),
    page: include_str!("../../../expectations/multi/unique_within_row.md"),
    read: |arguments| Ok(Box::new(UniqueWithinRow::read(arguments)?)),
};

#[derive(Debug)]
struct UniqueWithinRow {
    columns: Vec<ColumnPath>,
    ignore: Ignore,
    other_types: OtherTypes,
}

impl UniqueWithinRow {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        Ok(Self {
            columns: compared_columns(arguments)?,
            ignore: Ignore::of_columns(arguments)?,
            other_types: OtherTypes::read(arguments)?,
        })
    }
}

impl Expectation for UniqueWithinRow {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let columns: Vec<_> =
            self.columns.iter().map(|path| site.comparable(path)).collect::<Result<_, _>>()?;
        let mut same = Vec::new();
        let mut comparable = false;
        for (index, right) in columns.iter().enumerate() {
            for left in &columns[..index] {
                if self.other_types == OtherTypes::Unequal
                    || is_of_one_kind(&left.data_type, &right.data_type)
                {
                    comparable = true;
                    same.push(equal(left, right, self.other_types)?);
                } else {
                    same.push(Typed::all([left.clone().is_null(), right.clone().is_null()]));
                }
            }
        }
        if !comparable {
            return Err(LowerError::new("no two of the columns have types that can be compared"));
        }
        let considered = self.ignore.considered(&columns);
        Ok(site.rule_on_considered(considered, Typed::any(same).is_true().negated()))
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let mut names: Vec<_> = self.columns.iter().map(ToString::to_string).collect();
        names.sort_unstable();
        let pairs = names.iter().enumerate().flat_map(|(index, right)| {
            names[..index].iter().map(move |left| Formula::opaque(format!("{left} and {right} are alike")))
        });
        let holds = Formula::Any(pairs.collect()).negated();
        Some(Claim::of_rows(self.other_types.manner(), self.ignore.considered_of(&self.columns), &holds))
    }

    fn demand(&self) -> String {
        format!("{}{}", list(&self.columns), self.ignore.demand_suffix())
    }
}

/// Returns whether values of two types may be equal. Two types that differ are no error here, since either
/// column may be compared with a third.
fn is_of_one_kind(left: &DataType, right: &DataType) -> bool {
    let is_date = |of: &DataType| matches!(of, DataType::Date | DataType::Timestamp { .. });
    (left.is_numeric() && right.is_numeric())
        || [left, right].contains(&&DataType::Null)
        || (is_date(left) && is_date(right))
        || std::mem::discriminant(left) == std::mem::discriminant(right)
}
