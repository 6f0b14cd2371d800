//! Finds the Arrow types that the engine reads, and the parts of a batch that belong to each column.

use std::sync::Arc;

use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Field, FieldRef, IntervalUnit, UnionMode};
use polars::prelude::TimeZone;

/// Returns the type as which the engine reads values of a type, or `None` if it cannot.
pub(super) fn readable(data_type: &DataType) -> Option<DataType> {
    let within = |field: &FieldRef| Some(Arc::new(readable_field(field)?));
    Some(match data_type {
        // With this precision, 128 bits hold every value.
        DataType::Decimal256(digits, scale) if *digits <= DECIMAL128_MAX_PRECISION && *scale >= 0 => {
            DataType::Decimal128(*digits, *scale)
        }
        DataType::Decimal256(..)
        | DataType::Interval(_)
        | DataType::Union(..)
        | DataType::RunEndEncoded(..)
        | DataType::ListView(_)
        | DataType::LargeListView(_) => return None,
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal128(_, scale)
            if *scale < 0 =>
        {
            return None;
        }
        // A time zone changes how instants are shown, not the instants.
        DataType::Timestamp(unit, Some(zone)) => {
            let known = !zone.starts_with(['+', '-']) && TimeZone::opt_try_new(Some(zone.as_ref())).is_ok();
            let zone = if known { zone.clone() } else { "UTC".into() };
            DataType::Timestamp(*unit, Some(zone))
        }
        DataType::Map(entries, _) | DataType::List(entries) => DataType::List(within(entries)?),
        DataType::LargeList(of) => DataType::LargeList(within(of)?),
        DataType::FixedSizeList(of, size) => DataType::FixedSizeList(within(of)?, *size),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(within).collect::<Option<_>>()?),
        DataType::Dictionary(_, values) if holds_wide(values) => return None,
        DataType::Dictionary(keys, values) => DataType::Dictionary(keys.clone(), Box::new(readable(values)?)),
        other => other.clone(),
    })
}

/// Returns whether a type is a decimal of 256 bits, or contains one.
fn holds_wide(data_type: &DataType) -> bool {
    match data_type {
        DataType::Decimal256(..) => true,
        DataType::List(of)
        | DataType::LargeList(of)
        | DataType::FixedSizeList(of, _)
        | DataType::Map(of, _) => holds_wide(of.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| holds_wide(field.data_type())),
        _ => false,
    }
}

/// Returns a field with the type as which the engine reads it, or `None` if it cannot.
pub(super) fn readable_field(field: &Field) -> Option<Field> {
    Some(field.clone().with_data_type(readable(field.data_type())?))
}

/// Returns the name of a type that is not read.
pub(super) fn name(data_type: &DataType) -> String {
    match data_type {
        DataType::Decimal256(precision, scale) => format!("decimal256({precision},{scale})"),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::Interval(IntervalUnit::YearMonth) => "interval of months".to_owned(),
        DataType::Interval(_) => "interval".to_owned(),
        DataType::Union(..) => "union".to_owned(),
        DataType::RunEndEncoded(_, values) => format!("run-end encoded {}", name(values.data_type())),
        DataType::ListView(of) | DataType::LargeListView(of) => {
            format!("list view of {}", name(of.data_type()))
        }
        DataType::List(of) | DataType::LargeList(of) | DataType::FixedSizeList(of, _) => {
            format!("list of {}", name(of.data_type()))
        }
        DataType::Map(entries, _) => format!("map of {}", name(entries.data_type())),
        DataType::Struct(fields) => {
            let odd = fields.iter().find(|field| readable(field.data_type()).is_none());
            format!("struct with {}", odd.map_or_else(String::new, |field| name(field.data_type())))
        }
        DataType::Dictionary(_, values) => format!("dictionary of {}", name(values)),
        other => other.to_string().to_lowercase(),
    }
}

/// Returns whether an array of a type has a validity bitmap.
pub(super) fn has_validity(data_type: &DataType) -> bool {
    !matches!(data_type, DataType::Null | DataType::Union(..) | DataType::RunEndEncoded(..))
}

/// A position among the parts of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor {
    pub(super) nodes: usize,
    pub(super) buffers: usize,
    /// Number of view columns before this position.
    pub(super) views: usize,
}

impl Cursor {
    /// Advances past the parts of a column, and returns the indices of its buffers with 256-bit decimals.
    /// `views` has the number of data buffers of each view column. `old` is true if unions have a validity
    /// bitmap, as they had before Arrow 1.0.
    pub(super) fn pass(&mut self, data_type: &DataType, views: &[i64], old: bool) -> Option<Vec<usize>> {
        let own = matches!(data_type, DataType::Decimal256(..)).then_some(self.buffers + 1);
        self.nodes += 1;
        let (buffers, within): (usize, Vec<&FieldRef>) = match data_type {
            DataType::Null => (0, vec![]),
            DataType::Utf8 | DataType::Binary | DataType::LargeUtf8 | DataType::LargeBinary => (3, vec![]),
            DataType::Utf8View | DataType::BinaryView => {
                let bytes = usize::try_from(*views.get(self.views)?).ok()?;
                self.views += 1;
                (bytes.checked_add(2)?, vec![])
            }
            DataType::List(of) | DataType::LargeList(of) | DataType::Map(of, _) => (2, vec![of]),
            DataType::ListView(of) | DataType::LargeListView(of) => (3, vec![of]),
            DataType::FixedSizeList(of, _) => (1, vec![of]),
            DataType::Struct(fields) => (1, fields.iter().collect()),
            DataType::Union(fields, mode) => {
                let own = if *mode == UnionMode::Dense { 2 } else { 1 };
                (own + usize::from(old), fields.iter().map(|(_, field)| field).collect())
            }
            DataType::RunEndEncoded(ends, values) => (0, vec![ends, values]),
            _ => (2, vec![]),
        };
        self.buffers = self.buffers.checked_add(buffers)?;
        let mut wide: Vec<usize> = own.into_iter().collect();
        for field in within {
            wide.extend(self.pass(field.data_type(), views, old)?);
        }
        Some(wide)
    }
}
