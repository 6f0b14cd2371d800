//! `unique`: no two rows have the same value, or the same values of several columns.

use super::super::ignore_row_if::Ignore;
use super::super::{
    Arguments, Claim, Definition, Expectation, FailureRule, Family, LowerError, Lowered, Nature, Need,
    Parameter, ParameterKind, RowRule, Scope, Site,
};
use super::listed;
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "unique",
    family: Family::Values,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "no two rows have the same value, or the same values of several columns",
    parameters: &[
        Parameter::required("columns", ParameterKind::Columns, "the columns that together are unique")
            .on_table(),
        Ignore::OF_COLUMNS.on_table(),
    ],
    bare: Some("columns"),
    page: include_str!("../../../expectations/values/unique.md"),
    read: |arguments| Ok(Box::new(Unique::read(arguments)?)),
};

#[derive(Debug)]
struct Unique {
    /// The columns that make up the key; empty if the check stands on its column.
    columns: Vec<ColumnPath>,
    ignore: Ignore,
}

impl Unique {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let columns = match arguments.place {
            Scope::Column => Vec::new(),
            Scope::Table | Scope::Either => arguments.different_columns("columns")?,
        };
        Ok(Self { columns, ignore: Ignore::of_columns(arguments)? })
    }
}

impl Expectation for Unique {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let keys = match self.columns.as_slice() {
            [] => vec![site.comparable_column()?],
            columns => columns.iter().map(|path| site.named(path)).collect::<Result<Vec<_>, _>>()?,
        };
        if let Some(key) = keys.iter().find(|key| !key.data_type.is_comparable()) {
            return Err(LowerError::new(format!("values of type {} have no equality", key.data_type)));
        }
        let considered = self.ignore.considered(&keys);
        Ok(Lowered::Rows(RowRule {
            considered: Typed::all(std::iter::once(site.filter.clone()).chain(considered)),
            fails: FailureRule::Duplicate { keys },
        }))
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let own = column.filter(|_| self.columns.is_empty());
        let columns: Vec<_> = self.columns.iter().chain(own).cloned().collect();
        // Rows that share more values share these.
        let names = Need::AmongNames(columns.iter().map(ToString::to_string).collect());
        let claim = Claim::whole("keys that no other row has").needing("keys", names);
        Some(claim.growing(self.ignore.considered_of(&columns)))
    }

    fn demand(&self) -> String {
        format!("{}{}", listed::columns(&self.columns), self.ignore.demand_suffix())
    }
}
