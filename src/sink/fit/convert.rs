//! Converts values to a type that holds all of them, and fails where one would be lost.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, FixedSizeListArray, ListArray, MapArray, StructArray, new_null_array,
};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType as Arrow, Date64Type, TimeUnit, TimestampNanosecondType,
};

/// Returns whether a Parquet file has the same values, in the same form, for both types.
pub(super) fn is_same_in_parquet(comes: &Arrow, target: &Arrow) -> bool {
    match (comes, target) {
        (Arrow::LargeUtf8 | Arrow::Utf8View, Arrow::Utf8) => true,
        (Arrow::LargeBinary | Arrow::BinaryView, Arrow::Binary) => true,
        (comes, target) => comes == target && !comes.is_nested(),
    }
}

/// Converts the values of a column, whatever its type is made of. Fields of structs are found by their names; those that are
/// not there are null.
pub(in crate::sink) fn convert(values: &ArrayRef, target: &Arrow) -> Result<ArrayRef, String> {
    match (values.data_type(), target) {
        (Arrow::Dictionary(_, plain), _) => convert(&cast(values, plain)?, target),
        (Arrow::RunEndEncoded(_, plain), _) => convert(&cast(values, plain.data_type())?, target),
        (Arrow::Struct(_), Arrow::Struct(fields)) => {
            let values = values.as_struct();
            let arrays = fields.iter().map(|field| match values.column_by_name(field.name()) {
                Some(array) => {
                    convert(array, field.data_type()).map_err(|it| format!("{}: {it}", field.name()))
                }
                None => Ok(new_null_array(field.data_type(), values.len())),
            });
            let (arrays, nulls) = (arrays.collect::<Result<_, _>>()?, values.nulls().cloned());
            let made = StructArray::try_new_with_length(fields.clone(), arrays, nulls, values.len());
            made.map(|array| Arc::new(array) as _).map_err(|error| error.to_string())
        }
        (Arrow::List(_), Arrow::List(element)) => {
            let list = values.as_list::<i32>();
            let (values, nulls) = (convert(list.values(), element.data_type())?, list.nulls().cloned());
            let made = ListArray::try_new(element.clone(), list.offsets().clone(), values, nulls);
            made.map(|array| Arc::new(array) as _).map_err(|error| error.to_string())
        }
        (Arrow::FixedSizeList(element, size), Arrow::List(target)) => {
            let list: &FixedSizeListArray = values.as_fixed_size_list();
            let inner = convert(list.values(), target.data_type())?;
            let field = Arc::new(element.as_ref().clone().with_data_type(target.data_type().clone()));
            let list = FixedSizeListArray::try_new(field, *size, inner, list.nulls().cloned())
                .map_err(|error| error.to_string())?;
            cast(&(Arc::new(list) as ArrayRef), &Arrow::List(target.clone()))
        }
        (
            Arrow::LargeList(element) | Arrow::ListView(element) | Arrow::LargeListView(element),
            Arrow::List(_),
        ) => convert(&cast(values, &Arrow::List(element.clone()))?, target),
        (Arrow::Map(..), Arrow::Map(entries, ordered)) => {
            let map = values.as_map();
            let Arrow::Struct(fields) = entries.data_type() else { return Err(no_way(values, target)) };
            let [key, value] = fields.as_ref() else { return Err(no_way(values, target)) };
            let (keys, values) =
                (convert(map.keys(), key.data_type())?, convert(map.values(), value.data_type())?);
            let inner = StructArray::try_new(fields.clone(), vec![keys, values], None)
                .map_err(|error| error.to_string())?;
            let nulls = map.nulls().cloned();
            let made = MapArray::try_new(entries.clone(), map.offsets().clone(), inner, nulls, *ordered);
            made.map(|array| Arc::new(array) as _).map_err(|error| error.to_string())
        }
        (comes, target) if comes == target => Ok(values.clone()),
        (Arrow::Timestamp(TimeUnit::Nanosecond, _), _) => {
            all_whole::<TimestampNanosecondType>(values, 1_000, "has parts of a microsecond")?;
            cast(values, target)
        }
        (Arrow::Date64, _) => {
            const DAY: i64 = 24 * 60 * 60 * 1_000;
            all_whole::<Date64Type>(values, DAY, "is no whole day")?;
            cast(values, target)
        }
        _ => cast(values, target),
    }
}

/// Refuses values that are no multiples.
fn all_whole<T: ArrowPrimitiveType<Native = i64>>(
    values: &ArrayRef,
    of: i64,
    otherwise: &str,
) -> Result<(), String> {
    let broken = values.as_primitive::<T>().iter().flatten().filter(|value| value % of != 0).count();
    match broken {
        0 => Ok(()),
        1 => Err(format!("one of its values {otherwise}, which Delta cannot hold")),
        _ => Err(format!("each of {broken} of its values {otherwise}, which Delta cannot hold")),
    }
}

/// Casts, and fails where a value does not fit. The messages of Arrow quote values.
fn cast(values: &ArrayRef, target: &Arrow) -> Result<ArrayRef, String> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(values, target, &options).map_err(|_| no_way(values, target))
}

fn no_way(values: &ArrayRef, target: &Arrow) -> String {
    format!("values of type {} cannot all be written as {target}", values.data_type())
}
