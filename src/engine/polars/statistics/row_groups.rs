//! Reads the statistics of row groups from the footer of a file.
//!
//! The engine's own reader of footers leaves out what is needed here: whether bounds are exact, and bounds
//! that were written before column orders existed. So the footer is parsed once more, by the format alone.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{
    ColumnMetaData, Encoding, FieldRepetitionType, FileMetaData, RowGroup, SchemaElement, Statistics, Type,
};

use super::column_statistics::ColumnStatistics;
use super::decode::ColumnDecoder;
use super::truncated::{may_be_truncated, upper_bound_in_footer};
use super::writer::{StatisticsOrder, Writer};
use crate::data::{ColumnBound, KnownColumn, Value, caught};
use crate::engine::polars::parquet::footer;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// The row groups of a file, as its footer describes them.
pub(super) struct RowGroups {
    metadata: FileMetaData,
    writer: Writer,
    /// The top-level columns by name, with the index of their chunk in each row group. `None` for groups of
    /// columns and for repeated columns.
    columns: BTreeMap<String, Option<usize>>,
    /// The indices of the schema elements that are columns, not groups of columns.
    leaves: Vec<usize>,
}

impl RowGroups {
    /// Reads the footer of a file. Returns `None` if only the engine understands the footer.
    ///
    /// # Errors
    /// The file cannot be read, or its footer makes no sense.
    pub(super) fn read(file: &LocalFile) -> Result<Option<Self>, SourceError> {
        let raw = footer::raw(file)?;
        // The parser is third-party code that meets hostile bytes, so its panics are caught.
        let parsed = caught(|| {
            let mut protocol =
                TCompactInputProtocol::new(raw.as_slice(), raw.len().saturating_mul(MAX_EXPANSION));
            FileMetaData::read_from_in_protocol(&mut protocol).ok()
        });
        Ok(parsed.ok().flatten().map(Self::of))
    }

    fn of(metadata: FileMetaData) -> Self {
        let mut columns = BTreeMap::new();
        let mut leaves = Vec::new();
        // Number of elements that each open group still has; the outermost is the group of all columns.
        let mut open: Vec<i32> = Vec::new();
        for (index, element) in metadata.schema.iter().enumerate() {
            let is_leaf = element.num_children.unwrap_or(0) == 0 && index > 0;
            if open.len() == 1 {
                let flat = is_leaf && element.repetition_type != Some(FieldRepetitionType::REPEATED);
                columns.insert(element.name.clone(), flat.then_some(leaves.len()));
            }
            if is_leaf {
                leaves.push(index);
            } else {
                open.push(element.num_children.unwrap_or(0) + 1);
            }
            while let Some(missing) = open.last_mut() {
                *missing -= 1;
                if *missing > 0 {
                    break;
                }
                open.pop();
            }
        }
        let writer = Writer::of(metadata.created_by.as_deref());
        Self { metadata, writer, columns, leaves }
    }

    /// Returns the number of rows of each row group.
    pub(super) fn rows(&self) -> impl Iterator<Item = u64> {
        self.metadata.row_groups.iter().map(|group| u64::try_from(group.num_rows).unwrap_or(0))
    }

    /// Returns the number of rows of all row groups.
    pub(super) fn all_rows(&self) -> u64 {
        self.rows().fold(0, u64::saturating_add)
    }

    /// Returns whether the file has a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// Returns the schema element of a column and its chunk in a row group. `None` if the column has parts or
    /// is repeated, or if the chunk does not fit the schema.
    pub(super) fn chunk(&self, group: usize, column: &str) -> Option<(&SchemaElement, &ColumnMetaData)> {
        let leaf = self.columns.get(column).copied().flatten()?;
        let group: &RowGroup = self.metadata.row_groups.get(group)?;
        let chunk = group.columns.get(leaf).filter(|_| group.columns.len() == self.leaves.len())?;
        let element = self.metadata.schema.get(*self.leaves.get(leaf)?)?;
        let chunk = chunk.meta_data.as_ref()?;
        // Every row has exactly one value or null.
        let whole = chunk.num_values == group.num_rows && Some(chunk.type_) == element.type_;
        (whole && chunk.path_in_schema == [column]).then_some((element, chunk))
    }

    /// Returns whether the footer states an order for the bounds of a column.
    fn is_ordered(&self, column: &str) -> bool {
        let leaf = self.columns.get(column).copied().flatten();
        // The only order that is known here is the one that the column's type defines.
        let orders = self.metadata.column_orders.as_deref().unwrap_or_default();
        leaf.is_some_and(|leaf| orders.get(leaf).is_some())
    }

    /// Returns the statistics of a column in a row group that are known to hold.
    pub(super) fn column(&self, group: usize, column: &str, rows: u64, of: ColumnTypes<'_>) -> KnownColumn {
        let Some((element, chunk)) = self.chunk(group, column) else { return KnownColumn::default() };
        let decoder = ColumnDecoder { element, decoded: of.decoded, wanted: of.wanted };
        if !decoder.converts() {
            return KnownColumn::default();
        }
        let nothing = Statistics {
            max: None,
            min: None,
            null_count: None,
            distinct_count: None,
            max_value: None,
            min_value: None,
            is_max_value_exact: None,
            is_min_value_exact: None,
        };
        let statistics = chunk.statistics.as_ref().unwrap_or(&nothing);
        let required = element.repetition_type == Some(FieldRepetitionType::REQUIRED);
        let coded = [Encoding::PLAIN_DICTIONARY, Encoding::RLE_DICTIONARY];
        let coded = chunk.encodings.is_empty()
            || chunk.dictionary_page_offset.is_some()
            || chunk.encodings.iter().any(|encoding| coded.contains(encoding));
        let order = decoder.order();
        let nulls = match statistics.null_count.map(u64::try_from) {
            // A required column is never null: a footer that states otherwise is wrong.
            None | Some(Ok(0)) if required => Some(0),
            Some(Ok(_)) if required => return KnownColumn::default(),
            Some(Err(_)) => return KnownColumn::default(),
            Some(Ok(nulls)) => Some(nulls),
            // A missing null count is not a count of zero.
            None => None,
        };
        if contradict_each_other(&decoder, statistics) {
            return KnownColumn::default();
        }
        let range =
            if self.writer.trusts_bounds(order) { self.range(column, &decoder, statistics) } else { None };
        let bounds = [&statistics.min_value, &statistics.max_value, &statistics.min, &statistics.max];
        let stated = ColumnStatistics { nulls, bounded: bounds.iter().any(|bound| bound.is_some()), range };
        let mut known = stated.validated(rows);
        known.nulls =
            known.nulls.filter(|nulls| required || self.writer.trusts_null_count(order, coded, *nulls));
        known
    }

    /// Returns whether the upper bound of a column may be a truncated text.
    pub(super) fn is_truncated(&self, group: usize, column: &str) -> bool {
        let statistics = self.chunk(group, column).and_then(|(element, chunk)| {
            chunk.statistics.as_ref().filter(|_| element.type_ == Some(Type::BYTE_ARRAY))
        });
        statistics.is_some_and(|statistics| {
            let upper = statistics.max_value.as_ref();
            upper.is_some_and(|upper| may_be_truncated(upper.len(), statistics.is_max_value_exact))
        })
    }

    fn range(
        &self,
        column: &str,
        decoder: &ColumnDecoder<'_>,
        statistics: &Statistics,
    ) -> Option<(ColumnBound, ColumnBound)> {
        let order = decoder.order();
        let is_exact = self.writer.bounds_are_attained(order);
        let (lower, upper) = match (&statistics.min_value, &statistics.max_value) {
            (None, None) => {
                // Before column orders existed, all values were compared as signed.
                let number = matches!(decoder.element.type_, Some(Type::INT32 | Type::INT64));
                (number && !decoder.is_unsigned()).then_some(())?;
                (statistics.min.as_ref()?, statistics.max.as_ref()?)
            }
            (lower, upper) if self.is_ordered(column) => (lower.as_ref()?, upper.as_ref()?),
            _ => return None,
        };
        let (lower, upper) = (decoder.value(lower)?, decoder.value(upper)?);
        let exact = [statistics.is_min_value_exact, statistics.is_max_value_exact];
        let upper = match (order, upper) {
            (StatisticsOrder::Bytes, Value::String(text)) => {
                let is_odd = |text: &str| text.contains('\0');
                // Some writers put the length in front of a text, or pad the text.
                if is_odd(&text) || matches!(&lower, Value::String(lower) if is_odd(lower)) {
                    return None;
                }
                Value::String(upper_bound_in_footer(&text, exact[1])?)
            }
            // Only texts are truncated: what an inexact bound of another type means is unknown.
            _ if exact.contains(&Some(false)) => return None,
            (_, upper) => upper,
        };
        let bound = |value| ColumnBound { value, is_exact };
        Some((bound(lower), bound(upper)))
    }
}

/// Returns whether bounds contradict each other, even where none of them is used: a lower bound may be above
/// the upper bound, or the old and the new bounds of signed numbers may differ. Some old writers order
/// numbers and texts in another way, in which they are right; the rows of their columns are read then, which
/// loses nothing else.
fn contradict_each_other(decoder: &ColumnDecoder<'_>, statistics: &Statistics) -> bool {
    let Statistics { min_value, max_value, min, max, .. } = statistics;
    let float = |bytes: &[u8]| match decoder.element.type_? {
        Type::FLOAT => Some(Value::float(f64::from(f32::from_le_bytes(bytes.try_into().ok()?)))),
        Type::DOUBLE => Some(Value::float(f64::from_le_bytes(bytes.try_into().ok()?))),
        _ => None,
    };
    let value = |bytes: &Option<Vec<u8>>| {
        let bytes = bytes.as_deref()?;
        float(bytes).or_else(|| decoder.value(bytes))
    };
    let crossed = |lower, upper| {
        let order = value(lower).zip(value(upper)).and_then(|(lower, upper)| lower.compare(&upper));
        order == Some(Ordering::Greater)
    };
    let differ =
        |one: &Option<Vec<u8>>, other: &Option<Vec<u8>>| one.is_some() && other.is_some() && one != other;
    crossed(min_value, max_value)
        || crossed(min, max)
        || (decoder.order() == StatisticsOrder::Signed && (differ(min_value, min) || differ(max_value, max)))
}

/// The type to which the engine decodes a column, and its type in the table.
#[derive(Clone, Copy)]
pub(super) struct ColumnTypes<'a> {
    pub(super) decoded: &'a polars::prelude::DataType,
    pub(super) wanted: &'a crate::data::DataType,
}

/// The maximum number of bytes in memory for each byte of a footer that is parsed.
const MAX_EXPANSION: usize = 64;
