//! Finds, for a column that the engine misreads, the type that the engine reads right in a stand-in.

use std::sync::Arc;

use arrow::datatypes::{DataType as ArrowType, Field as ArrowField, TimeUnit as ArrowUnit};
use parquet::arrow::parquet_to_arrow_schema;
use parquet::basic::{LogicalType, Type as Physical};
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor, Type, TypePtr};
use polars::prelude::{ArrowDataType as EnginesType, ArrowField as EnginesField, TimeZone};

use super::types::of_values;
use crate::data::{DataType, Field, caught};

/// A column, or a part of one, and its form in a stand-in.
#[derive(Clone, Debug)]
pub(super) struct Recoding {
    /// The field that the `parquet` crate reads.
    pub(super) read: ArrowField,
    /// The field that is written to the stand-in.
    pub(super) written: ArrowField,
    /// The type in the dataset.
    pub(super) data_type: DataType,
    /// The conversion from `read` to `written`.
    pub(super) conversion: Conversion,
}

/// The conversion of values to their form in a stand-in.
#[derive(Clone, Debug)]
pub(super) enum Conversion {
    /// The values stay, or are cast to another type.
    Cast,
    /// 16 bytes are written as the text of a UUID.
    Uuid,
    /// Every value becomes `true`, and nulls stay null.
    Presence,
    /// The elements of a list, or the entries of a map, are converted.
    List(Box<Recoding>),
    /// The fields of a struct are converted.
    Struct(Vec<Recoding>),
}

impl Recoding {
    /// Adopts the engine's type for the column, where a file leaves the type open and decoders differ: the
    /// engine itself reads the column in other files of the dataset, or in other pages.
    pub(super) fn take_after(&mut self, engines: &EnginesField) {
        use EnginesType::{BinaryView, LargeList, List, Struct, Timestamp};
        let written = match (&mut self.conversion, &engines.dtype) {
            (Conversion::List(of), LargeList(item) | List(item)) => {
                of.take_after(item);
                ArrowType::List(Arc::new(of.written.clone()))
            }
            (Conversion::Struct(parts), Struct(fields)) => {
                for (part, field) in parts.iter_mut().zip(fields) {
                    part.take_after(field);
                }
                ArrowType::Struct(parts.iter().map(|part| part.written.clone()).collect())
            }
            (Conversion::Cast, engines) => match (self.written.data_type(), engines) {
                (ArrowType::Timestamp(unit, Some(_)), Timestamp(_, None)) => {
                    ArrowType::Timestamp(*unit, None)
                }
                (ArrowType::Utf8, BinaryView) => ArrowType::Binary,
                _ => return,
            },
            _ => return,
        };
        self.written = self.written.clone().with_data_type(written);
    }
}

/// Returns how a column of a file is recoded. `hint` is its type in the schema that Arrow's writers store.
///
/// # Errors
/// Why the other decoder does not read it.
pub(super) fn recoding(column: &TypePtr, hint: Option<&ArrowType>) -> Result<Recoding, String> {
    let root = Type::group_type_builder("schema").with_fields(vec![Arc::clone(column)]).build();
    let schema = SchemaDescriptor::new(Arc::new(root.map_err(|error| error.to_string())?));
    let found = parquet_to_arrow_schema(&schema, None).map_err(|error| error.to_string())?;
    let field = found.fields().first().ok_or("it has no values at all")?;
    part(field, hint, &mut schema.columns().iter())
}

fn part<'a>(
    field: &ArrowField,
    hint: Option<&ArrowType>,
    leaves: &mut impl Iterator<Item = &'a ColumnDescPtr>,
) -> Result<Recoding, String> {
    let make = |read: ArrowType, written: ArrowType, data_type, conversion| Recoding {
        read: field.clone().with_data_type(read),
        // A required value is null where the struct around it is null.
        written: ArrowField::new(field.name(), written, true),
        data_type,
        conversion,
    };
    Ok(match field.data_type() {
        ArrowType::List(element) | ArrowType::Map(element, _) => {
            let hint = match hint {
                Some(
                    ArrowType::List(of)
                    | ArrowType::LargeList(of)
                    | ArrowType::FixedSizeList(of, _)
                    | ArrowType::Map(of, _),
                ) => Some(of.data_type()),
                _ => None,
            };
            let element = part(element, hint, leaves)?;
            let read = match field.data_type() {
                ArrowType::Map(_, sorted) => ArrowType::Map(Arc::new(element.read.clone()), *sorted),
                _ => ArrowType::List(Arc::new(element.read.clone())),
            };
            let written = ArrowType::List(Arc::new(element.written.clone()));
            let data_type = DataType::List(Box::new(element.data_type.clone()));
            make(read, written, data_type, Conversion::List(Box::new(element)))
        }
        ArrowType::Struct(fields) => {
            let hints = match hint {
                Some(ArrowType::Struct(hints)) if hints.len() == fields.len() => Some(hints),
                _ => None,
            };
            let parts = fields
                .iter()
                .enumerate()
                .map(|(index, field)| part(field, hints.map(|hints| hints[index].data_type()), leaves));
            let parts = parts.collect::<Result<Vec<_>, _>>()?;
            let read = ArrowType::Struct(parts.iter().map(|part| part.read.clone()).collect());
            let written = ArrowType::Struct(parts.iter().map(|part| part.written.clone()).collect());
            let data_type =
                parts.iter().map(|part| Field::new(part.read.name(), part.data_type.clone())).collect();
            make(read, written, DataType::Struct(data_type), Conversion::Struct(parts))
        }
        value => {
            let leaf = leaves.next().ok_or("its parts do not fit each other")?;
            let (read, written, conversion) = of_leaf(value, hint, leaf);
            let data_type = match conversion {
                Conversion::Presence => of_values(&read),
                _ => of_values(&written),
            };
            make(read, written, data_type, conversion)
        }
    })
}

/// Returns the type in which single values are read, the type in which they are written, and the conversion.
fn of_leaf(
    value: &ArrowType,
    hint: Option<&ArrowType>,
    leaf: &ColumnDescPtr,
) -> (ArrowType, ArrowType, Conversion) {
    let cast = |to: ArrowType| (value.clone(), to, Conversion::Cast);
    match value {
        ArrowType::Timestamp(..) if leaf.physical_type() == Physical::INT96 => {
            // Microseconds hold every timestamp whose date is valid.
            let instant = ArrowType::Timestamp(ArrowUnit::Microsecond, Some("UTC".into()));
            (instant.clone(), instant, Conversion::Cast)
        }
        ArrowType::FixedSizeBinary(16) if leaf.logical_type_ref() == Some(&LogicalType::Uuid) => {
            (value.clone(), ArrowType::Utf8, Conversion::Uuid)
        }
        ArrowType::FixedSizeBinary(_) => cast(ArrowType::Binary),
        ArrowType::Float16 => cast(ArrowType::Float32),
        ArrowType::Int64 => match hint {
            Some(duration @ ArrowType::Duration(_)) => cast(duration.clone()),
            _ => cast(value.clone()),
        },
        ArrowType::Timestamp(unit, Some(_)) => match hint {
            Some(stored @ ArrowType::Timestamp(of, Some(zone))) if of == unit && is_known(zone) => {
                cast(stored.clone())
            }
            _ => cast(value.clone()),
        },
        ArrowType::Utf8 => match hint {
            // The engine gives dictionary values a type of their own, until the type in the dataset is known.
            Some(ArrowType::Dictionary(_, of)) if is_text(of) => {
                cast(ArrowType::Dictionary(Box::new(ArrowType::Int32), Box::new(ArrowType::Utf8)))
            }
            _ => cast(value.clone()),
        },
        ArrowType::Null => (value.clone(), ArrowType::Boolean, Conversion::Cast),
        other => match of_values(other) {
            DataType::Other(_) => (value.clone(), ArrowType::Boolean, Conversion::Presence),
            _ => cast(value.clone()),
        },
    }
}

/// Returns whether the engine knows a time zone. It knows none that is stated as an offset.
fn is_known(zone: &str) -> bool {
    caught(|| TimeZone::opt_try_new(Some(zone)).ok().flatten()).is_ok_and(|zone| zone.is_some())
}

fn is_text(data_type: &ArrowType) -> bool {
    matches!(data_type, ArrowType::Utf8 | ArrowType::LargeUtf8 | ArrowType::Utf8View)
}
