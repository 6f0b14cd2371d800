//! Equality of columns in a row, for which two nulls are equal.

use super::super::{Arguments, LowerError, Site};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::predicate::{Comparison, Expression, Kind, Typed, check_boolean};

/// The columns to be compared with each other.
pub(super) fn compared_columns(arguments: &Arguments<'_>) -> Result<Vec<ColumnPath>, Diagnostic> {
    match arguments.different_columns("columns")? {
        columns if columns.len() > 1 => Ok(columns),
        _ => Err(arguments.required("columns")?.not("at least two columns")),
    }
}

/// The condition that two columns are equal or both null; null where one of them is.
pub(super) fn equal(left: &ColumnPath, right: &ColumnPath, site: &Site<'_>) -> Result<Typed, LowerError> {
    let column = |path| Box::new(Expression::column(path));
    let values = Expression::new(Kind::Compare(Comparison::Equal, column(left), column(right)));
    let nulls = [left, right].map(|path| Expression::new(Kind::IsNull(column(path))));
    let either = Kind::Or(vec![values, Expression::new(Kind::And(nulls.to_vec()))]);
    Ok(check_boolean(&Expression::new(either), site.schema, site.now)?)
}

/// `[a, b, c]`
pub(super) fn list(columns: &[ColumnPath]) -> String {
    let names: Vec<_> = columns.iter().map(ToString::to_string).collect();
    format!("[{}]", names.join(", "))
}
