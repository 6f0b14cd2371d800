//! The footer of a Parquet file, read before any of its rows.

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
use super::recode::{Fit, Recoded, Unread};
use super::thrift::Walked;
use super::{pages, range_reader, recode, thrift};
use crate::data::caught;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;
use crate::source::parquet_footer::{TAIL, Tail, footer_length};

/// The footer of a Parquet file.
pub(in crate::engine::polars) struct Footer {
    /// Its columns.
    pub schema: ArrowSchema,
    /// The number of its rows.
    pub rows: u64,
    /// The size of the file.
    pub bytes: u64,
    /// When it was last written, if it is not fetched from elsewhere.
    pub modified: Option<SystemTime>,
    /// Its columns that hold timestamps of the obsolete 96-bit form, which the engine decodes.
    pub int96: Vec<String>,
    /// The columns that only a stand-in holds as they are in `schema`.
    pub recoded: BTreeMap<String, Recoded>,
    /// The columns that are not read at all, with the reason.
    pub unread: BTreeMap<String, Unread>,
    /// Whether the engine does not open the file, so that only a stand-in is read.
    pub is_closed: bool,
    /// The names of its fields, nested ones too, by their ids.
    pub names_by_id: HashMap<i64, String>,
    /// The bytes of the footer itself, which change with the data.
    pub raw: Vec<u8>,
}

impl Footer {
    /// Its columns, as the engine decodes them.
    pub(in crate::engine::polars) fn stored(&self) -> PlSchema {
        PlSchema::from_arrow_schema(&self.schema)
    }

    /// Why a column is not read in a dataset that has it with the type `wanted`, if it is not.
    pub(in crate::engine::polars) fn unread_in(&self, name: &str, wanted: &PlType) -> Option<Unread> {
        if let Some(unread) = self.unread.get(name) {
            return Some(unread.clone());
        }
        // Whether values are there is all that the dataset may want to know.
        let recoded = self.recoded.get(name).filter(|_| *wanted != PlType::Boolean)?;
        let called = recoded.data_type();
        let reason = "its values are not read, only whether they are there".to_owned();
        (!called.is_read()).then(|| Unread { called: called.to_string(), reason })
    }

    /// Its columns as a scan gives them: timestamps of 96 bits as microseconds.
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

/// A footer that was read.
pub(super) enum Read {
    /// The engine reads it as it is: the footer, and the engine's metadata.
    AsIs(Box<Footer>, Arc<FileMetadata>),
    /// The engine reads only another one, which says the same as far as it knows.
    Rewritten(Rewritten),
}

/// A footer to be written in the place of a file's own.
pub(super) struct Rewritten {
    /// The length of the file's own footer.
    pub(super) length: u64,
    /// The bytes of the other one.
    pub(super) footer: Vec<u8>,
    /// The columns that the other one lacks.
    pub(super) unread: BTreeMap<String, Unread>,
}

/// Reads the footer of a file that the engine can read, and the engine's metadata.
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

/// The bytes of a footer, which were walked and so are safe to parse.
pub(in crate::engine::polars) fn raw(file: &LocalFile) -> Result<Vec<u8>, SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let corrupt = |reason: String| SourceError::Corrupt { path: file.shown.clone(), reason };
    let raw = File::open(&file.path).and_then(|mut bytes| raw_footer(&mut bytes));
    let raw = raw.map_err(io)?.map_err(|reason| corrupt(reason.to_owned()))?;
    match thrift::walk(&raw) {
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
    // What is fetched grows, and the store says itself whether it is still the same.
    footer.modified = if file.fetched { None } else { metadata.modified().ok() };
    Ok(Read::AsIs(footer, found))
}

/// Parses the footer of a file of so many bytes.
fn parse(raw: Vec<u8>, bytes: u64) -> Result<Read, String> {
    let walked = thrift::walk(&raw)?;
    if walked.is_encrypted || !walked.unknown.is_empty() || !walked.replaced.is_empty() {
        return rewritten(raw, walked).map(Read::Rewritten);
    }
    let data = bytes.saturating_sub(u64::try_from(raw.len()).unwrap_or(u64::MAX));
    let whole = &raw;
    // The reader is foreign code that meets hostile bytes: what it does not catch itself is caught here.
    let parsed = caught(move || {
        let metadata = Arc::new(read_metadata(&mut Cursor::new(alone(whole)))?);
        sound_arrow_schema(&metadata)?;
        let fit = recode::fit(&metadata, whole)?;
        sound_places(&metadata, data)?;
        sound_rows(&metadata, &fit.schema)?;
        Ok::<_, PolarsError>((metadata, fit))
    });
    let reason = match parsed {
        Ok(Ok((metadata, Fit { schema, recoded, unread, is_closed, .. }))) => {
            let rows = u64::try_from(metadata.num_rows).unwrap_or(u64::MAX);
            let mut int96 = int96(&metadata);
            int96.retain(|name| !recoded.contains_key(name) && !unread.contains_key(name));
            let mut names_by_id = HashMap::new();
            for field in metadata.schema_descr.fields() {
                add_names(field, &mut names_by_id);
            }
            let modified = None;
            let footer =
                Footer { schema, rows, bytes, modified, int96, recoded, unread, is_closed, names_by_id, raw };
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

/// A file that has nothing but this footer.
fn alone(footer: &[u8]) -> Vec<u8> {
    let length = u32::try_from(footer.len()).unwrap_or(u32::MAX).to_le_bytes();
    [b"PAR1", footer, &length, b"PAR1"].concat()
}

/// The footer without what the engine does not accept: logical types that are younger than it, whose columns
/// are read by their physical types; and codecs and encodings that it does not know, and encrypted columns,
/// which are not read.
fn rewritten(raw: Vec<u8>, walked: Walked) -> Result<Rewritten, String> {
    let length = u64::try_from(raw.len()).unwrap_or(u64::MAX);
    let mut footer = raw;
    for place in walked.replaced {
        footer[place.at] = place.by;
    }
    for place in walked.unknown.into_iter().rev() {
        footer.drain(place);
    }
    if !walked.is_encrypted {
        return Ok(Rewritten { length, footer, unread: BTreeMap::new() });
    }
    let encrypted = recode::encrypted(&footer)?;
    let reason = "it is encrypted, which is not read";
    let unread = |name: &String| (name.clone(), recode::unread(&footer, name, reason));
    let unread = encrypted.iter().map(unread).collect();
    let footer = recode::without(&footer, |name| !encrypted.contains(name))?;
    Ok(Rewritten { length, footer, unread })
}

/// The columns that hold timestamps of the obsolete 96-bit form.
fn int96(metadata: &FileMetadata) -> Vec<String> {
    let columns = metadata.schema_descr.columns().iter();
    columns
        .filter(|column| column.descriptor.primitive_type.physical_type == PhysicalType::Int96)
        .filter_map(|column| column.path_in_schema.first().map(ToString::to_string))
        .collect()
}

/// All chunks must lie before the footer.
fn sound_places(metadata: &FileMetadata, data: u64) -> Result<(), PolarsError> {
    for chunk in metadata.row_groups.iter().flat_map(RowGroupMetadata::parquet_columns) {
        // The engine reads where a chunk is said to be, even beyond the end of the file.
        let place = chunk.byte_range();
        let nothing = place.is_empty() && chunk.num_values() > 0;
        if nothing || place.end > data {
            polars_bail!(ComputeError: "its data is cut short or misplaced");
        }
    }
    Ok(())
}

/// The rows of a file are those of its row groups, and none claims more than its bytes can hold: the
/// engine makes room for them.
fn sound_rows(metadata: &FileMetadata, schema: &ArrowSchema) -> Result<(), PolarsError> {
    /// Rows, and values of lists of a fixed length, that nobody minds making room for.
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
        let most = MOST_ROWS.max(bytes.saturating_mul(pages::GROWTH));
        if !schema.is_empty() && held.saturating_mul(longest) > most {
            polars_bail!(ComputeError: "a row group of {bytes} bytes claims to hold {held} rows");
        }
    }
    if rows != metadata.num_rows {
        polars_bail!(ComputeError: "its row groups have {rows} rows, and it claims {}", metadata.num_rows);
    }
    Ok(())
}

/// The most values that one row can have by its type alone, in lists of a fixed length.
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

/// The engine recurses into the schema that Arrow's writers leave in the footer.
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

/// Where the chunks of columns are in a file, by the top-level names of the columns, of the row groups
/// that hold some rows.
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

/// The numbers of the rows of each row group.
pub(super) fn rows_of_groups(metadata: &FileMetadata) -> Vec<Range<u64>> {
    let mut end = 0;
    let rows = metadata.row_groups.iter().map(|group| {
        let start = end;
        end += group.num_rows() as u64;
        start..end
    });
    rows.collect()
}

/// The top-level name of the column that a chunk is of.
pub(super) fn name(chunk: &ColumnChunkMetadata) -> Option<&str> {
    chunk.descriptor().path_in_schema.first().map(PlSmallStr::as_str)
}

/// The bytes of the footer, or why the file does not end as a Parquet file must.
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
