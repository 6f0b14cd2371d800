//! Reads the distinct values of a column in a row group from its dictionary page, if all values are in it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use polars::prelude::Series;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet_format::{ColumnMetaData, Encoding, PageType, SchemaElement, Type};

use super::decode::ColumnDecoder;
use super::row_chunk::RowChunk;
use super::row_groups::RowGroups;
use crate::data::{ColumnBound, ColumnPath, Field, KnownColumn, Value, caught};
use crate::engine::polars::expression::value_series;
use crate::engine::polars::parallel::all;
use crate::engine::polars::parquet::pages;
use crate::engine::polars::parquet::pages::{DictionaryChunk, DictionaryPage};
use crate::engine::polars::scan::FileSet;
use crate::source::SourceError;
use crate::source::files::DataFile;

/// The maximum number of values in a dictionary that is worth reading.
const MOST: u64 = 100_000;
/// The minimum number of rows for each value in a dictionary that is worth reading.
const ROWS_EACH: u64 = 4;

/// The result of reading the dictionary of a column in a row group.
#[derive(Debug)]
pub(crate) enum Dictionary {
    /// Nothing: not all values of the column are known to be in it, or it is not worth reading.
    Nothing,
    /// Each value of the column is one of these, in the table's type.
    Values(Series),
    /// The column's statistics are wrong: values lie beyond its bounds.
    Contradicts,
}

impl FileSet {
    /// Returns the dictionaries of a column in row groups. A dictionary holds every value of the column in
    /// its row group, and may hold more; nulls are not in it.
    ///
    /// # Errors
    /// A file cannot be read, or a dictionary is not whole.
    pub(crate) fn dictionaries(
        &self,
        chunks: &[&RowChunk],
        column: &str,
    ) -> Result<Vec<Dictionary>, SourceError> {
        let about = self.files.about();
        let field = about.columns.iter().find(|field| field.name == column);
        let is_stored = !about.partitioned.iter().any(|field| field.name == column);
        let Some(field) = field.filter(|_| is_stored && !about.is_changes) else {
            return Ok(chunks.iter().map(|_| Dictionary::Nothing).collect());
        };
        let mut files: Vec<usize> = chunks.iter().map(|chunk| chunk.file).collect();
        files.sort_unstable();
        files.dedup();
        let read = |index: &usize| match self.files.get(*index) {
            // A scan of a remote file fetches only what it wants, so no dictionary is read there.
            Some(file) if !file.local.fetched => Ok((*index, RowGroups::read(&file.local)?)),
            _ => Ok((*index, None)),
        };
        let groups: BTreeMap<usize, Option<RowGroups>> = all(&files, read)?.into_iter().collect();
        all(chunks, |chunk| {
            let groups = groups.get(&chunk.file).and_then(Option::as_ref);
            let (Some(groups), Some(file)) = (groups, self.files.get(chunk.file)) else {
                return Ok(Dictionary::Nothing);
            };
            let found = self.dictionary(file, groups, chunk, field)?;
            // Another writer may have replaced the file.
            file.unchanged()?;
            Ok(found)
        })
    }

    fn dictionary(
        &self,
        file: &DataFile,
        groups: &RowGroups,
        chunk: &RowChunk,
        field: &Field,
    ) -> Result<Dictionary, SourceError> {
        let layout = self.layouts.of(file);
        let found = layout.stored_as(&field.name).and_then(|(name, decoded)| {
            let (element, metadata) = groups.chunk(chunk.group?, name)?;
            let decoder = ColumnDecoder { element, decoded: decoded?, wanted: &field.data_type };
            decoder.converts().then_some((decoder, dictionary_chunk(element, metadata)?))
        });
        let Some((decoder, coded)) = found else { return Ok(Dictionary::Nothing) };
        let rows = chunk.rows.end - chunk.rows.start;
        let most = usize::try_from(MOST.min(rows / ROWS_EACH)).unwrap_or(usize::MAX);
        let values =
            values(&file.local.path, &decoder, &coded, most).map_err(|reason| SourceError::Corrupt {
                path: file.local.shown.clone(),
                reason: format!("column \"{}\": its dictionary: {reason}", field.name),
            })?;
        let Some(values) = values else { return Ok(Dictionary::Nothing) };
        let known = chunk.known.columns.get(&ColumnPath::column(field.name.as_str()));
        let only_nulls = |known: &KnownColumn| known.nulls == Some(chunk.known.rows) && chunk.known.rows > 0;
        let wrong = |known: &KnownColumn| {
            values.iter().any(|value| is_beyond(value, known)) || (only_nulls(known) && !values.is_empty())
        };
        if known.is_some_and(wrong) {
            return Ok(Dictionary::Contradicts);
        }
        let series = value_series(&values, &field.data_type);
        Ok(if series.null_count() == 0 { Dictionary::Values(series) } else { Dictionary::Nothing })
    }
}

/// Returns whether a value lies beyond the bounds of a column.
fn is_beyond(value: &Value, known: &KnownColumn) -> bool {
    let is = |bound: &Option<ColumnBound>, order: Ordering| {
        bound.as_ref().is_some_and(|bound| value.compare(&bound.value) == Some(order))
    };
    is(&known.lower, Ordering::Less) || is(&known.upper, Ordering::Greater)
}

/// Returns the chunk of a column with its dictionary. `None` if it has no values or is not understood.
fn dictionary_chunk(element: &SchemaElement, chunk: &ColumnMetaData) -> Option<DictionaryChunk> {
    // A chunk without values may have no pages.
    (chunk.num_values > 0).then_some(())?;
    let start = u64::try_from(chunk.dictionary_page_offset.unwrap_or(chunk.data_page_offset)).ok()?;
    let length = u64::try_from(chunk.total_compressed_size).ok()?;
    let by_dictionary = [Encoding::PLAIN_DICTIONARY, Encoding::RLE_DICTIONARY];
    let is_all_encoded = chunk.encoding_stats.as_ref().map(|pages| {
        let mut data = pages.iter().filter(|pages| pages.page_type != PageType::DICTIONARY_PAGE);
        data.all(|pages| by_dictionary.contains(&pages.encoding) || pages.count == 0)
    });
    Some(DictionaryChunk {
        place: start..start.checked_add(length)?,
        compression: Compression::try_from(chunk.codec).ok()?,
        physical: PhysicalType::try_from((element.type_?, element.type_length)).ok()?,
        values: chunk.num_values,
        is_all_encoded,
    })
}

/// Decodes the values of a dictionary. Returns `None` if there are more than `most`, or if the column cannot
/// hold one of them.
fn values(
    path: &Path,
    decoder: &ColumnDecoder<'_>,
    chunk: &DictionaryChunk,
    most: usize,
) -> Result<Option<Vec<Value>>, String> {
    // Decompressors are third-party code that meets hostile bytes, so their panics are caught.
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let read = caught(|| pages::dictionary(&mut file, chunk, most));
    let Some(page) = read.map_err(|_| "it makes no sense".to_owned())?? else { return Ok(None) };
    let DictionaryPage { values, count } = page;
    let mut rest = values.as_slice();
    let next = |_| {
        let length = match decoder.element.type_? {
            Type::INT32 | Type::FLOAT => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::FIXED_LEN_BYTE_ARRAY => usize::try_from(decoder.element.type_length?).ok()?,
            Type::BYTE_ARRAY => {
                let (length, after) = rest.split_first_chunk::<4>()?;
                rest = after;
                usize::try_from(u32::from_le_bytes(*length)).ok()?
            }
            _ => return None,
        };
        let (value, after) = rest.split_at_checked(length)?;
        rest = after;
        decoder.value(value)
    };
    Ok((0..count).map(next).collect())
}
