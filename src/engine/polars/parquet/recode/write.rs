//! Writes a stand-in: a file with the rows of another file, whose columns the engine reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::datatypes::{DataType as ArrowType, Field as ArrowField, Schema as ArrowSchema};
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::arrow::{ArrowSchemaConverter, encode_arrow_schema};
use parquet::basic::Compression;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};
use polars_parquet::read::FileMetadata;

use super::decode::{Decoder, metadata};
use super::decoded_columns::{assign_decoders, hint_of, of_column};
use super::format;
use super::recoding::Recoding;
use crate::source::scratch::Temporary;

/// The column of a stand-in of which no other column is wanted: the engine counts no rows without columns.
const PLACEHOLDER: &str = "\u{1}karat.nothing";
/// The maximum number of rows in a row group that is written without columns.
const MOST_ROWS: i64 = 1 << 26;

/// The way in which a column is written.
enum Copied {
    /// The chunks are copied, with the field that Arrow's writers stored, if there is one.
    AsIs(Option<ArrowField>),
    /// The values are recoded.
    Recoded(Arc<Recoding>),
}

fn message(error: ParquetError) -> String {
    match error {
        ParquetError::General(reason) => reason,
        other => other.to_string(),
    }
}

/// Writes columns of a file to another file, as columns that the engine decodes. `misread_columns` names the
/// columns whose pages only the `parquet` crate reads, whatever their types.
///
/// # Errors
/// The file cannot be read, or the other one not be written.
pub(in crate::engine::polars) fn write_columns(
    source: &Path,
    footer: &[u8],
    metadata: &FileMetadata,
    columns: &BTreeSet<String>,
    misread_columns: &BTreeSet<String>,
    target: Temporary,
) -> Result<(), String> {
    let decoded = assign_decoders(metadata, footer).map_err(|error| error.to_string())?;
    let mut copied = BTreeMap::new();
    for field in metadata.schema_descr.fields() {
        let name = field.name();
        if !columns.contains(name) || decoded.unread.contains_key(name) {
            continue;
        }
        let how = match decoded.recoded.get(name) {
            Some(recoded) => Copied::Recoded(Arc::clone(&recoded.0)),
            None if misread_columns.contains(name) => {
                Copied::Recoded(Arc::new(of_column(metadata, footer, name)?))
            }
            None if decoded.is_hinted => Copied::AsIs(hint_of(metadata, name)),
            None => Copied::AsIs(None),
        };
        copied.insert(name.to_owned(), how);
    }
    write(source, footer, &copied, target)
}

/// Writes a file with the given columns.
fn write(
    source: &Path,
    footer: &[u8],
    columns: &BTreeMap<String, Copied>,
    target: Temporary,
) -> Result<(), String> {
    let kept = metadata(&format::without(footer, |name| columns.contains_key(name))?)?;
    let found = kept.file_metadata().schema_descr().root_schema().get_fields().to_vec();
    let mut roots = Vec::with_capacity(found.len());
    for root in &found {
        roots.push(match columns.get(root.name()) {
            Some(Copied::Recoded(recoding)) => written(recoding)?,
            _ => Arc::clone(root),
        });
    }
    let recoding = |root: &TypePtr| match columns.get(root.name()) {
        Some(Copied::Recoded(recoding)) => Some(recoding.as_ref()),
        _ => None,
    };
    let recodings: Vec<&Recoding> = found.iter().filter_map(recoding).collect();
    let decoder =
        if recodings.is_empty() { None } else { Some(Decoder::new(source, footer, recodings.clone())?) };
    let placeholder = placeholder_column();
    let is_empty = roots.is_empty();
    if is_empty {
        roots.push(written(&placeholder)?);
    }
    let root = Type::group_type_builder("schema").with_fields(roots).build().map_err(message)?;
    let properties = properties().set_key_value_metadata(hints(&found, columns)).build();
    let mut writer = SerializedFileWriter::new(BufWriter::new(target), Arc::new(root), Arc::new(properties))
        .map_err(message)?;
    let original = File::open(source).map_err(|error| error.to_string())?;
    for group in 0..kept.num_row_groups() {
        let mut chunks = match &decoder {
            Some(decoder) => encoded(&recodings, decoder.rows(group)?)?,
            None if is_empty => {
                let rows = kept.row_group(group).num_rows();
                if !(0..=MOST_ROWS).contains(&rows) {
                    return Err(format!("a row group without columns claims to hold {rows} rows"));
                }
                encoded(&[&placeholder], null_batches(rows))?
            }
            None => Vec::new(),
        }
        .into_iter();
        let mut row_group = writer.next_row_group().map_err(message)?;
        let mut leaf = 0;
        for root in &found {
            let leaves = leaves(root);
            if matches!(columns.get(root.name()), Some(Copied::Recoded(_))) {
                if let Some(chunks) = chunks.next() {
                    chunks.append(&mut row_group)?;
                }
            } else {
                for at in leaf..leaf + leaves {
                    as_is(&original, &kept, group, at, &mut row_group)?;
                }
            }
            leaf += leaves;
        }
        for chunks in chunks {
            chunks.append(&mut row_group)?;
        }
        row_group.close().map_err(message)?;
    }
    writer.close().map_err(message)?;
    Ok(())
}

/// Returns properties for fast writing, without page indexes: copied columns have none.
fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
}

/// Returns the number of leaf columns in a column.
fn leaves(column: &Type) -> usize {
    if column.is_group() { column.get_fields().iter().map(|field| leaves(field)).sum() } else { 1 }
}

/// Returns the type of a recoded column.
fn written(recoding: &Recoding) -> Result<TypePtr, String> {
    let schema = ArrowSchema::new(vec![recoding.written.clone()]);
    let schema = ArrowSchemaConverter::new().convert(&schema).map_err(message)?;
    schema.root_schema().get_fields().first().cloned().ok_or_else(|| "it has no values at all".to_owned())
}

/// Returns the Arrow schema of all columns as metadata for the footer. `None` if no column needs it, or if a
/// copied column has no hint.
fn hints(roots: &[TypePtr], columns: &BTreeMap<String, Copied>) -> Option<Vec<KeyValue>> {
    let mut needs_arrow_schema = false;
    let mut fields = Vec::with_capacity(roots.len());
    for root in roots {
        fields.push(match columns.get(root.name())? {
            Copied::AsIs(hint) => {
                needs_arrow_schema = true;
                hint.clone()?
            }
            Copied::Recoded(recoding) => {
                needs_arrow_schema |= says_more(recoding.written.data_type());
                recoding.written.clone()
            }
        });
    }
    let schema = || encode_arrow_schema(&ArrowSchema::new(fields));
    needs_arrow_schema.then(|| vec![KeyValue::new("ARROW:schema".to_owned(), schema())])
}

/// Returns whether Parquet's own types do not fully state a type.
fn says_more(data_type: &ArrowType) -> bool {
    match data_type {
        ArrowType::Duration(_) | ArrowType::Dictionary(..) => true,
        ArrowType::Timestamp(_, zone) => zone.as_deref().is_some_and(|zone| zone != "UTC"),
        ArrowType::List(of) => says_more(of.data_type()),
        ArrowType::Struct(fields) => fields.iter().any(|field| says_more(field.data_type())),
        _ => false,
    }
}

/// The encoded chunks of one column.
struct Chunks(Vec<ArrowColumnChunk>);

impl Chunks {
    fn append(self, group: &mut SerializedRowGroupWriter<'_, BufWriter<Temporary>>) -> Result<(), String> {
        let append = |mut chunk: ArrowColumnChunk| {
            let close = chunk.close_mut();
            (close.offset_index, close.column_index) = (None, None);
            chunk.append_to_row_group(group)
        };
        self.0.into_iter().try_for_each(append).map_err(message)
    }
}

/// Encodes the rows of a row group.
fn encoded(
    columns: &[&Recoding],
    rows: impl Iterator<Item = Result<Vec<ArrayRef>, String>>,
) -> Result<Vec<Chunks>, String> {
    let mut encoders = Vec::with_capacity(columns.len());
    for recoding in columns {
        let schema = Arc::new(ArrowSchema::new(vec![recoding.written.clone()]));
        let descriptor: SchemaDescriptor = ArrowSchemaConverter::new().convert(&schema).map_err(message)?;
        let properties = properties().build();
        let root = descriptor.root_schema_ptr();
        let alone =
            SerializedFileWriter::new(std::io::sink(), root, Arc::new(properties)).map_err(message)?;
        let factory = ArrowRowGroupWriterFactory::new(&alone, schema);
        encoders.push(factory.create_column_writers(0).map_err(message)?);
    }
    for arrays in rows {
        for ((array, recoding), encoders) in arrays?.iter().zip(columns).zip(&mut encoders) {
            let leaves = compute_leaves(&recoding.written, array).map_err(message)?;
            for (leaf, encoder) in leaves.iter().zip(encoders) {
                encoder.write(leaf).map_err(message)?;
            }
        }
    }
    let closed = encoders.into_iter().map(|encoders| {
        encoders.into_iter().map(ArrowColumnWriter::close).collect::<Result<Vec<_>, _>>().map(Chunks)
    });
    closed.collect::<Result<_, _>>().map_err(message)
}

/// Copies a column chunk.
fn as_is(
    file: &File,
    metadata: &ParquetMetaData,
    group: usize,
    leaf: usize,
    target: &mut SerializedRowGroupWriter<'_, BufWriter<Temporary>>,
) -> Result<(), String> {
    let group = metadata.row_group(group);
    let chunk = group.column(leaf);
    let close = ColumnCloseResult {
        bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or_default(),
        rows_written: u64::try_from(group.num_rows()).unwrap_or_default(),
        metadata: chunk.clone(),
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    target.append_column(file, close).map_err(message)
}

/// Returns the column that stands in where no column is wanted.
fn placeholder_column() -> Recoding {
    let field = ArrowField::new(PLACEHOLDER, ArrowType::Boolean, true);
    Recoding {
        read: field.clone(),
        written: field,
        data_type: crate::data::DataType::Boolean,
        conversion: super::recoding::Conversion::Cast,
    }
}

/// Returns batches of nulls, with `rows` rows in total.
fn null_batches(rows: i64) -> impl Iterator<Item = Result<Vec<ArrayRef>, String>> {
    const AT_ONCE: i64 = 1 << 16;
    let mut left = rows;
    std::iter::from_fn(move || {
        let some = left.min(AT_ONCE);
        left -= some;
        let length = usize::try_from(some).ok().filter(|length| *length > 0)?;
        let nulls: ArrayRef = Arc::new(BooleanArray::new_null(length));
        Some(Ok(vec![nulls]))
    })
}
