//! Parquet files that make one dataset.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use polars::prelude::{
    DataType as PlType, Expr, Field as PlField, IntoLazy as _, LazyFrame, PlSmallStr, PolarsResult,
    Schema as PlSchema, UnionArgs, concat, lit,
};
use polars_core::prelude::DataFrame;
use roaring::RoaringTreemap;

use super::delta::CHANGE_TYPE;
use super::local_file::LocalFile;
use super::parquet::{Footer, RewrittenFiles, Verified};
use super::scan::by_row::{Starts, is_there, row_number, value_of_file};
use super::scan::{Layout, Made, StandIns};
use super::store::Spool;
use super::{Malformed, ROW_COLUMN, SourceError, Took, Transcript, Wanted};
use crate::data::{DataType, Field, Value};
use crate::predicate::{polars_type, value_literal, value_series};

/// A data file.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it lies.
    pub(super) local: LocalFile,
    /// Its path within the dataset, for the report.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written, where the file system says so and it is not fetched from elsewhere.
    pub(super) modified: Option<SystemTime>,
    /// Its rows, those that are deleted among them.
    pub rows: u64,
    /// The numbers of its rows that are deleted.
    pub(super) deleted: Option<Arc<RoaringTreemap>>,
    /// How it stores the columns: the number of its layout.
    pub(super) layout: usize,
    /// Whether the engine reads nothing of it but in a stand-in.
    pub(super) is_closed: bool,
    /// Its values of the partition columns, in their order.
    pub partition: Vec<Value>,
    /// What the log of its table says of its columns: JSON.
    pub(super) statistics: Option<Arc<str>>,
}

impl DataFile {
    /// A whole file in this file system, with every row.
    pub(super) fn new(local: LocalFile, name: String, footer: &Footer, layout: usize) -> Self {
        Self {
            local,
            name,
            bytes: footer.bytes,
            modified: footer.modified,
            rows: footer.rows,
            deleted: None,
            layout,
            is_closed: footer.is_closed,
            partition: Vec::new(),
            statistics: None,
        }
    }

    /// Makes sure that it is the file that was opened.
    pub(crate) fn unchanged(&self) -> Result<(), SourceError> {
        let changed = |how| Err(SourceError::Changed { path: self.local.shown.clone(), how });
        match std::fs::metadata(&self.local.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => changed("removed, perhaps by a vacuum,"),
            Ok(now) if now.len() != self.bytes => changed("rewritten"),
            Ok(now) if self.modified.is_some() && now.modified().ok() != self.modified => {
                changed("rewritten")
            }
            _ => Ok(()),
        }
    }

    /// Its rows that are there.
    pub(super) fn live_rows(&self) -> u64 {
        self.rows - self.rows_deleted().unwrap_or(0)
    }

    /// How many of some of its rows are there.
    pub(super) fn live_rows_in(&self, rows: Range<u64>) -> u64 {
        let before = |row: u64| match (&self.deleted, row.checked_sub(1)) {
            (Some(deleted), Some(last)) => deleted.rank(last),
            _ => 0,
        };
        rows.end - rows.start - (before(rows.end) - before(rows.start))
    }

    /// How many of its rows its deletion vector takes away, if it has one.
    pub(super) fn rows_deleted(&self) -> Option<u64> {
        self.deleted.as_ref().map(|deleted| deleted.len())
    }
}

/// Parquet files that make one dataset, in the order of their layouts and names.
#[derive(Clone, Debug)]
pub struct FileSet {
    /// The files.
    pub files: Vec<DataFile>,
    /// How files store the columns.
    pub(super) layouts: Vec<Layout>,
    /// The columns whose values the files do not hold but belong to.
    pub(super) partitioned: Vec<Field>,
    /// The names that columns have in the statistics of the log, by their own.
    pub(super) logged_names: BTreeMap<String, String>,
    /// All columns, in the order of the table.
    pub(super) columns: Vec<Field>,
    /// Whether they are files of changes.
    pub(super) is_changes: bool,
    /// What of them was looked through.
    pub(super) verified: Verified,
    /// What fetches the columns of files that lie in an object store.
    pub(super) spool: Option<Arc<Spool>>,
    /// What stands for them where the engine does not read them, or not right.
    pub(super) stand_ins: StandIns,
    /// Keeps the files that were written anew for the engine.
    pub(super) _copies: Arc<RewrittenFiles>,
    /// What they were written from, where that is no Parquet.
    pub(super) transcript: Option<Arc<Transcript>>,
}

impl FileSet {
    /// The numbers of all rows, deleted ones among them.
    pub(crate) fn all_rows(&self) -> Range<u64> {
        0..self.files.iter().map(|file| file.rows).sum()
    }

    /// The numbers of the rows of each file.
    pub(crate) fn rows_of_files(&self) -> impl Iterator<Item = Range<u64>> {
        self.files.iter().scan(0, |end, file| {
            let start = *end;
            *end += file.rows;
            Some(start..*end)
        })
    }

    /// The names of the partition columns.
    pub(crate) fn partition_columns(&self) -> impl Iterator<Item = &str> {
        self.partitioned.iter().map(|column| column.name.as_str())
    }

    /// The bytes that a scan reads, which was made ready.
    pub(super) fn bytes_of(&self, wanted: &Wanted) -> u64 {
        let files = self.wanted(wanted).into_iter();
        self.verified.bytes(files.map(|(file, rows)| (&file.local, rows)), &wanted.columns)
    }

    /// The names of columns, by those that they have in files.
    pub(super) fn names_of(&self, stored: &BTreeSet<String>) -> BTreeSet<String> {
        self.layouts.iter().flat_map(|layout| layout.names_of(stored)).map(str::to_owned).collect()
    }

    /// The file that holds a row of the whole set, and the row's number within it.
    pub(crate) fn locate(&self, row: u64) -> Option<(&DataFile, u64)> {
        let mut start = 0;
        for file in &self.files {
            if row < start + file.rows {
                let number = |transcript: &Arc<Transcript>| transcript.number(&file.name, row - start);
                return Some((file, self.transcript.as_ref().map_or(row - start, number)));
            }
            start += file.rows;
        }
        None
    }

    /// The line in which a row of a file of text begins, from 1; by the number that [`locate`](Self::locate) gives.
    pub(crate) fn line(&self, file: &DataFile, number: u64) -> Option<u64> {
        self.transcript.as_ref()?.line(&file.name, number)
    }

    /// The rows that could not be read, of a format in which that may be.
    pub(crate) fn malformed(&self) -> Option<&Malformed> {
        self.transcript.as_ref()?.malformed.as_ref()
    }

    /// What it took to write them, where they were written from others.
    pub(super) fn took(&self) -> Took {
        self.transcript.as_ref().map(|transcript| transcript.took).unwrap_or_default()
    }

    /// Makes files ready to be read. Gives those that stand for some of them.
    pub(super) fn make_ready(&self, wanted: &Wanted) -> Result<Vec<Made>, SourceError> {
        let files = self.wanted(wanted);
        let is_odd = |file: &DataFile| file.is_closed || self.layouts[file.layout].recodes(&wanted.columns);
        // A stand-in holds all rows.
        let part =
            |file: &DataFile, rows: &Range<u64>| if is_odd(file) { 0..file.rows } else { rows.clone() };
        let parts: Vec<_> = files.iter().map(|(file, rows)| (&file.local, part(file, rows))).collect();
        self.look_through(&parts, wanted)?;
        let mut made = Vec::new();
        for (file, _) in files {
            let mut foreign = self.verified.foreign(&file.local);
            foreign.retain(|name| wanted.columns.contains(name));
            if foreign.is_empty() && !is_odd(file) {
                continue;
            }
            self.look_through(&[(&file.local, 0..file.rows)], wanted)?;
            let stored = &self.layouts[file.layout].stored;
            made.push(self.stand_ins.make(&file.local, &wanted.columns, &foreign, stored)?);
        }
        Ok(made)
    }

    /// Fetches columns of parts of files, and looks through them.
    fn look_through(&self, parts: &[(&LocalFile, Range<u64>)], wanted: &Wanted) -> Result<(), SourceError> {
        if let Some(spool) = &self.spool {
            spool.fetch(parts, &wanted.columns)?;
        }
        self.unchanged(wanted)?;
        self.verified.verify(parts, &wanted.columns)
    }

    /// How many bytes were fetched from object stores so far; nothing, if all files lie here.
    pub(super) fn bytes_fetched(&self) -> Option<u64> {
        self.spool.as_ref().map(|spool| spool.fetched())
    }

    /// Makes sure that files are those that were opened: another writer may remove or replace them.
    pub(super) fn unchanged(&self, wanted: &Wanted) -> Result<(), SourceError> {
        self.wanted(wanted).into_iter().try_for_each(|(file, _)| file.unchanged())
    }

    /// The files that are wanted, and which of their rows.
    fn wanted(&self, wanted: &Wanted) -> Vec<(&DataFile, Range<u64>)> {
        let files: HashMap<&Path, &DataFile> =
            self.files.iter().map(|file| (file.local.path.as_path(), file)).collect();
        let mut end = 0;
        let mut found = Vec::with_capacity(wanted.paths.len());
        let paths = wanted.paths.iter().map(|path| self.stand_ins.original(path));
        for file in paths.filter_map(|path| files.get(path.as_path()).copied()) {
            let all = end..end + file.rows;
            end = all.end;
            let rows = wanted.rows.as_ref().map_or(all.clone(), |rows| overlap(&all, rows));
            if wanted.rows.is_none() || !rows.is_empty() {
                found.push((file, rows.start - all.start..rows.end - all.start));
            }
        }
        found
    }

    /// The rows with these numbers. With `positions`, every row says its own.
    pub(super) fn frame(&self, rows: &[Range<u64>], positions: bool) -> PolarsResult<LazyFrame> {
        let mut parts = Vec::new();
        let mut first = 0;
        for alike in self.files.chunk_by(|left, right| left.layout == right.layout) {
            let starts = Starts::new(first, alike.iter().map(|file| file.rows));
            for rows in rows.iter().map(|rows| overlap(&starts.rows(), rows)).filter(|rows| !rows.is_empty())
            {
                parts.push(self.scan(alike, &starts, &rows)?);
            }
            first = starts.rows().end;
        }
        let whole = match parts.len() {
            0 => self.nothing(),
            1 => parts.remove(0),
            _ => concat(parts, UnionArgs { rechunk: false, maintain_order: true, ..UnionArgs::default() })?,
        };
        // In the table's order, so that what a caller sees does not depend on the partitioning.
        let mut columns: Vec<Expr> =
            self.columns.iter().map(|field| Expr::Column(field.name.as_str().into())).collect();
        // Rows without columns are rows all the same, which only a column can show.
        if positions || columns.is_empty() {
            columns.push(row_number());
        }
        Ok(whole.select(columns))
    }

    /// The columns of the dataset on some rows, from files of one layout.
    fn scan(&self, files: &[DataFile], starts: &Starts, rows: &Range<u64>) -> PolarsResult<LazyFrame> {
        let holding = starts.files_of(rows);
        let (files, starts) = (&files[holding.clone()], &starts.of(holding));
        let layout = &self.layouts[files[0].layout];
        let mut frame = layout.scan(files, starts, rows)?;
        if files.iter().any(|file| file.deleted.is_some()) {
            let deleted = files.iter().map(|file| file.deleted.clone()).collect();
            frame = frame.filter(is_there(starts.clone(), deleted));
        }
        let mut columns = layout.columns(files, starts)?;
        for (index, column) in self.partitioned.iter().enumerate() {
            let values = partition_values(files, index, &column.data_type, starts);
            columns.push(values.alias(column.name.as_str()));
        }
        columns.push(row_number());
        frame = frame.select(columns);
        Ok(if self.is_changes { judged_changes(frame) } else { frame })
    }

    /// No rows, with the columns of the dataset.
    fn nothing(&self) -> LazyFrame {
        let columns = self.columns.iter().map(|field| (field.name.as_str(), polars_type(&field.data_type)));
        let columns = columns.chain([(ROW_COLUMN, PlType::IDX_DTYPE)]);
        let columns = columns.map(|(name, data_type)| PlField::new(name.into(), data_type));
        DataFrame::empty_with_schema(&columns.collect::<PlSchema>()).lazy()
    }
}

/// The numbers that both have; an empty range, if none.
pub(crate) fn overlap(left: &Range<u64>, right: &Range<u64>) -> Range<u64> {
    let start = left.start.max(right.start);
    start..left.end.min(right.end).max(start)
}

/// The changes that brought a row: those of files that do not say are insertions.
fn judged_changes(frame: LazyFrame) -> LazyFrame {
    let change = || Expr::Column(PlSmallStr::from_static(CHANGE_TYPE));
    let brought = ["insert", "update_postimage"].map(|kind| change().eq(lit(kind)));
    let [inserted, updated] = brought;
    frame.with_column(change().fill_null(lit("insert"))).filter(inserted.or(updated))
}

/// The values of a partition column: one constant, or told by the file of each row.
fn partition_values(files: &[DataFile], index: usize, data_type: &DataType, starts: &Starts) -> Expr {
    let values: Vec<Value> =
        files.iter().map(|file| file.partition.get(index).cloned().unwrap_or(Value::Null)).collect();
    match values.first() {
        Some(first) if values.iter().all(|value| value == first) => value_literal(first, data_type),
        _ => value_of_file(starts.clone(), value_series(&values, data_type)),
    }
}
