//! Equality of columns within a row, by which two nulls are equal.

use super::super::other_types::OtherTypes;
use super::super::{Arguments, LowerError};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::predicate::{Comparison, Term, Typed, same_type};

/// Reads the columns to compare with each other; at least two.
pub(super) fn compared_columns(arguments: &Arguments<'_>) -> Result<Vec<ColumnPath>, Diagnostic> {
    match arguments.different_columns("columns")? {
        columns if columns.len() > 1 => Ok(columns),
        _ => Err(arguments.required("columns")?.expected_error("at least two columns")),
    }
}

/// Returns the condition that two columns are equal or both null. The condition is null where one of them is
/// null.
///
/// # Errors
/// Their values cannot be compared, and that is a mistake.
pub(super) fn equal(left: &Typed, right: &Typed, other_types: OtherTypes) -> Result<Typed, LowerError> {
    let (left, right) = other_types.beside(left.clone(), right.clone());
    let nulls = Typed::all([left.clone().is_null(), right.clone().is_null()]);
    let values = match (same_type(left.clone(), right.clone()), other_types) {
        (Ok((left, right)), _) => {
            Typed::boolean(Term::Compare(Comparison::Equal, Box::new(left), Box::new(right)))
        }
        (Err(_), OtherTypes::Unequal) => apart(&[left, right]),
        (Err(why), OtherTypes::Error) => {
            let error = LowerError::new(why.message);
            return Err(LowerError { help: why.help, ..error });
        }
    };
    Ok(Typed::any(vec![values, nulls]))
}

/// Returns a condition that is false on rows where all columns have values, and null where one is null.
pub(super) fn apart(columns: &[Typed]) -> Typed {
    Typed::any(columns.iter().map(|column| Typed::boolean(Term::Never(Box::new(column.clone())))).collect())
}

/// Formats columns as `[a, b, c]`.
pub(super) fn list(columns: &[ColumnPath]) -> String {
    let names: Vec<_> = columns.iter().map(ToString::to_string).collect();
    format!("[{}]", names.join(", "))
}
