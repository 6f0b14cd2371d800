//! The statistics of row groups, as the footer of a file holds them.
//!
//! The engine's own reading of footers leaves out what is needed here: whether bounds are exact, and
//! what was written before there were orders. So the footer is parsed once more, by the format alone.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{
    ColumnMetaData, Encoding, FieldRepetitionType, FileMetaData, RowGroup, SchemaElement, Statistics, Type,
};

use super::column_statistics::ColumnStatistics;
use super::decode::Stored;
use super::truncated::{may_be_truncated, upper_bound_in_footer};
use super::writer::{Kind, Writer};
use crate::data::{Extreme, KnownColumn, Value, caught};
use crate::engine::polars::parquet::footer;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// The row groups of a file, as its footer describes them.
pub(super) struct RowGroups {
    metadata: FileMetaData,
    writer: Writer,
    /// The columns by their names, and where the row groups have those that are neither groups of
    /// columns nor repeated.
    columns: BTreeMap<String, Option<usize>>,
    /// The elements of the schema that are columns, not groups of them.
    leaves: Vec<usize>,
}

impl RowGroups {
    /// Reads the footer of a file. `None` if only the engine understands it.
    ///
    /// # Errors
    /// The file cannot be read, or its footer makes no sense.
    pub(super) fn read(file: &LocalFile) -> Result<Option<Self>, SourceError> {
        let raw = footer::raw(file)?;
        // The parser is foreign code that meets hostile bytes.
        let parsed = caught(|| {
            let mut protocol = TCompactInputProtocol::new(raw.as_slice(), raw.len().saturating_mul(ROOM));
            FileMetaData::read_from_in_protocol(&mut protocol).ok()
        });
        Ok(parsed.ok().flatten().map(Self::of))
    }

    fn of(metadata: FileMetaData) -> Self {
        let mut columns = BTreeMap::new();
        let mut leaves = Vec::new();
        // How many elements each open group still has; the first of all is the group of all columns.
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

    /// The number of rows of each row group.
    pub(super) fn rows(&self) -> impl Iterator<Item = u64> {
        self.metadata.row_groups.iter().map(|group| u64::try_from(group.num_rows).unwrap_or(0))
    }

    /// The number of rows of all row groups.
    pub(super) fn all_rows(&self) -> u64 {
        self.rows().fold(0, u64::saturating_add)
    }

    /// Returns whether the file has a column of this name.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// How a column is stored, and its chunk in a row group; none if it has parts or is repeated.
    pub(super) fn chunk(&self, group: usize, column: &str) -> Option<(&SchemaElement, &ColumnMetaData)> {
        let leaf = self.columns.get(column).copied().flatten()?;
        let group: &RowGroup = self.metadata.row_groups.get(group)?;
        let chunk = group.columns.get(leaf).filter(|_| group.columns.len() == self.leaves.len())?;
        let element = self.metadata.schema.get(*self.leaves.get(leaf)?)?;
        let chunk = chunk.meta_data.as_ref()?;
        // Every row has a value or a null, no more.
        let whole = chunk.num_values == group.num_rows && Some(chunk.type_) == element.type_;
        (whole && chunk.path_in_schema == [column]).then_some((element, chunk))
    }

    /// Returns whether the footer states the order that its bounds are in.
    fn is_ordered(&self, column: &str) -> bool {
        let leaf = self.columns.get(column).copied().flatten();
        // The one order that is known here is that of the column's type.
        let orders = self.metadata.column_orders.as_deref().unwrap_or_default();
        leaf.is_some_and(|leaf| orders.get(leaf).is_some())
    }

    /// The statistics of a column in a row group that hold.
    pub(super) fn column(&self, group: usize, column: &str, rows: u64, of: ColumnTypes<'_>) -> KnownColumn {
        let Some((element, chunk)) = self.chunk(group, column) else { return KnownColumn::default() };
        let stored = Stored { element, decoded: of.decoded, wanted: of.wanted };
        if !stored.converts() {
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
        let kind = stored.kind();
        let nulls = match statistics.null_count.map(u64::try_from) {
            // What is required is never null, and a footer that says otherwise is wrong.
            None | Some(Ok(0)) if required => Some(0),
            Some(Ok(_)) if required => return KnownColumn::default(),
            Some(Err(_)) => return KnownColumn::default(),
            Some(Ok(nulls)) => Some(nulls),
            // A count that is missing is no zero.
            None => None,
        };
        if contradict_each_other(&stored, statistics) {
            return KnownColumn::default();
        }
        let range = if self.writer.bounds(kind) { self.range(column, &stored, statistics) } else { None };
        let told = [&statistics.min_value, &statistics.max_value, &statistics.min, &statistics.max];
        let stated = ColumnStatistics { nulls, bounded: told.iter().any(|bound| bound.is_some()), range };
        let mut known = stated.validated(rows);
        known.nulls = known.nulls.filter(|nulls| required || self.writer.nulls(kind, coded, *nulls));
        known
    }

    /// Returns whether the upper bound of a column may be a truncated text.
    pub(super) fn is_truncated(&self, group: usize, column: &str) -> bool {
        let statistics = self.chunk(group, column).and_then(|(element, chunk)| {
            chunk.statistics.as_ref().filter(|_| element.type_ == Some(Type::BYTE_ARRAY))
        });
        statistics.is_some_and(|statistics| {
            let greatest = statistics.max_value.as_ref();
            greatest.is_some_and(|greatest| may_be_truncated(greatest.len(), statistics.is_max_value_exact))
        })
    }

    fn range(
        &self,
        column: &str,
        stored: &Stored<'_>,
        statistics: &Statistics,
    ) -> Option<(Extreme, Extreme)> {
        let kind = stored.kind();
        let attained = self.writer.attains(kind);
        let (least, greatest) = match (&statistics.min_value, &statistics.max_value) {
            (None, None) => {
                // Before there were orders, all was compared with a sign.
                let number = matches!(stored.element.type_, Some(Type::INT32 | Type::INT64));
                (number && !stored.is_unsigned()).then_some(())?;
                (statistics.min.as_ref()?, statistics.max.as_ref()?)
            }
            (least, greatest) if self.is_ordered(column) => (least.as_ref()?, greatest.as_ref()?),
            _ => return None,
        };
        let (least, greatest) = (stored.value(least)?, stored.value(greatest)?);
        let exact = [statistics.is_min_value_exact, statistics.is_max_value_exact];
        let greatest = match (kind, greatest) {
            (Kind::Bytes, Value::String(text)) => {
                let is_odd = |text: &str| text.contains('\0');
                // Some writers put the length in front, or fill the rest of a field up.
                if is_odd(&text) || matches!(&least, Value::String(least) if is_odd(least)) {
                    return None;
                }
                Value::String(upper_bound_in_footer(&text, exact[1])?)
            }
            // Nobody cuts what is no text, so that it is not known what is meant.
            _ if exact.contains(&Some(false)) => return None,
            (_, greatest) => greatest,
        };
        let extreme = |value| Extreme { value, attained };
        Some((extreme(least), extreme(greatest)))
    }
}

/// Returns whether bounds contradict each other, even where none of them is used: the lower one may be above the
/// upper one, and signed numbers may have old and new bounds that differ. Some old writers order numbers and texts
/// in another way and are right in their own; their columns are read, which loses nothing else.
fn contradict_each_other(stored: &Stored<'_>, statistics: &Statistics) -> bool {
    let Statistics { min_value, max_value, min, max, .. } = statistics;
    let float = |bytes: &[u8]| match stored.element.type_? {
        Type::FLOAT => Some(Value::float(f64::from(f32::from_le_bytes(bytes.try_into().ok()?)))),
        Type::DOUBLE => Some(Value::float(f64::from_le_bytes(bytes.try_into().ok()?))),
        _ => None,
    };
    let value = |bytes: &Option<Vec<u8>>| {
        let bytes = bytes.as_deref()?;
        float(bytes).or_else(|| stored.value(bytes))
    };
    let crossed = |least, greatest| {
        let order = value(least).zip(value(greatest)).and_then(|(least, greatest)| least.compare(&greatest));
        order == Some(Ordering::Greater)
    };
    let differ =
        |one: &Option<Vec<u8>>, other: &Option<Vec<u8>>| one.is_some() && other.is_some() && one != other;
    crossed(min_value, max_value)
        || crossed(min, max)
        || (stored.kind() == Kind::Signed && (differ(min_value, min) || differ(max_value, max)))
}

/// What a column is decoded as, and what it is in the table.
#[derive(Clone, Copy)]
pub(super) struct ColumnTypes<'a> {
    pub(super) decoded: &'a polars::prelude::DataType,
    pub(super) wanted: &'a crate::data::DataType,
}

/// What the parts of a footer may take in memory, for each byte of it.
const ROOM: usize = 64;
