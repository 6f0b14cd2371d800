//! The files of the table, and which of them hold which runs.

use std::cmp::Reverse;

use arrow::array::{BooleanArray, new_null_array};
use arrow::compute::{cast, filter_record_batch};
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::RecordBatch;
use delta_kernel::table_features::ColumnMappingMode;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use serde::Deserialize;
use url::Url;

use super::columns::{COLUMNS, misfit};
use crate::data::{caught, redacted};
use crate::document::open_file;
use crate::history::error::{HistoryError, Skipped};
use crate::source::delta::{self, DeletedRows, LogFile, gone, url_of};
use crate::source::local_file::LocalFile;
use crate::source::store::{InitialFetch, Location};
use crate::source::{At, SourceError, StorageOptions};

/// The files of the newest version of a table.
pub(super) struct Files {
    location: Location,
    /// The URL to which their paths are relative.
    root: Url,
    /// Those with the newest runs first.
    pub(super) files: Vec<RunFile>,
}

/// A file with the rows of one run; or of several, where somebody has compacted the table.
pub(super) struct RunFile {
    /// The path, as the log has it.
    path: String,
    bytes: Option<u64>,
    deleted: DeletedRows,
    /// The ids of its first run and its last one, if the log knows them.
    runs: Option<Bounds>,
    /// The first and last of its suites by their names, if the log knows them.
    suites: Option<Bounds>,
}

/// The least and the greatest value of a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bounds {
    pub(super) least: String,
    pub(super) greatest: String,
}

/// The statistics of a file in the log.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Statistics {
    min_values: Texts,
    max_values: Texts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Texts {
    run_id: Option<String>,
    suite: Option<String>,
}

/// The longest text of which a log has the whole: what is longer may have been cut.
const WHOLE: usize = 32;

impl Files {
    /// Looks at the newest version of a table; `None` if there is no table so far.
    pub(super) fn open(uri: &str, storage: &StorageOptions) -> Result<Option<Self>, HistoryError> {
        let shown = redacted(uri);
        let failed = |error: SourceError| HistoryError::Read { place: shown.clone(), source: error.into() };
        let location = Location::of(uri, storage).map_err(failed)?;
        if !delta::exists(&shown, &location).map_err(failed)? {
            return Ok(None);
        }
        let (version, root) = delta::open(&shown, &location, At::Latest).map_err(failed)?;
        let configuration = version.snapshot.table_configuration();
        let is_mapped = configuration.column_mapping_mode() != ColumnMappingMode::None;
        let reason = if is_mapped {
            Some("its columns are mapped to others".to_owned())
        } else if configuration.metadata().partition_columns().is_empty() {
            misfit(&configuration.logical_schema()).unwrap_or_else(Some)
        } else {
            Some("it is partitioned".to_owned())
        };
        if let Some(reason) = reason {
            return Err(HistoryError::Foreign { table: shown, reason });
        }
        let mut files: Vec<RunFile> = version.files.into_iter().map(RunFile::of).collect();
        files.sort_by_cached_key(|file| Reverse((file.runs.is_none(), file.greatest().map(str::to_owned))));
        Ok(Some(Self { location, root, files }))
    }

    /// Returns groups of files, those with the newest runs first, each of as many files at least: the rows of a run are in one
    /// group.
    pub(super) fn groups(&self, at_least: usize) -> Vec<&[RunFile]> {
        let (mut groups, mut start) = (Vec::new(), 0);
        // The least id of the group; nothing is known of a file without bounds.
        let mut least: Option<&str> = None;
        for (place, file) in self.files.iter().enumerate() {
            let is_apart = file.greatest().zip(least).is_some_and(|(greatest, least)| greatest < least);
            if is_apart && place - start >= at_least {
                groups.push(&self.files[start..place]);
                start = place;
                least = file.least();
            } else if place == start {
                least = file.least();
            } else {
                least = least.zip(file.least()).map(|(one, other)| one.min(other));
            }
        }
        groups.extend((start < self.files.len()).then(|| &self.files[start..]));
        groups
    }

    /// Reads columns of files. A file that cannot be read is named.
    pub(super) fn read(&self, files: &[RunFile], columns: &[&str]) -> (Vec<RecordBatch>, Vec<Skipped>) {
        let (mut batches, mut skipped) = (Vec::new(), Vec::new());
        match self.fetch(files) {
            Ok(here) => {
                for (file, here) in files.iter().zip(&here.files) {
                    match caught(|| file.decode(here, columns)).and_then(|decoded| decoded) {
                        Ok(rows) => batches.extend(rows),
                        Err(reason) => skipped.push(Skipped { file: file.path.clone(), reason }),
                    }
                }
            }
            // Which of them it is, only each alone tells.
            Err(_) if files.len() > 1 => {
                for file in files {
                    let (rows, unread) = self.read(std::slice::from_ref(file), columns);
                    batches.extend(rows);
                    skipped.extend(unread);
                }
            }
            Err(error) => {
                let of = |file: &RunFile| Skipped { file: file.path.clone(), reason: error.to_string() };
                skipped.extend(files.iter().map(of));
            }
        }
        (batches, skipped)
    }

    fn fetch(&self, files: &[RunFile]) -> Result<crate::source::store::LocalFiles, SourceError> {
        let urls = files.iter().map(|file| Ok((url_of(&file.path, &self.root)?, file.bytes)));
        self.location.fetch(urls.collect::<Result<_, _>>()?, InitialFetch::Whole).map_err(gone)
    }
}

impl RunFile {
    fn of(file: LogFile) -> Self {
        let LogFile { path, bytes, deleted, statistics, .. } = file;
        Self { bytes, deleted, ..Self::in_log(path, statistics.as_deref()) }
    }

    /// Returns a file with its path and its statistics.
    pub(super) fn in_log(path: String, statistics: Option<&str>) -> Self {
        let statistics: Statistics =
            statistics.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let bounds = |least: Option<String>, greatest: Option<String>| {
            let whole = |text: &String| text.len() <= WHOLE;
            let (least, greatest) = (least.filter(whole)?, greatest.filter(whole)?);
            Some(Bounds { least, greatest })
        };
        let Statistics { min_values, max_values } = statistics;
        Self {
            runs: bounds(min_values.run_id, max_values.run_id),
            suites: bounds(min_values.suite, max_values.suite),
            path,
            bytes: None,
            deleted: DeletedRows::None,
        }
    }

    /// Returns its path, as the log has it.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn least(&self) -> Option<&str> {
        self.runs.as_ref().map(|bounds| bounds.least.as_str())
    }

    pub(super) fn greatest(&self) -> Option<&str> {
        self.runs.as_ref().map(|bounds| bounds.greatest.as_str())
    }

    /// Returns the id of its run, if the log says that it has one only.
    pub(super) fn only_run(&self) -> Option<&str> {
        self.runs
            .as_ref()
            .filter(|bounds| bounds.least == bounds.greatest)
            .map(|bounds| bounds.least.as_str())
    }

    /// Returns whether it may hold rows of a suite.
    pub(super) fn may_hold(&self, suite: &str) -> bool {
        let holds = |bounds: &Bounds| bounds.least.as_str() <= suite && suite <= bounds.greatest.as_str();
        self.suites.as_ref().is_none_or(holds)
    }

    fn decode(&self, here: &LocalFile, wanted: &[&str]) -> Result<Vec<RecordBatch>, String> {
        let unread = |error: &dyn std::fmt::Display| format!("it cannot be read: {error}");
        let file = open_file(&here.path).map_err(|error| unread(&error))?;
        // Writers store texts and times in different types of Arrow, and in the same ones of Parquet.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options);
        let reader = reader.map_err(|error| unread(&error))?;
        let stored = reader.schema().clone();
        let places = wanted.iter().filter_map(|name| stored.index_of(name).ok());
        let mask = ProjectionMask::roots(reader.parquet_schema(), places);
        let reader = reader.with_projection(mask).build().map_err(|error| unread(&error))?;
        let (mut batches, mut first_row) = (Vec::new(), 0);
        for batch in reader {
            let batch = batch.map_err(|error| unread(&error))?;
            let rows = batch.num_rows() as u64;
            let stays = |row| Some(!self.deleted.contains(row));
            let stays: BooleanArray = (first_row..first_row + rows).map(stays).collect();
            let batch = filter_record_batch(&batch, &stays).map_err(|error| unread(&error))?;
            batches.push(typed(&batch, wanted).map_err(|error| unread(&error))?);
            first_row += rows;
        }
        Ok(batches)
    }
}

/// Returns a batch with the columns that are wanted, each in the type that is published. A column that a file lacks is null.
fn typed(batch: &RecordBatch, wanted: &[&str]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for column in COLUMNS.iter().filter(|column| wanted.contains(&column.name)) {
        let data_type = column.field().data_type().clone();
        arrays.push(match batch.column_by_name(column.name) {
            Some(array) => cast(array, &data_type)?,
            None => new_null_array(&data_type, batch.num_rows()),
        });
        fields.push(Field::new(column.name, data_type, true));
    }
    RecordBatch::try_new(Schema::new(fields).into(), arrays)
}
