//! What a Parquet file says of itself: read before any of its rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::time::SystemTime;

use polars::prelude::{
    ArrowSchema, DataType as PlType, ParquetReader, PolarsError, Schema as PlSchema, SchemaExt as _,
    SerReader as _, polars_bail,
};
use polars_parquet::parquet::schema::types::{ParquetType, PhysicalType};
use polars_parquet::read::RowGroupMetadata;

use super::int96::INSTANT;
use super::store::Here;
use super::{SourceError, caught};

/// The bytes that columns take in files, compressed, by their top-level names.
pub(super) type ColumnBytes = BTreeMap<String, u64>;

/// The footer of a Parquet file.
pub(super) struct Footer {
    /// Its columns.
    pub schema: ArrowSchema,
    /// Its rows.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// When it was last written, if it is not fetched from elsewhere.
    pub modified: Option<SystemTime>,
    /// The bytes that its columns take, by their top-level names.
    pub column_bytes: ColumnBytes,
    /// Its columns that hold timestamps of the obsolete 96-bit form.
    pub int96: Vec<String>,
    /// The names of its fields, nested ones too, by their ids.
    pub names_by_id: HashMap<i64, String>,
    /// The bytes of the footer itself, which change with the data.
    pub raw: Vec<u8>,
}

impl Footer {
    /// Its columns, as the engine decodes them.
    pub(super) fn stored(&self) -> PlSchema {
        PlSchema::from_arrow_schema(&self.schema)
    }

    /// Its columns, with timestamps of 96 bits as what is made of them.
    pub(super) fn columns(&self) -> PlSchema {
        let mut columns = self.stored();
        for (name, data_type) in columns.iter_mut() {
            if matches!(data_type, PlType::Datetime(..)) && self.int96.iter().any(|column| name == column) {
                *data_type = INSTANT;
            }
        }
        columns
    }
}

/// Reads the footer of a file.
pub(super) fn read(file: &Here) -> Result<Footer, SourceError> {
    let name = || file.shown.clone();
    let io = |source| SourceError::Io { path: name(), source };
    let corrupt = |reason: String| SourceError::Corrupt { path: name(), reason };
    let fetched = file.fetched;
    let mut file = File::open(&file.path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    let bytes = metadata.len();
    // What is fetched grows, and the store says itself whether it is still the same.
    let modified = if fetched { None } else { metadata.modified().ok() };
    let raw = raw_footer(&mut file, bytes).map_err(io)?.ok_or_else(|| {
        corrupt(if bytes == 0 { "the file is empty".into() } else { "no Parquet footer; truncated?".into() })
    })?;
    let data = bytes.saturating_sub(u64::try_from(raw.len()).unwrap_or(u64::MAX));
    // The reader is foreign code that meets hostile bytes: what it does not catch itself is caught here.
    let parsed = caught(move || {
        let mut reader = ParquetReader::new(file);
        let schema = reader.schema()?.as_ref().clone();
        let metadata = reader.get_metadata()?;
        let int96 = metadata
            .schema_descr
            .columns()
            .iter()
            .filter(|column| column.descriptor.primitive_type.physical_type == PhysicalType::Int96)
            .filter_map(|column| column.path_in_schema.first().map(ToString::to_string))
            .collect();
        let mut column_bytes = ColumnBytes::new();
        for chunk in metadata.row_groups.iter().flat_map(RowGroupMetadata::parquet_columns) {
            // The engine reads where a chunk is said to be, even beyond the end of the file.
            let place = chunk.byte_range();
            if place.is_empty() || place.end > data {
                polars_bail!(ComputeError: "its data is cut short or misplaced");
            }
            if let Some(name) = chunk.descriptor().path_in_schema.first() {
                *column_bytes.entry(name.to_string()).or_default() += place.end - place.start;
            }
        }
        let mut names_by_id = HashMap::new();
        for field in metadata.schema_descr.fields() {
            add_names(field, &mut names_by_id);
        }
        Ok::<_, PolarsError>((schema, metadata.num_rows, column_bytes, int96, names_by_id))
    });
    match parsed {
        Ok(Ok((schema, rows, column_bytes, int96, names_by_id))) => {
            let rows = u64::try_from(rows).unwrap_or(u64::MAX);
            Ok(Footer { schema, rows, bytes, modified, column_bytes, int96, names_by_id, raw })
        }
        Ok(Err(error)) => Err(corrupt(error.to_string())),
        Err(_) => Err(corrupt("its footer makes no sense".into())),
    }
}

fn add_names(field: &ParquetType, names: &mut HashMap<i64, String>) {
    let info = field.get_field_info();
    if let Some(id) = info.id {
        names.insert(i64::from(id), info.name.to_string());
    }
    if let ParquetType::GroupType { fields, .. } = field {
        fields.iter().for_each(|field| add_names(field, names));
    }
}

/// Where the chunks of columns are in a file, by the top-level names of the columns.
pub(super) fn column_ranges(
    path: &Path,
    shown: &str,
    columns: &BTreeSet<String>,
) -> Result<Vec<Range<u64>>, SourceError> {
    let file = File::open(path).map_err(|source| SourceError::Io { path: shown.to_owned(), source })?;
    let parsed = caught(move || {
        let mut reader = ParquetReader::new(file);
        let metadata = reader.get_metadata()?;
        let chunks = metadata.row_groups.iter().flat_map(RowGroupMetadata::parquet_columns);
        let wanted = chunks.filter(|chunk| {
            chunk.descriptor().path_in_schema.first().is_some_and(|name| columns.contains(name.as_str()))
        });
        Ok::<_, PolarsError>(wanted.map(|chunk| chunk.byte_range()).collect())
    });
    let corrupt = |reason: String| SourceError::Corrupt { path: shown.to_owned(), reason };
    parsed
        .map_err(|_| corrupt("its footer makes no sense".to_owned()))?
        .map_err(|error| corrupt(error.to_string()))
}

/// How many bytes at the end of a file are its footer, if the file ends as a Parquet file must.
pub(super) fn length(path: &Path, shown: &str) -> Result<Option<u64>, SourceError> {
    let io = |source| SourceError::Io { path: shown.to_owned(), source };
    let mut file = File::open(path).map_err(io)?;
    let bytes = file.metadata().map_err(io)?.len();
    Ok(footer_length(&mut file, bytes).map_err(io)?.map(|length| length + TAIL))
}

/// Adds what the columns of one more file take.
pub(super) fn add(whole: &mut ColumnBytes, file: ColumnBytes) {
    for (name, bytes) in file {
        *whole.entry(name).or_default() += bytes;
    }
}

/// What stands behind the footer: its length and the magic number.
const TAIL: u64 = 8;

/// The bytes of the footer, if the file ends as a Parquet file must.
fn raw_footer(file: &mut File, bytes: u64) -> std::io::Result<Option<Vec<u8>>> {
    let Some(length) = footer_length(file, bytes)? else { return Ok(None) };
    file.seek(SeekFrom::Start(bytes - TAIL - length))?;
    let mut raw = Vec::new();
    file.take(length).read_to_end(&mut raw)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(Some(raw))
}

fn footer_length(file: &mut File, bytes: u64) -> std::io::Result<Option<u64>> {
    if bytes < TAIL + 4 {
        return Ok(None);
    }
    let mut tail = [0; 8];
    file.seek(SeekFrom::Start(bytes - TAIL))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    Ok((magic == *b"PAR1" && length + TAIL <= bytes).then_some(length))
}
