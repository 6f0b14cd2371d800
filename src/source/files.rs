//! Parquet files that make one dataset.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use polars::prelude::{
    DataType as PlType, Expr, HiveOptions, IntoLazy as _, LazyFrame, ParallelStrategy, ParquetOptions,
    PlRefPath, PlSmallStr, PolarsResult, RowIndex, Schema as PlSchema, Series, lit,
};
use polars_core::prelude::{DataFrame, NamedFrom as _};
use polars_plan::dsl::{
    CastColumnsPolicy, DslBuilder, ExtraColumnsPolicy, MissingColumnsPolicy, ScanSources, UnifiedScanArgs,
};

use super::footer::ColumnBytes;
use super::{FILE_COLUMN, Malformed, ROW_COLUMN, SourceError, Transcript, Wanted};
use crate::data::Value;
use crate::predicate::{polars_type, value_literal, value_series};

/// A data file.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path within the dataset, for the report.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows.
    pub rows: u64,
    /// Its values of the partition columns, in their order.
    pub partition: Vec<Value>,
}

/// Parquet files that make one dataset, in the order of their names.
#[derive(Clone, Debug)]
pub struct FileSet {
    /// The files.
    pub files: Vec<DataFile>,
    /// The columns that the files hold.
    pub(super) stored: PlSchema,
    /// The columns whose values the files do not hold but belong to.
    pub(super) partitioned: Vec<(String, crate::data::DataType)>,
    /// All columns, in the order of the table.
    pub(super) order: Vec<String>,
    /// The bytes that the columns take in all files.
    pub(super) column_bytes: ColumnBytes,
    /// What they were written from, where that is no Parquet.
    pub(super) transcript: Option<Arc<Transcript>>,
}

impl FileSet {
    /// Ranges of files of at most so many bytes each (or one file).
    pub(crate) fn groups(&self, most_bytes: u64) -> Vec<Range<usize>> {
        let mut groups = Vec::new();
        let (mut start, mut bytes) = (0, 0_u64);
        for (index, file) in self.files.iter().enumerate() {
            if index > start && bytes + file.bytes > most_bytes {
                groups.push(start..index);
                (start, bytes) = (index, 0);
            }
            bytes += file.bytes;
        }
        groups.push(start..self.files.len());
        groups
    }

    /// The names of the partition columns.
    pub(crate) fn partition_columns(&self) -> impl Iterator<Item = &str> {
        self.partitioned.iter().map(|(name, _)| name.as_str())
    }

    /// The bytes that columns take in all files.
    pub(crate) fn bytes_of<'a>(&self, columns: impl IntoIterator<Item = &'a String>) -> u64 {
        columns.into_iter().filter_map(|name| self.column_bytes.get(name)).sum()
    }

    /// The file that holds a row of the whole set, and the row's number within it.
    pub(crate) fn locate(&self, row: u64) -> Option<(&DataFile, u64)> {
        let mut start = 0;
        for (index, file) in self.files.iter().enumerate() {
            if row < start + file.rows {
                let within = row - start;
                let number = |transcript: &Arc<Transcript>| transcript.number(index, within);
                return Some((file, self.transcript.as_ref().map_or(within, number)));
            }
            start += file.rows;
        }
        None
    }

    /// The rows that could not be read, of a format in which that may be.
    pub(crate) fn malformed(&self) -> Option<&Malformed> {
        self.transcript.as_ref()?.malformed.as_ref()
    }

    /// Makes files ready to be read.
    pub(super) fn make_ready(&self, wanted: &Wanted) -> Result<(), SourceError> {
        Ok(())
    }

    pub(super) fn frame(&self, files: Range<usize>, positions: bool) -> PolarsResult<LazyFrame> {
        let files = self.files.get(files).unwrap_or_default();
        let stored = if files.is_empty() {
            let mut schema = self.stored.clone();
            schema.insert(PlSmallStr::from_static(ROW_COLUMN), PlType::IDX_DTYPE);
            DataFrame::empty_with_schema(&schema).lazy()
        } else {
            self.scan(files, positions)?
        };
        let values =
            self.partitioned.iter().enumerate().map(|(index, (name, data_type))| {
                partition_values(files, index, data_type).alias(name.as_str())
            });
        let frame = stored.with_columns(values.collect::<Vec<_>>());
        // In the table's order, so that what a caller sees does not depend on the partitioning.
        let mut columns: Vec<Expr> =
            self.order.iter().map(|name| Expr::Column(name.as_str().into())).collect();
        if positions {
            columns.push(Expr::Column(PlSmallStr::from_static(ROW_COLUMN)));
        }
        Ok(frame.select(columns))
    }

    fn scan(&self, files: &[DataFile], positions: bool) -> PolarsResult<LazyFrame> {
        let paths: Vec<PlRefPath> =
            files.iter().map(|file| PlRefPath::try_from_path(&file.path)).collect::<PolarsResult<_>>()?;
        let position = positions.then(|| RowIndex { name: PlSmallStr::from_static(ROW_COLUMN), offset: 0 });
        let by_file = !constant_partitions(files);
        let options = ParquetOptions {
            schema: Some(Arc::new(self.stored.clone())),
            parallel: ParallelStrategy::Auto,
            low_memory: false,
            use_statistics: true,
        };
        let arguments = UnifiedScanArgs {
            // Names may hold any character, and say nothing of partitions.
            glob: false,
            hive_options: HiveOptions::new_disabled(),
            include_file_paths: by_file.then(|| PlSmallStr::from_static(FILE_COLUMN)),
            row_index: position,
            missing_columns_policy: MissingColumnsPolicy::Insert,
            extra_columns_policy: ExtraColumnsPolicy::Ignore,
            cast_columns_policy: CastColumnsPolicy {
                integer_upcast: true,
                float_upcast: true,
                datetime_nanoseconds_downcast: true,
                datetime_milliseconds_upcast: true,
                datetime_convert_timezone: true,
                null_upcast: true,
                missing_struct_fields: MissingColumnsPolicy::Insert,
                extra_struct_fields: ExtraColumnsPolicy::Ignore,
                ..CastColumnsPolicy::ERROR_ON_MISMATCH
            },
            ..UnifiedScanArgs::default()
        };
        Ok(DslBuilder::scan_parquet(ScanSources::Paths(paths.into()), options, arguments)?.build().into())
    }
}

fn constant_partitions(files: &[DataFile]) -> bool {
    files.windows(2).all(|pair| pair[0].partition == pair[1].partition)
}

/// The values of a partition column: one constant, or looked up by the file of each row.
fn partition_values(files: &[DataFile], index: usize, data_type: &crate::data::DataType) -> Expr {
    let value = |file: &DataFile| file.partition.get(index).cloned().unwrap_or(Value::Null);
    let first = files.first().map_or(Value::Null, value);
    if files.iter().all(|file| value(file) == first) {
        return value_literal(&first, data_type);
    }
    let names: Vec<String> = files.iter().map(|file| file.path.display().to_string()).collect();
    let names = Series::new(PlSmallStr::EMPTY, names);
    let values = value_series(&files.iter().map(value).collect::<Vec<_>>(), data_type);
    Expr::Column(PlSmallStr::from_static(FILE_COLUMN)).replace_strict(
        lit(names).implode(true),
        lit(values).implode(true),
        None::<Expr>,
        Some(polars_type(data_type)),
    )
}
