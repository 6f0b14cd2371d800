//! The place of a check: the schema, the column, and the rows that `where` lets through.

use chrono::{DateTime, Utc};

use super::{FailureRule, LowerError, Lowered, OtherSchemas, RowRule};
use crate::data::{ColumnPath, DataType, Schema};
use crate::predicate::{Expression, Term, Typed, check_boolean};

/// The place of a check in a table.
#[derive(Debug)]
pub struct Site<'a> {
    /// The schema of the table.
    pub schema: &'a Schema,
    /// The column of the check, unless the check stands on the table.
    pub column: Option<&'a ColumnPath>,
    /// True on the rows that `where` lets through; never null.
    pub filter: Typed,
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// The conditions of the check's `where`.
    pub conditions: &'a [&'a Expression],
    /// The schemas of the other datasets.
    pub others: &'a OtherSchemas,
}

impl Site<'_> {
    /// Returns the path of the check's column.
    ///
    /// # Errors
    /// The check stands on the table.
    pub fn path(&self) -> Result<&ColumnPath, LowerError> {
        self.column.ok_or_else(|| LowerError::new("the check stands on no column"))
    }

    /// Returns the check's column.
    ///
    /// # Errors
    /// There is no such column.
    pub fn column(&self) -> Result<Typed, LowerError> {
        self.named(self.path()?)
    }

    /// Returns the type of the check's column, whose values need not be readable.
    ///
    /// # Errors
    /// There is no such column.
    pub fn column_type(&self) -> Result<DataType, LowerError> {
        Ok(self.schema.resolve(self.path()?)?.clone())
    }

    /// Returns the column with a path.
    ///
    /// # Errors
    /// There is no such column, or its values are not read.
    pub fn named(&self, path: &ColumnPath) -> Result<Typed, LowerError> {
        Ok(Typed::column(path, self.schema.readable(path)?))
    }

    /// Returns the condition that `where` lets a row of another dataset through; never null.
    ///
    /// # Errors
    /// It does not fit that one's schema.
    pub fn filter_in(&self, schema: &Schema) -> Result<Typed, LowerError> {
        filter(self.conditions, schema, self.now).map_err(|error| {
            let message = format!("in the other dataset: {}", error.message);
            LowerError { message, help: Some("where: is asked of both datasets".to_owned()), ..error }
        })
    }

    /// Returns the check's column, whose values can be compared for equality.
    ///
    /// # Errors
    /// There is no such column, or its values have no equality.
    pub fn comparable_column(&self) -> Result<Typed, LowerError> {
        self.comparable(self.path()?)
    }

    /// Returns the check's column, whose values have an order.
    ///
    /// # Errors
    /// There is no such column, or its values have no order.
    pub fn ordered_column(&self) -> Result<Typed, LowerError> {
        self.column_of_type(self.path()?, DataType::is_ordered, "values that have an order")
    }

    /// Returns the check's column, which holds numbers.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn numeric_column(&self) -> Result<Typed, LowerError> {
        self.numbers(self.path()?)
    }

    /// Returns the column with a path, which holds numbers.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn numbers(&self, path: &ColumnPath) -> Result<Typed, LowerError> {
        self.column_of_type(path, DataType::is_numeric, "numbers")
    }

    /// Returns the column with a path, whose values can be compared for equality.
    ///
    /// # Errors
    /// There is no such column, or its values have no equality.
    pub fn comparable(&self, path: &ColumnPath) -> Result<Typed, LowerError> {
        self.column_of_type(path, DataType::is_comparable, "values that can be compared")
    }

    /// Returns the check's column as numbers to add up. A boolean counts as 1 or 0.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn summable_column(&self) -> Result<Typed, LowerError> {
        let column = self.column()?;
        if column.data_type == DataType::Boolean {
            return Ok(Typed { term: Term::Cast(Box::new(column)), data_type: DataType::INT64 });
        }
        self.numeric_column()
    }

    /// Returns the check's column, which holds text.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn text_column(&self) -> Result<Typed, LowerError> {
        self.column_of_type(self.path()?, |data_type| *data_type == DataType::String, "text")
    }

    fn column_of_type(
        &self,
        path: &ColumnPath,
        fits: impl Fn(&DataType) -> bool,
        what: &str,
    ) -> Result<Typed, LowerError> {
        let column = self.named(path)?;
        if fits(&column.data_type) {
            Ok(column)
        } else {
            let why = match column.data_type {
                DataType::Other(_) => ", whose values are not read, only whether they are there",
                _ => "",
            };
            Err(LowerError::new(format!("needs {what}, and column \"{path}\" is {}{why}", column.data_type)))
        }
    }

    /// Returns the condition that `where` lets a row through and none of these columns is null; never null.
    #[must_use]
    pub fn filter_not_null<'t>(&self, of: impl IntoIterator<Item = &'t Typed>) -> Typed {
        let present = of.into_iter().cloned().map(Typed::is_not_null);
        Typed::all(std::iter::once(self.filter.clone()).chain(present))
    }

    /// Returns the rule that a condition holds on the rows where none of these columns is null. They must be
    /// all the columns that the condition reads.
    ///
    /// The condition is then null on no considered row, and its negation is null on the other rows, so that
    /// the failing rows need no test for nulls.
    #[must_use]
    pub fn rule_where_not_null(&self, columns: impl IntoIterator<Item = Typed>, holds: Typed) -> Lowered {
        let columns: Vec<Typed> = columns.into_iter().collect();
        Lowered::Rows(RowRule {
            considered: self.filter_not_null(&columns),
            fails: FailureRule::Condition(Typed::all([self.filter.clone(), holds.negated()])),
        })
    }

    /// Returns the rule that a condition holds on the considered rows. A row on which the condition is null
    /// fails.
    #[must_use]
    pub fn rule_on_considered(&self, considered: Option<Typed>, holds: Typed) -> Lowered {
        let considered = Typed::all(std::iter::once(self.filter.clone()).chain(considered));
        let fails = Typed::all([considered.clone(), holds.is_true().negated()]);
        Lowered::Rows(RowRule { considered, fails: FailureRule::Condition(fails) })
    }
}

/// Returns the condition that all of these conditions hold; never null.
pub(crate) fn filter(
    conditions: &[&Expression],
    schema: &Schema,
    now: DateTime<Utc>,
) -> Result<Typed, LowerError> {
    let conditions = conditions.iter().enumerate().map(|(index, condition)| {
        let condition = check_boolean(condition, schema, now);
        condition.map(Typed::is_true).map_err(|error| LowerError::in_where(index, error))
    });
    Ok(Typed::all(conditions.collect::<Result<Vec<_>, _>>()?))
}
