//! Converts arrays that the `parquet` crate reads to their form in a stand-in.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, FixedSizeBinaryArray, ListArray, MapArray, StringBuilder, StructArray,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::DataType as ArrowType;

use super::recoding::{Conversion, Recoding};

/// Returns the recoded values of a column, or of a part of one.
///
/// # Errors
/// They are not of the type that they were said to be.
pub(super) fn recoded_values(values: &ArrayRef, recoding: &Recoding) -> Result<ArrayRef, String> {
    let odd = || format!("its values are {}", values.data_type());
    Ok(match &recoding.conversion {
        Conversion::Cast if values.data_type() == recoding.written.data_type() => Arc::clone(values),
        Conversion::Cast => {
            let options = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(values, recoding.written.data_type(), &options)
                .map_err(|error| error.to_string())?
        }
        Conversion::Presence => {
            let nulls = values.logical_nulls();
            let there = (0..values.len())
                .map(|row| nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)).then_some(true));
            Arc::new(there.collect::<BooleanArray>())
        }
        Conversion::Uuid => {
            let bytes = values.as_any().downcast_ref::<FixedSizeBinaryArray>().ok_or_else(odd)?;
            Arc::new(uuids(bytes))
        }
        Conversion::List(of) => {
            let list = match values.as_any().downcast_ref::<MapArray>() {
                Some(map) => ListArray::from(map.clone()),
                None => values.as_any().downcast_ref::<ListArray>().ok_or_else(odd)?.clone(),
            };
            let (_, offsets, elements, nulls) = list.into_parts();
            let elements = recoded_values(&elements, of)?;
            let field = Arc::new(of.written.clone());
            Arc::new(ListArray::try_new(field, offsets, elements, nulls).map_err(|error| error.to_string())?)
        }
        Conversion::Struct(parts) => {
            let whole = values.as_any().downcast_ref::<StructArray>().ok_or_else(odd)?;
            let columns = whole.columns().iter().zip(parts);
            let columns = columns.map(|(column, part)| recoded_values(column, part));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            let ArrowType::Struct(fields) = recoding.written.data_type() else { return Err(odd()) };
            let nulls = whole.nulls().cloned();
            let length = whole.len();
            Arc::new(
                StructArray::try_new_with_length(fields.clone(), columns, nulls, length)
                    .map_err(|error| error.to_string())?,
            )
        }
    })
}

/// Formats UUIDs as texts in lower case, which have the order of the bytes.
fn uuids(bytes: &FixedSizeBinaryArray) -> arrow::array::StringArray {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    const TEXT: usize = 36;
    let mut texts = StringBuilder::with_capacity(bytes.len(), bytes.len() * TEXT);
    for value in bytes {
        texts.append_option(value.map(|value| {
            let mut text = String::with_capacity(TEXT);
            for (index, byte) in value.iter().enumerate() {
                if matches!(index, 4 | 6 | 8 | 10) {
                    text.push('-');
                }
                for half in [byte >> 4, byte & 0x0f] {
                    text.push(char::from(DIGITS[usize::from(half)]));
                }
            }
            text
        }));
    }
    texts.finish()
}
