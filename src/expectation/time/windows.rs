//! Parts that `no_gaps` and `no_overlaps` share: windows of time, each from a start to an end.

use super::super::{Arguments, FailureRule, LowerError, Lowered, Parameter, ParameterKind, RowRule, Site};
use crate::data::{ColumnPath, DataType, Value};
use crate::document::Diagnostic;
use crate::metric::Sequence;
use crate::predicate::{Arithmetic, Comparison, Function, Term, Typed};

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::required("start", ParameterKind::Column, "the column with the start of each window"),
    Parameter::required("end", ParameterKind::Column, "the column with its end; null while it is open"),
    Parameter::optional("within", ParameterKind::Columns, "the columns that tell whose windows are compared"),
    Parameter::optional(
        "ends",
        ParameterKind::Choice(&["exclusive", "inclusive"]),
        "whether the end itself lies outside the window or in it",
    ),
];

/// Windows of time, given by two columns.
#[derive(Debug)]
pub(super) struct Windows {
    start: ColumnPath,
    end: ColumnPath,
    within: Vec<ColumnPath>,
    pub(super) inclusive: bool,
}

impl Windows {
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        Ok(Self {
            start: arguments.required_column("start")?,
            end: arguments.required_column("end")?,
            within: arguments.columns_or_none("within")?,
            inclusive: arguments.choice("ends", &[("exclusive", false), ("inclusive", true)])?,
        })
    }

    /// Returns the rule that every start stands in a relation to the latest end of the windows before; if
    /// `next_day`, to the day after that end.
    pub(super) fn lower(
        &self,
        site: &Site<'_>,
        must_be: Comparison,
        next_day: bool,
    ) -> Result<Lowered, LowerError> {
        let (start, end) = (site.named(&self.start)?, site.named(&self.end)?);
        if start.data_type != end.data_type {
            let message = format!("the start is {} and the end is {}", start.data_type, end.data_type);
            return Err(LowerError::new(message));
        }
        let endless = match &start.data_type {
            DataType::Date => Value::Date(i32::MAX),
            DataType::Timestamp { unit, zone } => Value::Timestamp {
                nanoseconds: i128::from(i64::MAX) * unit.nanoseconds(),
                instant: zone.is_some(),
            },
            other => {
                let message = format!("needs dates or timestamps, and column \"{}\" is {other}", self.start);
                return Err(LowerError::new(message));
            }
        };
        if next_day && start.data_type != DataType::Date {
            return Err(LowerError::new("of timestamps there is no next one after an inclusive end")
                .help("only dates have inclusive ends here"));
        }
        let within = self.within.iter().map(|path| site.named(path)).collect::<Result<Vec<_>, _>>()?;
        if let Some(key) = within.iter().find(|key| !key.data_type.is_comparable()) {
            return Err(LowerError::new(format!("values of type {} have no equality", key.data_type)));
        }
        // A window without an end is still open and ends after all others.
        let last = Typed { term: Term::Literal(endless), data_type: end.data_type.clone() };
        let end =
            Typed { data_type: end.data_type.clone(), term: Term::Call(Function::Coalesce, vec![end, last]) };
        let considered = site.filter_not_null([&start]);
        let (value, before) = if next_day {
            (days(start.clone()), after(days(end.clone())))
        } else {
            (start.clone(), end.clone())
        };
        Ok(Lowered::Rows(RowRule {
            considered: considered.clone(),
            fails: FailureRule::OutOfOrder(Box::new(Sequence {
                filter: considered,
                within,
                order_by: vec![start, end],
                value,
                must_be,
                before,
                greatest: true,
            })),
        }))
    }

    pub(super) fn demand(&self) -> String {
        let within: Vec<_> = self.within.iter().map(ToString::to_string).collect();
        let within =
            if within.is_empty() { String::new() } else { format!(", within {}", within.join(", ")) };
        format!("from {} to {}{within}", self.start, self.end)
    }
}

/// Converts a date to its number of days since 1970.
fn days(date: Typed) -> Typed {
    let epoch = Typed { term: Term::Literal(Value::Date(0)), data_type: DataType::Date };
    Typed { term: Term::Call(Function::DateDiff, vec![date, epoch]), data_type: DataType::INT64 }
}

/// Returns the number of the day after.
fn after(day: Typed) -> Typed {
    let one = Typed { term: Term::Literal(Value::Integer(1)), data_type: DataType::INT64 };
    let sum = Term::Arithmetic(Arithmetic::Add, Box::new(day), Box::new(one));
    Typed { term: sum, data_type: DataType::INT64 }
}
