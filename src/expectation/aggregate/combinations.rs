//! Values of a column, or combinations of values of several.

use super::super::bounds::Bounds;
use super::super::{Arguments, LowerError, Parameter, ParameterKind, Scope, Site};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::metric::Grouping;
use crate::predicate::Typed;

/// The columns of a check on the table.
pub(super) const COLUMNS: Parameter =
    Parameter::required("columns", ParameterKind::Columns, "the columns taken together").on_table();

/// What a check speaks of.
#[derive(Debug)]
pub(super) struct Combinations {
    /// Empty where the check stands on its column.
    columns: Vec<ColumnPath>,
}

impl Combinations {
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let columns = match arguments.place {
            Scope::Column => Vec::new(),
            Scope::Table | Scope::Either => arguments.different_columns("columns")?,
        };
        Ok(Self { columns })
    }

    /// The groups that they make; rows that have no value at all are left out.
    pub(super) fn groups(&self, site: &Site<'_>) -> Result<Grouping, LowerError> {
        let keys = match self.columns.as_slice() {
            [] => vec![site.comparable_column()?],
            columns => columns.iter().map(|path| site.comparable(path)).collect::<Result<_, _>>()?,
        };
        let present = Typed::any(keys.iter().cloned().map(Typed::is_not_null).collect());
        Ok(Grouping { filter: Typed::all([site.filter.clone(), present]), keys })
    }

    /// The columns in an order of their own: what they are together does not depend on it.
    pub(super) fn named(&self, column: Option<&ColumnPath>) -> Option<String> {
        let mut names: Vec<_> = self.columns.iter().map(ToString::to_string).collect();
        if names.is_empty() {
            names.push(column?.to_string());
        }
        names.sort_unstable();
        Some(names.join(", "))
    }

    /// The columns, if the check does not stand on one, and the bounds.
    pub(super) fn demand(&self, bounds: &Bounds) -> String {
        let names: Vec<_> = self.columns.iter().map(ToString::to_string).collect();
        match names.as_slice() {
            [] => bounds.demand(),
            names => format!("of [{}] {}", names.join(", "), bounds.demand()),
        }
    }
}
