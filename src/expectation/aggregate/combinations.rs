//! The values of a column, or the combinations of values of several columns.

use super::super::bounds::Bounds;
use super::super::{Arguments, LowerError, Parameter, ParameterKind, Scope, Site};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::metric::Grouping;
use crate::predicate::Typed;

/// The parameter for the columns of a check on the table.
pub(super) const COLUMNS: Parameter =
    Parameter::required("columns", ParameterKind::Columns, "the columns taken together").on_table();

/// The column or the columns whose values a check groups.
#[derive(Debug)]
pub(super) struct Combinations {
    /// The columns; empty if the check stands on its column.
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

    /// Returns the grouping of rows by these columns, without rows where all of them are null.
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

    /// Returns the columns, unless the check stands on one, and the bounds in words.
    pub(super) fn demand(&self, bounds: &Bounds) -> String {
        let names: Vec<_> = self.columns.iter().map(ToString::to_string).collect();
        match names.as_slice() {
            [] => bounds.demand(),
            names => format!("of [{}] {}", names.join(", "), bounds.demand()),
        }
    }
}
