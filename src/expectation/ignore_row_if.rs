//! The parameter `ignore_row_if`, by which a check of several columns leaves out rows with nulls.

use super::{Arguments, Parameter, ParameterKind};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::predicate::Typed;
use crate::predicate::logic::{Formula, Subject};

const NAME: &str = "ignore_row_if";
const MEANING: &str = "which rows with nulls are not considered";

/// The rows that a check leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ignore {
    /// Rows where all columns are null.
    AllMissing,
    /// Rows where any column is null.
    AnyMissing,
    /// No rows.
    Never,
}

impl Ignore {
    /// The parameter for checks of two columns.
    pub(super) const OF_PAIR: Parameter = Parameter::optional(
        NAME,
        ParameterKind::Choice(&["both_values_are_missing", "either_value_is_missing", "neither"]),
        MEANING,
    );
    /// The parameter for checks of several columns.
    pub(super) const OF_COLUMNS: Parameter = Parameter::optional(
        NAME,
        ParameterKind::Choice(&["all_values_are_missing", "any_value_is_missing", "never"]),
        MEANING,
    );

    /// Reads the parameter of a check of two columns.
    pub(super) fn of_pair(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        arguments.choice(
            NAME,
            &[
                ("both_values_are_missing", Self::AllMissing),
                ("either_value_is_missing", Self::AnyMissing),
                ("neither", Self::Never),
            ],
        )
    }

    /// Reads the parameter of a check of several columns.
    pub(super) fn of_columns(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        arguments.choice(
            NAME,
            &[
                ("all_values_are_missing", Self::AllMissing),
                ("any_value_is_missing", Self::AnyMissing),
                ("never", Self::Never),
            ],
        )
    }

    /// Returns the words that follow the columns where the choice is not the default, as in `, where none is
    /// null`.
    pub(super) const fn demand_suffix(self) -> &'static str {
        match self {
            Self::AllMissing => "",
            Self::AnyMissing => ", where none is null",
            Self::Never => ", nulls among them",
        }
    }

    /// Returns the condition that a row is considered, unless all rows are.
    pub(super) fn considered(self, columns: &[Typed]) -> Option<Typed> {
        let present = columns.iter().cloned().map(Typed::is_not_null);
        match self {
            Self::AllMissing => Some(Typed::any(present.collect())),
            Self::AnyMissing => Some(Typed::all(present)),
            Self::Never => None,
        }
    }

    /// The formula that a row is considered.
    pub(super) fn considered_of(self, columns: &[ColumnPath]) -> Formula {
        let present = columns.iter().map(|path| Formula::present(&Subject::column(path))).collect();
        match self {
            Self::AllMissing => Formula::Any(present),
            Self::AnyMissing => Formula::All(present),
            Self::Never => Formula::always(),
        }
    }
}
