//! Builds one lazy frame of a dataset's rows from its files.

use std::ops::Range;

use polars::prelude::{
    DataType as PlType, Expr, Field as PlField, IntoLazy as _, LazyFrame, PlSmallStr, PolarsResult,
    Schema as PlSchema, UnionArgs, concat, lit,
};
use polars_core::prelude::DataFrame;

use super::deletion_vectors::{is_live, row_number, value_of_file};
use super::file_set::FileSet;
use crate::data::{DataType, Value};
use crate::engine::polars::expression::{polars_type, value_literal, value_series};
use crate::source::files::{CHANGE_TYPE, DataFile, ROW_COLUMN, RowStarts, overlap};

impl FileSet {
    /// Returns the rows with these numbers. With `positions`, a column holds the number of each row.
    pub(in crate::engine::polars) fn frame(
        &self,
        rows: &[Range<u64>],
        positions: bool,
    ) -> PolarsResult<LazyFrame> {
        let mut parts = Vec::new();
        let mut first = 0;
        for alike in self.files.chunk_by(|left, right| left.layout == right.layout) {
            let starts = self.files.starts().of(first..first + alike.len());
            for rows in rows.iter().map(|rows| overlap(&starts.rows(), rows)).filter(|rows| !rows.is_empty())
            {
                parts.push(self.scan(alike, &starts, &rows)?);
            }
            first += alike.len();
        }
        let whole = match parts.len() {
            0 => self.nothing(),
            1 => parts.remove(0),
            _ => concat(parts, UnionArgs { rechunk: false, maintain_order: true, ..UnionArgs::default() })?,
        };
        // Keep the table's order, so that callers see the same order however the table is partitioned.
        let mut columns: Vec<Expr> =
            self.files.about().columns.iter().map(|field| Expr::Column(field.name.as_str().into())).collect();
        // Rows without columns still count; only a column can carry them.
        if positions || columns.is_empty() {
            columns.push(row_number());
        }
        Ok(whole.select(columns))
    }

    /// Returns the columns of the dataset on some rows, from files of one layout.
    fn scan(&self, files: &[DataFile], starts: &RowStarts, rows: &Range<u64>) -> PolarsResult<LazyFrame> {
        let holding = starts.files_of(rows);
        let (files, starts) = (&files[holding.clone()], &starts.of(holding));
        let layout = self.layouts.of(&files[0]);
        let mut frame = layout.scan(files, starts, rows)?;
        if files.iter().any(|file| file.deleted.is_some()) {
            let deleted = files.iter().map(|file| file.deleted.clone()).collect();
            frame = frame.filter(is_live(starts.clone(), deleted));
        }
        let mut columns = layout.columns(files, starts)?;
        for (index, column) in self.files.about().partitioned.iter().enumerate() {
            let values = partition_values(files, index, &column.data_type, starts);
            columns.push(values.alias(column.name.as_str()));
        }
        columns.push(row_number());
        frame = frame.select(columns);
        Ok(if self.files.about().is_changes { judged_changes(frame) } else { frame })
    }

    /// Returns a frame with the columns of the dataset and no rows.
    fn nothing(&self) -> LazyFrame {
        let columns = self
            .files
            .about()
            .columns
            .iter()
            .map(|field| (field.name.as_str(), polars_type(&field.data_type)));
        let columns = columns.chain([(ROW_COLUMN, PlType::IDX_DTYPE)]);
        let columns = columns.map(|(name, data_type)| PlField::new(name.into(), data_type));
        DataFrame::empty_with_schema(&columns.collect::<PlSchema>()).lazy()
    }
}

/// Keeps the rows that a change inserted or updated, the latter in their new state. Files without change
/// types hold insertions.
fn judged_changes(frame: LazyFrame) -> LazyFrame {
    let change = || Expr::Column(PlSmallStr::from_static(CHANGE_TYPE));
    let brought = ["insert", "update_postimage"].map(|kind| change().eq(lit(kind)));
    let [inserted, updated] = brought;
    frame.with_column(change().fill_null(lit("insert"))).filter(inserted.or(updated))
}

/// Returns the values of a partition column: a constant, or those of each row's file.
fn partition_values(files: &[DataFile], index: usize, data_type: &DataType, starts: &RowStarts) -> Expr {
    let values: Vec<Value> =
        files.iter().map(|file| file.partition.get(index).cloned().unwrap_or(Value::Null)).collect();
    match values.first() {
        Some(first) if values.iter().all(|value| value == first) => value_literal(first, data_type),
        _ => value_of_file(starts.clone(), value_series(&values, data_type)),
    }
}
