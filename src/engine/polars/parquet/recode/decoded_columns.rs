//! Finds out by the footer which columns of a file the engine decodes right.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use arrow::datatypes::Schema as ArrowsSchema;
use arrow::ipc::convert::fb_to_schema;
use base64::Engine as _;
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::schema::types::TypePtr;
use polars::prelude::{
    ArrowDataType, ArrowField, ArrowSchema, ArrowTimeUnit, DataType as PlType, ParquetReader, PolarsResult,
    Schema as PlSchema, SchemaExt as _, SerReader as _,
};
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::parquet::schema::types::{
    GroupConvertedType, GroupLogicalType, ParquetType, PhysicalType, PrimitiveConvertedType,
    PrimitiveLogicalType,
};
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{FileMetadata, infer_schema};

use super::recoding::{Recoding, recoding};
use super::types;
use crate::data::{DataType, caught};

/// The columns of a file by who decodes them.
pub(in crate::engine::polars) struct DecodedColumns {
    /// All columns, with the types that a scan finds in the file or in its stand-in.
    pub(in crate::engine::polars) schema: ArrowSchema,
    /// The columns that have the type in `schema` only in a stand-in.
    pub(in crate::engine::polars) recoded: BTreeMap<String, Recoded>,
    /// The columns that are not read at all.
    pub(in crate::engine::polars) unread: BTreeMap<String, Unread>,
    /// True if the engine does not open the file, or counts no rows because the file has no columns.
    pub(in crate::engine::polars) needs_stand_in: bool,
    /// True if the engine infers a schema, for which it uses the schema that Arrow's writers store.
    pub(super) is_hinted: bool,
}

/// A column that the `parquet` crate decodes in the engine's place.
#[derive(Clone, Debug)]
pub(in crate::engine::polars) struct Recoded(pub(super) Arc<Recoding>);

impl Recoded {
    /// Returns the type of the column in the dataset.
    pub(in crate::engine::polars) fn data_type(&self) -> &DataType {
        &self.0.data_type
    }
}

/// A column that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine::polars) struct Unread {
    /// The name of its type.
    pub(in crate::engine::polars) type_name: String,
    /// The reason why it is not read.
    pub(in crate::engine::polars) reason: String,
}

impl Unread {
    /// Returns the type that stands for the column in the dataset.
    pub(in crate::engine::polars) fn data_type(&self) -> DataType {
        DataType::Unread { name: self.type_name.clone(), reason: self.reason.clone() }
    }
}

/// Decides for each column of a file whether the engine, the `parquet` crate or neither decodes it.
///
/// # Errors
/// The engine does not make a table of them, and nothing else would.
pub(in crate::engine::polars) fn assign_decoders(
    metadata: &FileMetadata,
    footer: &[u8],
) -> PolarsResult<DecodedColumns> {
    let fields = metadata.schema_descr.fields();
    let inferred = infer_schema(metadata);
    let names: BTreeSet<&str> = fields.iter().map(ParquetType::name).collect();
    let inferred = match inferred {
        Err(error) if names.len() != fields.len() => return Err(error),
        inferred => inferred.ok(),
    };
    let opens =
        inferred.as_ref().is_some_and(|schema| caught(|| PlSchema::from_arrow_schema(schema)).is_ok());
    // The engine counts no rows in a file without columns.
    let needs_stand_in = !opens || fields.is_empty();
    let is_hinted = inferred.is_some();
    let engines = inferred.unwrap_or_else(|| parquet_to_arrow_schema(fields));
    let mut columns = DecodedColumns {
        schema: ArrowSchema::default(),
        recoded: BTreeMap::new(),
        unread: BTreeMap::new(),
        needs_stand_in,
        is_hinted,
    };
    let mut of_crate: Option<ParquetCrateColumns> = None;
    for field in fields {
        let name = field.name();
        let engines = engines.get(name);
        let decoded = match engines {
            Some(engines) if is_decoded(field, engines) && !is_lzo(metadata, name) => engines.clone(),
            _ => {
                let of_crate = of_crate.get_or_insert_with(|| ParquetCrateColumns::of(metadata, footer));
                match of_crate.recoding(name, is_lzo(metadata, name)) {
                    Ok((recoding, found)) => {
                        columns.recoded.insert(name.to_owned(), Recoded(Arc::new(recoding)));
                        found
                    }
                    Err(unread) => {
                        columns.unread.insert(name.to_owned(), unread);
                        ArrowField::new(name.into(), ArrowDataType::Null, true)
                    }
                }
            }
        };
        columns.schema.insert(name.into(), decoded);
    }
    Ok(columns)
}

/// Describes a column that is not read, with the type that the footer states and the reason.
pub(in crate::engine::polars) fn unread(footer: &[u8], name: &str, reason: &str) -> Unread {
    let column = columns(footer).into_iter().find(|column| column.name() == name);
    let type_name = column.map_or_else(|| "unknown".to_owned(), |column| types::type_name(&column));
    Unread { type_name, reason: reason.to_owned() }
}

/// Returns the columns in a footer as the `parquet` crate sees them, or none if the crate fails.
fn columns(footer: &[u8]) -> Vec<TypePtr> {
    let schema = caught(|| ParquetMetaDataReader::decode_schema(footer).ok()).ok().flatten();
    schema.map(|schema| schema.root_schema().get_fields().to_vec()).unwrap_or_default()
}

/// Returns how a column is recoded that the engine reads right, except for pages that it does not know.
pub(super) fn of_column(metadata: &FileMetadata, footer: &[u8], name: &str) -> Result<Recoding, String> {
    let (mut recoding, _) =
        ParquetCrateColumns::of(metadata, footer).recoding(name, false).map_err(|unread| unread.reason)?;
    let engines = infer_schema(metadata).map_err(|error| error.to_string())?;
    if let Some(engines) = engines.get(name) {
        recoding.take_after(engines);
    }
    Ok(recoding)
}

/// Returns whether the engine decodes a column right as the field that the engine infers for it.
fn is_decoded(column: &ParquetType, field: &ArrowField) -> bool {
    let own = parquet_to_arrow_schema(std::slice::from_ref(column));
    let alike = own.get(column.name()).is_some_and(|own| are_alike(own, field));
    alike && is_plain(column, field, Ancestors::Required) && is_known(field) && !holds_instants(column)
}

/// Returns whether a nested column holds timestamps of 96 bits: the engine reads only some of them there.
fn holds_instants(column: &ParquetType) -> bool {
    let ParquetType::GroupType { fields, .. } = column else { return false };
    let is_instant = |field: &ParquetType| matches!(field, ParquetType::PrimitiveType(value) if value.physical_type == PhysicalType::Int96);
    fields.iter().any(|field| is_instant(field) || holds_instants(field))
}

/// Returns whether the schema of Arrow's writers (`declared`) has the lists and structs that the file's own types
/// state (`own`): the engine trusts that schema.
fn are_alike(own: &ArrowField, declared: &ArrowField) -> bool {
    use ArrowDataType::{FixedSizeList, LargeList, List, Map, Struct};
    if own.is_nullable != declared.is_nullable {
        return false;
    }
    match (&own.dtype, &declared.dtype) {
        (
            List(own) | LargeList(own) | Map(own, _),
            List(declared) | LargeList(declared) | FixedSizeList(declared, _) | Map(declared, _),
        ) => are_alike(own, declared),
        (Struct(own), Struct(declared)) => {
            let named = |(own, declared): (&ArrowField, &ArrowField)| {
                own.name == declared.name && are_alike(own, declared)
            };
            own.len() == declared.len() && own.iter().zip(declared).all(named)
        }
        (List(_) | LargeList(_) | Map(..) | Struct(_), _) => false,
        (_, List(_) | LargeList(_) | FixedSizeList(..) | Map(..) | Struct(_)) => false,
        _ => true,
    }
}

/// The nullability of the structs around a part of a column, up to the next list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ancestors {
    /// No struct around the part is null in any row.
    Required,
    /// A struct around the part may be null.
    Nullable,
}

/// Returns whether a column has the one shape of lists, maps and structs on which current writers agree, and
/// whether its values are stored so that the engine knows their types.
fn is_plain(column: &ParquetType, field: &ArrowField, ancestors: Ancestors) -> bool {
    let own = column.get_field_info().repetition;
    let (logical, converted, fields) = match column {
        ParquetType::PrimitiveType(value) => {
            // Timestamps of 96 bits are read in nanoseconds, whatever Arrow's schema states.
            let is_instant = value.physical_type == PhysicalType::Int96;
            let in_nanoseconds =
                matches!(field.dtype, ArrowDataType::Timestamp(ArrowTimeUnit::Nanosecond, None));
            // The engine reads values of these types as bytes.
            let has_no_word = matches!(
                value.logical_type,
                Some(PrimitiveLogicalType::Uuid | PrimitiveLogicalType::Float16)
            );
            // The engine shifts by more bits than there are, where a decimal has few bytes.
            let is_decimal = matches!(value.logical_type, Some(PrimitiveLogicalType::Decimal(..)))
                || matches!(value.converted_type, Some(PrimitiveConvertedType::Decimal(..)));
            let in_bytes = is_decimal && value.physical_type == PhysicalType::ByteArray;
            // The engine records which values are there only for pages that lack some. For a required value
            // in a nullable struct, it has too few records then, or panics.
            let is_noted = own == Repetition::Optional || ancestors == Ancestors::Required;
            return own != Repetition::Repeated
                && is_noted
                && (!is_instant || in_nanoseconds)
                && !has_no_word
                && !in_bytes;
        }
        ParquetType::GroupType { logical_type, converted_type, fields, .. } => {
            (logical_type, converted_type, fields)
        }
    };
    if own == Repetition::Repeated || fields.is_empty() {
        return false;
    }
    let is_list = matches!(
        (logical, converted),
        (Some(GroupLogicalType::List), _) | (None, Some(GroupConvertedType::List))
    );
    let is_map = matches!(
        (logical, converted),
        (Some(GroupLogicalType::Map), _)
            | (None, Some(GroupConvertedType::Map | GroupConvertedType::MapKeyValue))
    );
    if !is_list && !is_map {
        let ArrowDataType::Struct(parts) = &field.dtype else { return false };
        let ancestors = if own == Repetition::Optional { Ancestors::Nullable } else { ancestors };
        return parts.len() == fields.len()
            && fields.iter().zip(parts).all(|(field, part)| is_plain(field, part, ancestors));
    }
    let (ArrowDataType::LargeList(item) | ArrowDataType::List(item) | ArrowDataType::FixedSizeList(item, _)) =
        &field.dtype
    else {
        // The engine treats maps as lists before it decodes them.
        let ArrowDataType::Map(item, _) = &field.dtype else { return false };
        return is_map && entries(fields).is_some_and(|entries| are_entries(entries, item));
    };
    if is_map {
        return entries(fields).is_some_and(|entries| are_entries(entries, item));
    }
    let [ParquetType::GroupType { field_info, fields, logical_type: None, converted_type: None }] =
        fields.as_slice()
    else {
        return false;
    };
    let [element] = fields.as_slice() else { return false };
    field_info.repetition == Repetition::Repeated
        && field_info.name.as_str() == "list"
        && is_plain(element, item, Ancestors::Required)
}

/// Returns the key and the value of a map, or `None` if the map has another shape.
fn entries(fields: &[ParquetType]) -> Option<&[ParquetType]> {
    match fields {
        [ParquetType::GroupType { field_info, fields, .. }]
            if field_info.repetition == Repetition::Repeated && fields.len() == 2 =>
        {
            Some(fields)
        }
        _ => None,
    }
}

fn are_entries(entries: &[ParquetType], field: &ArrowField) -> bool {
    let ArrowDataType::Struct(parts) = &field.dtype else { return false };
    let is_key = entries.first().is_some_and(|key| key.get_field_info().repetition == Repetition::Required);
    let is_plain = |(entry, part): (&ParquetType, &ArrowField)| is_plain(entry, part, Ancestors::Required);
    is_key && parts.len() == 2 && entries.iter().zip(parts).all(is_plain)
}

/// Returns whether the engine has a type for the values of a field, as they are stored.
fn is_known(field: &ArrowField) -> bool {
    let mut values = vec![field];
    while let Some(field) = values.pop() {
        match &field.dtype {
            ArrowDataType::FixedSizeList(item, _)
            | ArrowDataType::List(item)
            | ArrowDataType::LargeList(item)
            | ArrowDataType::Map(item, _) => values.push(item),
            ArrowDataType::Struct(fields) => values.extend(fields),
            // Times in seconds are stored in milliseconds, which the engine takes for seconds.
            ArrowDataType::Time32(ArrowTimeUnit::Second)
            | ArrowDataType::Interval(_)
            | ArrowDataType::Float16 => {
                return false;
            }
            ArrowDataType::Decimal(digits, _) | ArrowDataType::Decimal256(digits, _)
                if *digits > usize::from(types::MOST_DIGITS) =>
            {
                return false;
            }
            ArrowDataType::Decimal256(..) => return false,
            _ => {}
        }
    }
    caught(|| PlType::from_arrow_field(field)).is_ok()
}

/// Returns whether a column is compressed with LZO, which neither decoder reads.
fn is_lzo(metadata: &FileMetadata, name: &str) -> bool {
    let groups = metadata.row_groups.iter();
    groups
        .flat_map(|group| group.columns_under_root_iter(name).into_iter().flatten())
        .any(|chunk| chunk.compression() == Compression::Lzo)
}

/// The columns as the `parquet` crate sees them, with the schema that Arrow's writers store.
struct ParquetCrateColumns {
    columns: Vec<TypePtr>,
    hints: Option<ArrowsSchema>,
}

impl ParquetCrateColumns {
    fn of(metadata: &FileMetadata, footer: &[u8]) -> Self {
        Self { columns: columns(footer), hints: hints(metadata) }
    }

    /// Returns how a column is recoded, and the field that the engine reads from it.
    fn recoding(&self, name: &str, is_lzo: bool) -> Result<(Recoding, ArrowField), Unread> {
        let column = self.columns.iter().find(|column| column.name() == name);
        let type_name = column.map_or_else(|| "unknown".to_owned(), |column| types::type_name(column));
        let unread = |reason: String| Unread { type_name: type_name.clone(), reason };
        if is_lzo {
            return Err(unread(
                "it is compressed with LZO, or packed in a way that is not known, which is not read"
                    .to_owned(),
            ));
        }
        let column = column.ok_or_else(|| unread("its footer makes no sense".to_owned()))?;
        let hint = self.hints.as_ref().and_then(|hints| Some(hints.field_with_name(name).ok()?.data_type()));
        let read = || {
            let recoding = recoding(column, hint)?;
            let found = engines_field(&recoding)?;
            Ok::<_, String>((recoding, found))
        };
        caught(read)
            .unwrap_or_else(|_| Err("it makes no sense".to_owned()))
            .map_err(|reason| unread(format!("its shape is not read: {reason}")))
    }
}

/// Parses the schema that Arrow's writers store in the footer.
fn hints(metadata: &FileMetadata) -> Option<ArrowsSchema> {
    const PREFIX: usize = 8;
    let pairs = metadata.key_value_metadata.iter().flatten();
    let text = pairs.filter(|pair| pair.key == "ARROW:schema").find_map(|pair| pair.value.as_ref())?;
    let decoded = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    let message = if decoded.starts_with(&[0xff; 4]) { decoded.get(PREFIX..)? } else { &*decoded };
    let message = arrow::ipc::root_as_message(message).ok()?;
    let schema = message.header_as_schema()?;
    caught(|| fb_to_schema(schema)).ok()
}

/// Returns the field that the engine finds in a file where a column is recoded.
fn engines_field(recoding: &Recoding) -> Result<ArrowField, String> {
    let schema = Arc::new(ArrowsSchema::new(vec![recoding.written.clone()]));
    let mut bytes = Vec::new();
    ArrowWriter::try_new(&mut bytes, schema, None)
        .and_then(|writer| writer.close().map(drop))
        .map_err(|error| error.to_string())?;
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let schema = reader.schema().map_err(|error| error.to_string())?;
    let field = schema.iter_values().next().ok_or("it has no values at all")?.clone();
    if caught(|| PlType::from_arrow_field(&field)).is_err() {
        return Err(format!("the engine knows no {}", recoding.data_type));
    }
    Ok(field)
}

/// Returns the field of a column in the schema that Arrow's writers store.
pub(super) fn hint_of(metadata: &FileMetadata, name: &str) -> Option<arrow::datatypes::Field> {
    hints(metadata)?.field_with_name(name).ok().cloned()
}
