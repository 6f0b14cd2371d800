//! Which columns a table has after a write, and which of the given ones goes where.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, new_null_array};
use arrow::datatypes::{DataType as Arrow, Field, Schema, SchemaRef};
use delta_kernel::engine::arrow_conversion::TryIntoArrow as _;
use delta_kernel::schema::{StructField, StructType};

use super::convert::{convert, is_same_in_parquet};
use super::types::{delta_field, delta_type, is_spelled_otherwise, merged};
use crate::sink::error::SinkError;

/// How the columns of given rows become those of a table.
#[derive(Clone, Debug)]
pub(in crate::sink) struct Fit {
    /// The columns of the table after the write.
    pub(in crate::sink) schema: StructType,
    /// Whether these are others than before.
    pub(in crate::sink) is_changed: bool,
    columns: Vec<Column>,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    /// Its place among the given columns.
    from: Option<usize>,
    /// The type that the values are converted to; `None` if they are written as they come.
    converted: Option<Arrow>,
    /// The type that is written.
    written: Arrow,
    must_have_values: bool,
}

/// A column that does not fit, and why.
#[derive(Debug)]
pub(in crate::sink) struct Misfit {
    pub(in crate::sink) column: String,
    pub(in crate::sink) reason: String,
}

impl Misfit {
    /// Returns it as an error of a destination.
    pub(in crate::sink) fn of(self, to: &str) -> SinkError {
        let (to, Self { column, reason }) = (to.to_owned(), self);
        if column.is_empty() {
            SinkError::Encode { to, reason }
        } else {
            SinkError::Column { to, column, reason }
        }
    }
}

/// Finds how given columns become those of a table, which may be one that is to be made.
pub(in crate::sink) fn fit(table: Option<&StructType>, given: &Schema, evolve: bool) -> Result<Fit, Misfit> {
    let of = |field: &Field, reason: String| Misfit { column: field.name().clone(), reason };
    let mut fields: Vec<StructField> = table.iter().flat_map(|table| table.fields().cloned()).collect();
    let (count, mut is_changed) = (fields.len(), table.is_none());
    let mut from = vec![None; count];
    for (place, field) in given.fields().iter().enumerate() {
        let known = fields.iter().position(|known| known.name() == field.name());
        if known.is_none() && is_spelled_otherwise(&fields, field.name()) {
            return Err(of(field, "there is one that only differs in upper and lower case".to_owned()));
        }
        match known.and_then(|known| Some((fields.get_mut(known)?, from.get_mut(known)?))) {
            Some((_, Some(_))) => return Err(of(field, "it comes twice".to_owned())),
            Some((known, from)) => {
                let values = delta_type(field.data_type()).map_err(|reason| of(field, reason))?;
                let data_type =
                    merged(known.data_type(), &values, evolve).map_err(|reason| of(field, reason))?;
                is_changed |= &data_type != known.data_type();
                known.data_type = data_type;
                *from = Some(place);
            }
            None if evolve || table.is_none() => {
                fields.push(delta_field(field).map_err(|reason| of(field, reason))?);
                from.push(Some(place));
                is_changed = true;
            }
            None => return Err(of(field, "the table has none of this name".to_owned())),
        }
    }
    let columns = fields.iter().zip(from).map(|(field, from)| {
        let at = |reason: String| Misfit { column: field.name().clone(), reason };
        if from.is_none() && !field.is_nullable() {
            return Err(at("it must have a value in each row, and the rows have none".to_owned()));
        }
        if from.is_none() && field.metadata().contains_key("CURRENT_DEFAULT") {
            return Err(at("it has a default, which is not known here, and the rows lack it".to_owned()));
        }
        let target: Arrow = field
            .data_type()
            .try_into_arrow()
            .map_err(|error: arrow::error::ArrowError| at(error.to_string()))?;
        let comes = from.and_then(|place| given.fields().get(place)).map(|given| given.data_type());
        let as_it_comes = comes.filter(|comes| is_same_in_parquet(comes, &target));
        Ok(Column {
            name: field.name().clone(),
            from,
            written: as_it_comes.unwrap_or(&target).clone(),
            converted: as_it_comes.is_none().then(|| target.clone()),
            must_have_values: !field.is_nullable(),
        })
    });
    let columns = columns.collect::<Result<_, _>>()?;
    let schema = StructType::try_new(fields)
        .map_err(|error| Misfit { column: String::new(), reason: error.to_string() })?;
    Ok(Fit { schema, is_changed, columns })
}

impl Fit {
    /// Returns whether rows that were converted so are right for another fit, too.
    pub(in crate::sink) fn writes_the_same_as(&self, other: &Self) -> bool {
        self.columns == other.columns
    }

    /// Returns the columns that are written, all of the table.
    pub(in crate::sink) fn written(&self) -> SchemaRef {
        let field = |column: &Column| Field::new(&column.name, column.written.clone(), true);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }

    /// Converts rows to those columns.
    pub(in crate::sink) fn convert(&self, rows: &RecordBatch) -> Result<RecordBatch, Misfit> {
        let arrays = self.columns.iter().map(|column| {
            let at = |reason: String| Misfit { column: column.name.clone(), reason };
            let array: ArrayRef =
                match (column.from.and_then(|place| rows.columns().get(place)), &column.converted) {
                    (None, _) => new_null_array(&column.written, rows.num_rows()),
                    (Some(array), None) if array.data_type() == &column.written => array.clone(),
                    (Some(array), None) => {
                        return Err(at(format!("it was {} and is {}", column.written, array.data_type())));
                    }
                    (Some(array), Some(target)) => convert(array, target).map_err(at)?,
                };
            match array.logical_null_count() {
                nulls @ 1.. if column.must_have_values => {
                    Err(at(format!("it must have a value in each row, and {nulls} have none")))
                }
                _ => Ok(array),
            }
        });
        let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
        RecordBatch::try_new_with_options(self.written(), arrays, &options)
            .map_err(|error| Misfit { column: String::new(), reason: error.to_string() })
    }
}
