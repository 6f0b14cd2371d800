//! Reads and checks the footer of a Parquet file before any row is read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use polars::prelude::{
    ArrowDataType, ArrowSchema, DataType as PlType, PlSmallStr, PolarsError, Schema as PlSchema,
    SchemaExt as _, polars_bail,
};
use polars_parquet::parquet::schema::types::{ParquetType, PhysicalType};
use polars_parquet::read::{ColumnChunkMetadata, FileMetadata, RowGroupMetadata, read_metadata};

use super::int96::INSTANT;
use super::range_reader::RangeReader;
use super::recode::{DecodedColumns, Recoded, Unread};
use super::thrift::Validated;
use super::{pages, range_reader, recode, thrift};
use crate::data::caught;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::parquet_footer::{TAIL, Tail, footer_length};

/// The footer of a Parquet file.
pub(in crate::engine::polars) struct Footer {
    /// The columns, with the types that the engine decodes.
    pub schema: ArrowSchema,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Time of the last modification. `None` for a file that was fetched.
    pub modified: Option<SystemTime>,
    /// The columns with timestamps of the obsolete 96-bit form, which the engine decodes.
    pub int96: Vec<String>,
    /// The columns that have the type in `schema` only in a stand-in.
    pub recoded: BTreeMap<String, Recoded>,
    /// The columns that are not read at all, with the reason.
    pub unread: BTreeMap<String, Unread>,
    /// True if the engine does not open the file, so that only a stand-in is read.
    pub needs_stand_in: bool,
    /// The names of fields, including nested ones, by field id.
    pub names_by_id: HashMap<i64, String>,
    /// The bytes of the footer itself, which change with the data.
    pub raw: Vec<u8>,
}

impl Footer {
    /// Returns the columns with the types that the engine decodes.
    pub(in crate::engine::polars) fn stored(&self) -> PlSchema {
        PlSchema::from_arrow_schema(&self.schema)
    }

    /// Returns the reason why a column is not read in a dataset that has the type `wanted` for it, or `None`.
    pub(in crate::engine::polars) fn unread_in(&self, name: &str, wanted: &PlType) -> Option<Unread> {
        if let Some(unread) = self.unread.get(name) {
            return Some(unread.clone());
        }
        // A boolean column of the dataset may only tell which rows have a value.
        let recoded = self.recoded.get(name).filter(|_| *wanted != PlType::Boolean)?;
        let data_type = recoded.data_type();
        let reason = "its values are not read, only whether they are there".to_owned();
        (!data_type.is_read()).then(|| Unread { type_name: data_type.to_string(), reason })
    }

    /// Returns the columns with the types that a scan gives: timestamps of 96 bits in microseconds.
    pub(in crate::engine::polars) fn columns(&self) -> PlSchema {
        let mut columns = self.stored();
        for (name, data_type) in columns.iter_mut() {
            if matches!(data_type, PlType::Datetime(..)) && self.int96.iter().any(|column| name == column) {
                *data_type = INSTANT;
            }
        }
        columns
    }
}

/// The result of reading a footer.
pub(super) enum Read {
    /// A footer that the engine reads as it is, with the engine's metadata.
    AsIs(Box<Footer>, Arc<FileMetadata>),
    /// A footer that the engine reads only after it is rewritten.
    Rewritten(Rewritten),
}

/// A footer that replaces the footer of a file.
pub(super) struct Rewritten {
    /// Length of the file's own footer in bytes.
    pub(super) length: u64,
    /// The bytes of the new footer.
    pub(super) footer: Vec<u8>,
    /// The columns that the new footer leaves out.
    pub(super) unread: BTreeMap<String, Unread>,
}

/// Reads a footer that the engine can read as it is, and the engine's metadata.
pub(in crate::engine::polars) fn read_whole(
    file: &LocalFile,
) -> Result<(Footer, Arc<FileMetadata>), SourceError> {
    match read(file)? {
        Read::AsIs(footer, metadata) => Ok((*footer, metadata)),
        Read::Rewritten(_) => Err(SourceError::Corrupt {
            path: file.shown.clone(),
            reason: "its footer speaks of what is not known".to_owned(),
        }),
    }
}

/// Reads the bytes of a footer, and validates that they are safe to parse.
pub(in crate::engine::polars) fn raw(file: &LocalFile) -> Result<Vec<u8>, SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let corrupt = |reason: String| SourceError::Corrupt { path: file.shown.clone(), reason };
    let raw = File::open(&file.path).and_then(|mut bytes| raw_footer(&mut bytes));
    let raw = raw.map_err(io)?.map_err(|reason| corrupt(reason.to_owned()))?;
    match thrift::validate(&raw) {
        Ok(_) => Ok(raw),
        Err(reason) => Err(corrupt(reason)),
    }
}

/// Reads the footer of a file.
pub(super) fn read(file: &LocalFile) -> Result<Read, SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let corrupt = |reason: String| SourceError::Corrupt { path: file.shown.clone(), reason };
    let mut bytes = File::open(&file.path).map_err(io)?;
    let metadata = bytes.metadata().map_err(io)?;
    let raw = raw_footer(&mut bytes).map_err(io)?.map_err(|reason| corrupt(reason.to_owned()))?;
    let parsed = parse(raw, metadata.len()).map_err(corrupt)?;
    let Read::AsIs(mut footer, found) = parsed else { return Ok(parsed) };
    // A fetched file changes as more of it arrives, and its store itself reports changes.
    footer.modified = if file.fetched { None } else { metadata.modified().ok() };
    Ok(Read::AsIs(footer, found))
}

/// Parses the footer of a file of `bytes` bytes.
fn parse(raw: Vec<u8>, bytes: u64) -> Result<Read, String> {
    let validated = thrift::validate(&raw)?;
    if validated.is_encrypted || !validated.removed.is_empty() || !validated.replaced.is_empty() {
        return rewritten(raw, validated).map(Read::Rewritten);
    }
    let data = bytes.saturating_sub(u64::try_from(raw.len()).unwrap_or(u64::MAX));
    let whole = &raw;
    // The reader is third-party code that meets hostile bytes, so its panics are caught.
    let parsed = caught(move || {
        let metadata = Arc::new(read_metadata(&mut Cursor::new(alone(whole)))?);
        sound_arrow_schema(&metadata)?;
        let decoded = recode::assign_decoders(&metadata, whole)?;
        sound_places(&metadata, data)?;
        sound_rows(&metadata, &decoded.schema)?;
        Ok::<_, PolarsError>((metadata, decoded))
    });
    let reason = match parsed {
        Ok(Ok((metadata, DecodedColumns { schema, recoded, unread, needs_stand_in, .. }))) => {
            let rows = u64::try_from(metadata.num_rows).unwrap_or(u64::MAX);
            let mut int96 = int96(&metadata);
            int96.retain(|name| !recoded.contains_key(name) && !unread.contains_key(name));
            let mut names_by_id = HashMap::new();
            for field in metadata.schema_descr.fields() {
                add_names(field, &mut names_by_id);
            }
            let modified = None;
            let footer = Footer {
                schema,
                rows,
                bytes,
                modified,
                int96,
                recoded,
                unread,
                needs_stand_in,
                names_by_id,
                raw,
            };
            return Ok(Read::AsIs(Box::new(footer), metadata));
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its footer makes no sense".to_owned(),
    };
    match recode::repaired(&raw) {
        Some(footer) => {
            let length = u64::try_from(raw.len()).unwrap_or(u64::MAX);
            Ok(Read::Rewritten(Rewritten { length, footer, unread: BTreeMap::new() }))
        }
        None => Err(reason),
    }
}

/// Builds a file that consists of this footer only.
fn alone(footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap_or(u32::MAX).to_le_bytes();
    [b"PAR1", footer, &length, b"PAR1"].concat()
}

/// Removes what the engine refuses from a footer: logical types that are younger than the engine, whose
/// columns are read by their physical types; codecs and encodings that the engine does not know; and
/// encrypted columns. Columns of the latter two kinds are not read.
fn rewritten(raw: Vec<u8>, validated: Validated) -> Result<Rewritten, String> {
    let length = u64::try_from(raw.len()).unwrap_or(u64::MAX);
    let mut footer = raw;
    for place in validated.replaced {
        footer[place.at] = place.by;
    }
    for place in validated.removed.into_iter().rev() {
        footer.drain(place);
    }
    if !validated.is_encrypted {
        return Ok(Rewritten { length, footer, unread: BTreeMap::new() });
    }
    let encrypted = recode::encrypted(&footer)?;
    let reason = "it is encrypted, which is not read";
    let unread = |name: &String| (name.clone(), recode::unread(&footer, name, reason));
    let unread = encrypted.iter().map(unread).collect();
    let footer = recode::without(&footer, |name| !encrypted.contains(name))?;
    Ok(Rewritten { length, footer, unread })
}

/// Returns the columns with timestamps of the obsolete 96-bit form.
fn int96(metadata: &FileMetadata) -> Vec<String> {
    let columns = metadata.schema_descr.columns().iter();
    columns
        .filter(|column| column.descriptor.primitive_type.physical_type == PhysicalType::Int96)
        .filter_map(|column| column.path_in_schema.first().map(ToString::to_string))
        .collect()
}

/// Checks that all column chunks lie before the footer.
fn sound_places(metadata: &FileMetadata, data: u64) -> Result<(), PolarsError> {
    for chunk in metadata.row_groups.iter().flat_map(RowGroupMetadata::parquet_columns) {
        // The engine reads where a chunk claims to be, even beyond the end of the file.
        let place = chunk.byte_range();
        let nothing = place.is_empty() && chunk.num_values() > 0;
        if nothing || place.end > data {
            polars_bail!(ComputeError: "its data is cut short or misplaced");
        }
    }
    Ok(())
}

/// Checks that the row groups have as many rows as the file claims, and that none claims more rows than its
/// bytes can hold: the engine allocates memory for them.
fn sound_rows(metadata: &FileMetadata, schema: &ArrowSchema) -> Result<(), PolarsError> {
    /// Number of rows, or of values in lists of a fixed length, for which memory may always be allocated.
    const MOST_ROWS: u64 = 1 << 26;
    let mut rows = 0_usize;
    for group in &metadata.row_groups {
        rows = rows.saturating_add(group.num_rows());
        let bytes = group
            .parquet_columns()
            .iter()
            .map(ColumnChunkMetadata::byte_range)
            .map(|place| place.end - place.start)
            .sum::<u64>();
        let held = group.num_rows() as u64;
        let longest = schema.iter_values().map(|field| fixed_length(&field.dtype)).max().unwrap_or(1);
        let most = MOST_ROWS.max(bytes.saturating_mul(pages::MAX_EXPANSION));
        if !schema.is_empty() && held.saturating_mul(longest) > most {
            polars_bail!(ComputeError: "a row group of {bytes} bytes claims to hold {held} rows");
        }
    }
    if rows != metadata.num_rows {
        polars_bail!(ComputeError: "its row groups have {rows} rows, and it claims {}", metadata.num_rows);
    }
    Ok(())
}

/// Returns the maximum number of values in one row that its type implies, by lists of a fixed length.
fn fixed_length(data_type: &ArrowDataType) -> u64 {
    match data_type {
        ArrowDataType::FixedSizeList(item, length) => {
            (*length as u64).max(1).saturating_mul(fixed_length(&item.dtype))
        }
        ArrowDataType::List(item) | ArrowDataType::LargeList(item) => fixed_length(&item.dtype),
        ArrowDataType::Struct(fields) => {
            fields.iter().map(|field| fixed_length(&field.dtype)).max().unwrap_or(1)
        }
        _ => 1,
    }
}

/// Checks the schema that Arrow's writers store in the footer, because the engine recurses into it.
fn sound_arrow_schema(metadata: &FileMetadata) -> Result<(), PolarsError> {
    const PREFIX: usize = 8;
    let pairs = metadata.key_value_metadata.iter().flatten();
    for text in pairs.filter(|pair| pair.key == "ARROW:schema").filter_map(|pair| pair.value.as_ref()) {
        let decoded = base64::engine::general_purpose::STANDARD.decode(text).unwrap_or_default();
        let message = if decoded.starts_with(&[0xff; 4]) { decoded.get(PREFIX..) } else { Some(&*decoded) };
        if arrow::ipc::root_as_message(message.unwrap_or_default()).is_err() {
            polars_bail!(ComputeError: "the Arrow schema in its footer makes no sense");
        }
    }
    Ok(())
}

fn add_names(field: &ParquetType, names: &mut HashMap<i64, String>) {
    let info = field.get_field_info();
    if let Some(id) = info.id {
        names.insert(i64::from(id), info.name.to_string());
    }
    if let ParquetType::GroupType { fields, .. } = field {
        for field in fields {
            add_names(field, names);
        }
    }
}

/// Returns the byte ranges of the chunks of columns, given by their top-level names, in the row groups that
/// hold some of the given rows.
pub(in crate::engine::polars) fn column_ranges(
    file: &LocalFile,
    columns: &BTreeSet<String>,
    rows: &Range<u64>,
) -> Result<Vec<Range<u64>>, SourceError> {
    let (_, metadata) = read_whole(file)?;
    let groups = metadata.row_groups.iter().zip(rows_of_groups(&metadata));
    let holding = groups.filter(|(_, own)| own.start < rows.end && rows.start < own.end);
    let chunks = holding.flat_map(|(group, _)| group.parquet_columns());
    Ok(chunks
        .filter(|chunk| name(chunk).is_some_and(|name| columns.contains(name)))
        .map(ColumnChunkMetadata::byte_range)
        .collect())
}

/// Returns the range of row numbers of each row group.
pub(super) fn rows_of_groups(metadata: &FileMetadata) -> Vec<Range<u64>> {
    let mut end = 0;
    let rows = metadata.row_groups.iter().map(|group| {
        let start = end;
        end += group.num_rows() as u64;
        start..end
    });
    rows.collect()
}

/// Returns the top-level name of a chunk's column.
pub(super) fn name(chunk: &ColumnChunkMetadata) -> Option<&str> {
    chunk.descriptor().path_in_schema.first().map(PlSmallStr::as_str)
}

/// Returns the bytes of the footer, or the reason why the file does not end as a Parquet file must.
fn raw_footer(file: &mut impl RangeReader) -> io::Result<Result<Vec<u8>, &'static str>> {
    let bytes = file.length()?;
    let tail = || {
        let mut tail = Tail::default();
        file.range(bytes - TAIL..bytes)?.read_exact(&mut tail)?;
        Ok(tail)
    };
    match footer_length(bytes, tail)? {
        Ok(length) => Ok(Ok(range_reader::read(file, bytes - TAIL - length..bytes - TAIL)?)),
        Err(reason) => Ok(Err(reason)),
    }
}
