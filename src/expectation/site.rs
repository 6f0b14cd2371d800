//! Where a check stands: the schema, the column, the rows that `where` lets through.

use chrono::{DateTime, Utc};

use super::{Failing, LowerError, Lowered, Others, RowRule};
use crate::data::{ColumnPath, DataType, Schema};
use crate::predicate::{Expression, Term, Typed, check_boolean};

/// The place of a check in a table.
#[derive(Debug)]
pub struct Site<'a> {
    /// The table's columns.
    pub schema: &'a Schema,
    /// The column that the check stands on, if it stands on one.
    pub column: Option<&'a ColumnPath>,
    /// The rows that `where` lets through; never null.
    pub filter: Typed,
    /// The time that counts as now.
    pub now: DateTime<Utc>,
    /// The conditions of its `where`.
    pub conditions: &'a [&'a Expression],
    /// Other datasets.
    pub others: &'a Others,
}

impl Site<'_> {
    /// The path of the check's column.
    ///
    /// # Errors
    /// The check stands on the table.
    pub fn path(&self) -> Result<&ColumnPath, LowerError> {
        self.column.ok_or_else(|| LowerError::new("the check stands on no column"))
    }

    /// The check's column.
    ///
    /// # Errors
    /// There is no such column.
    pub fn column(&self) -> Result<Typed, LowerError> {
        self.named(self.path()?)
    }

    /// The type of the check's column, of which no value need be read.
    ///
    /// # Errors
    /// There is no such column.
    pub fn column_type(&self) -> Result<DataType, LowerError> {
        Ok(self.schema.resolve(self.path()?)?.clone())
    }

    /// A column by its path.
    ///
    /// # Errors
    /// There is no such column, or its values are not read.
    pub fn named(&self, path: &ColumnPath) -> Result<Typed, LowerError> {
        Ok(Typed::column(path, self.schema.readable(path)?))
    }

    /// The rows that `where` lets through in another dataset; never null.
    ///
    /// # Errors
    /// It does not fit that one's schema.
    pub fn filter_in(&self, schema: &Schema) -> Result<Typed, LowerError> {
        filter(self.conditions, schema, self.now).map_err(|error| {
            let message = format!("in the other dataset: {}", error.message);
            LowerError { message, help: Some("where: is asked of both datasets".to_owned()), ..error }
        })
    }

    /// The check's column, whose values can be told apart.
    ///
    /// # Errors
    /// There is no such column, or its values have no equality.
    pub fn comparable_column(&self) -> Result<Typed, LowerError> {
        self.comparable(self.path()?)
    }

    /// The check's column, whose values have an order.
    ///
    /// # Errors
    /// There is no such column, or its values have no order.
    pub fn ordered_column(&self) -> Result<Typed, LowerError> {
        self.that(self.path()?, DataType::is_ordered, "values that have an order")
    }

    /// The check's column of numbers.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn numeric_column(&self) -> Result<Typed, LowerError> {
        self.numbers(self.path()?)
    }

    /// A column of numbers by its path.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn numbers(&self, path: &ColumnPath) -> Result<Typed, LowerError> {
        self.that(path, DataType::is_numeric, "numbers")
    }

    /// A column by its path, whose values can be told apart.
    ///
    /// # Errors
    /// There is no such column, or its values have no equality.
    pub fn comparable(&self, path: &ColumnPath) -> Result<Typed, LowerError> {
        self.that(path, DataType::is_comparable, "values that can be compared")
    }

    /// The check's column of numbers to be added up; a boolean counts as 1 where it is true.
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

    /// The check's column of text.
    ///
    /// # Errors
    /// There is no such column, or it is of another type.
    pub fn text_column(&self) -> Result<Typed, LowerError> {
        self.that(self.path()?, |data_type| *data_type == DataType::String, "text")
    }

    fn that(
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

    /// The rows that `where` lets through and on which all of these have values; never null.
    #[must_use]
    pub fn with_values<'t>(&self, of: impl IntoIterator<Item = &'t Typed>) -> Typed {
        let present = of.into_iter().cloned().map(Typed::is_not_null);
        Typed::all(std::iter::once(self.filter.clone()).chain(present))
    }

    /// The rule that a condition holds wherever these columns, the ones it reads, have values.
    ///
    /// With values for all it reads, the condition is null for none of the considered rows, and on
    /// the others its negation is null: no row need be tested for that.
    #[must_use]
    pub fn where_present(&self, columns: impl IntoIterator<Item = Typed>, holds: Typed) -> Lowered {
        let columns: Vec<Typed> = columns.into_iter().collect();
        Lowered::Rows(RowRule {
            considered: self.with_values(&columns),
            fails: Failing::When(Typed::all([self.filter.clone(), holds.negated()])),
        })
    }

    /// The rule that a condition holds on considered rows; one on which it is null fails.
    #[must_use]
    pub fn where_considered(&self, considered: Option<Typed>, holds: Typed) -> Lowered {
        let considered = Typed::all(std::iter::once(self.filter.clone()).chain(considered));
        let fails = Typed::all([considered.clone(), holds.is_true().negated()]);
        Lowered::Rows(RowRule { considered, fails: Failing::When(fails) })
    }
}

/// The rows on which all of these conditions hold; never null.
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
