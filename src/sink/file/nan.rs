//! Finds the columns that have a NaN, of which the statistics of a Parquet file do not speak.

use arrow::array::{Array, AsArray as _};
use arrow::datatypes::{DataType, Float16Type, Float32Type, Float64Type};

/// Marks the leaves of a column that hold a NaN, in the order of Parquet. Those within lists and maps are passed over, since
/// nobody keeps statistics of them.
pub(super) fn mark(column: &dyn Array, leaves: &mut std::slice::IterMut<'_, bool>) {
    let found = match column.data_type() {
        DataType::Struct(_) => {
            for field in column.as_struct().columns() {
                mark(field, leaves);
            }
            return;
        }
        DataType::Float16 => column.as_primitive::<Float16Type>().values().iter().any(|it| it.is_nan()),
        DataType::Float32 => column.as_primitive::<Float32Type>().values().iter().any(|it| it.is_nan()),
        DataType::Float64 => column.as_primitive::<Float64Type>().values().iter().any(|it| it.is_nan()),
        nested => {
            let _ = leaves.nth(leaf_count(nested).saturating_sub(1));
            return;
        }
    };
    if let Some(leaf) = leaves.next() {
        *leaf |= found;
    }
}

/// Returns how many columns of Parquet a type takes.
fn leaf_count(of: &DataType) -> usize {
    match of {
        DataType::Struct(fields) => fields.iter().map(|field| leaf_count(field.data_type())).sum(),
        DataType::List(inner)
        | DataType::LargeList(inner)
        | DataType::FixedSizeList(inner, _)
        | DataType::ListView(inner)
        | DataType::LargeListView(inner)
        | DataType::Map(inner, _) => leaf_count(inner.data_type()),
        DataType::Dictionary(_, values) => leaf_count(values),
        _ => 1,
    }
}
