//! Turns nested columns into text, and text into what a spreadsheet takes for no formula.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::split::ERRORS;

/// Returns the rows with a text for each list, struct and binary value, and the ids of checks for reasons.
pub(super) fn flat(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = rows.schema();
    let mut fields = Vec::with_capacity(rows.num_columns());
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(rows.num_columns());
    for (field, column) in schema.fields().iter().zip(rows.columns()) {
        let text = match field.data_type() {
            _ if field.name() == ERRORS => Some(ids(column)?),
            of if of.is_nested() || is_binary(of) => Some(texts(column)?),
            _ => None,
        };
        if let Some(text) = text {
            fields.push(Arc::new(Field::new(field.name(), DataType::Utf8, true)));
            columns.push(Arc::new(text));
        } else {
            fields.push(Arc::clone(field));
            columns.push(Arc::clone(column));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}

/// Returns the rows with an apostrophe before every text that a spreadsheet would take for a formula.
pub(super) fn without_formulas(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let mut columns = rows.columns().to_vec();
    for column in columns.iter_mut().filter(|column| is_text(column.data_type())) {
        let as_text = cast(column, &DataType::Utf8)?;
        let texts = as_text.as_string::<i32>();
        if texts.iter().flatten().any(begins_formula) {
            let harmless =
                |text: &str| if begins_formula(text) { format!("'{text}") } else { text.to_owned() };
            let harmless: StringArray = texts.iter().map(|text| text.map(harmless)).collect();
            *column = cast(&harmless, column.data_type())?;
        }
    }
    RecordBatch::try_new(rows.schema(), columns)
}

fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn is_text(of: &DataType) -> bool {
    matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_binary(of: &DataType) -> bool {
    matches!(
        of,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_)
    )
}

/// Returns the ids of the checks of each row: `status.in_set; amount.between`.
fn ids(reasons: &ArrayRef) -> Result<StringArray, ArrowError> {
    let malformed = || ArrowError::SchemaError(format!("{ERRORS} holds no reasons"));
    let lists = reasons.as_list_opt::<i32>().ok_or_else(malformed)?;
    let each =
        lists.values().as_struct_opt().and_then(|each| each.column_by_name("check")).ok_or_else(malformed)?;
    let each = each.as_string_opt::<i32>().ok_or_else(malformed)?;
    let ends = lists.value_offsets().windows(2).map(|ends| (ends[0], ends[1]));
    let ids = ends.map(|(first, end)| {
        let names: Vec<&str> =
            (first..end).filter_map(|at| usize::try_from(at).ok()).map(|at| each.value(at)).collect();
        Some(names.join("; "))
    });
    Ok(ids.collect())
}

/// Returns each value as text.
fn texts(column: &ArrayRef) -> Result<StringArray, ArrowError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column.as_ref(), &options)?;
    let text = |row| {
        if column.is_null(row) { Ok(None) } else { formatter.value(row).try_to_string().map(Some) }
    };
    (0..column.len()).map(text).collect()
}
