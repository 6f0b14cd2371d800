//! Converts values of one type to a series of the engine.

use polars::prelude::{
    AnyValue, BooleanChunked, Float64Chunked, Int64Chunked, IntoSeries as _, PlSmallStr, PolarsResult,
    Series, StringChunked, StructChunked, polars_bail,
};
use polars_core::prelude::NewChunkedArray as _;

use crate::data::{DataType, Field, Value};
use crate::engine::polars::expression::{polars_type, value_series};

/// Returns a series of values, each of which is of the type or null.
pub(super) fn series(name: &str, values: &[Value], data_type: &DataType) -> PolarsResult<Series> {
    let series = match data_type {
        DataType::Integer { bits: 64, signed: true } => {
            let whole = |value: &Value| match value {
                Value::Integer(value) => i64::try_from(*value).ok(),
                _ => None,
            };
            Int64Chunked::from_iter_options(PlSmallStr::EMPTY, values.iter().map(whole)).into_series()
        }
        DataType::Float { bits: 64 } => {
            let double = |value: &Value| match value {
                Value::Float(value) => Some(value.0),
                _ => None,
            };
            Float64Chunked::from_iter_options(PlSmallStr::EMPTY, values.iter().map(double)).into_series()
        }
        DataType::Boolean => {
            let boolean = |value: &Value| match value {
                Value::Boolean(value) => Some(*value),
                _ => None,
            };
            values.iter().map(boolean).collect::<BooleanChunked>().into_series()
        }
        DataType::String => {
            let text = |value: &'_ Value| match value {
                Value::String(text) => Some(text.clone()),
                _ => None,
            };
            values.iter().map(text).collect::<StringChunked>().into_series()
        }
        DataType::List(of) => list(values, of)?,
        DataType::Struct(fields) => structs(values, fields)?,
        _ => value_series(values, data_type),
    };
    // A value that the engine does not accept must not become a null.
    if series.null_count() != values.iter().filter(|value| value.is_null()).count() {
        polars_bail!(ComputeError: "values of column \"{name}\" do not fit {data_type}");
    }
    Ok(series.with_name(name.into()))
}

fn list(values: &[Value], of: &DataType) -> PolarsResult<Series> {
    let items: Vec<Value> = values
        .iter()
        .flat_map(|value| match value {
            Value::List(items) => items.as_slice(),
            _ => &[],
        })
        .cloned()
        .collect();
    let items = series("", &items, of)?;
    let mut start = 0_usize;
    let lists: Vec<AnyValue<'_>> = values
        .iter()
        .map(|value| match value {
            Value::List(own) => {
                let offset = i64::try_from(start).unwrap_or(i64::MAX);
                start += own.len();
                AnyValue::List(items.slice(offset, own.len()))
            }
            _ => AnyValue::Null,
        })
        .collect();
    let data_type = polars::prelude::DataType::List(Box::new(polars_type(of)));
    Series::from_any_values_and_dtype(PlSmallStr::EMPTY, &lists, &data_type, true)
}

fn structs(values: &[Value], fields: &[Field]) -> PolarsResult<Series> {
    let columns: Vec<Series> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            // Structs have their fields in the order of their type.
            let of = values.iter().map(|value| match value {
                Value::Struct(own) => own.get(index).map_or(Value::Null, |(_, value)| value.clone()),
                _ => Value::Null,
            });
            series(&field.name, &of.collect::<Vec<_>>(), &field.data_type)
        })
        .collect::<PolarsResult<_>>()?;
    let whole = StructChunked::from_series(PlSmallStr::EMPTY, values.len(), columns.iter())?.into_series();
    let present: BooleanChunked = values.iter().map(|value| Some(!value.is_null())).collect();
    let nulls = Series::full_null(PlSmallStr::EMPTY, values.len(), whole.dtype());
    whole.zip_with(&present, &nulls)
}
