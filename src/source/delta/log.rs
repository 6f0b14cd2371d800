//! Reads a version of a table from its log.

use std::error::Error;
use std::sync::{Arc, LazyLock};

use delta_kernel::engine_data::{FilteredRowVisitor, GetData, RowIndexIterator, TypedGetData as _};
use delta_kernel::expressions::ColumnName;
use delta_kernel::history_manager::{HistoryCommitType, latest_version_as_of};
use delta_kernel::scan::state::ScanFile;
use delta_kernel::schema::DataType;
use delta_kernel::snapshot::{Snapshot as KernelSnapshot, SnapshotRef};
use delta_kernel::{DeltaResult, Engine, Error as KernelError};
use roaring::RoaringTreemap;
use url::Url;

use super::changes::Change;
use super::checkpoint::look_over;
use super::features;
use crate::data::caught;
use crate::source::At;
use crate::source::dependency_messages::STRUCTURE;
use crate::source::store::{is_failing, is_of_store};

/// The reason why a log cannot be read.
pub(crate) enum LogError {
    /// The log is invalid, or lacks the requested version.
    Log(String),
    /// The store of the log returned an error, or lacks a part of the log.
    Store(Box<dyn Error + Send + Sync>),
    /// The table needs a feature that is not supported.
    Feature(String),
    /// A commit, a checkpoint file or a deletion vector, which the message names, is invalid.
    InvalidFile(String),
}

impl From<KernelError> for LogError {
    fn from(error: KernelError) -> Self {
        if is_of_store(&error) {
            return Self::Store(Box::new(error));
        }
        if matches!(error, KernelError::MaxCatalogVersion(_)) {
            return Self::Feature(features::KEPT_BY_CATALOG.to_owned());
        }
        // The kernel appends debug output or a backtrace to its message.
        let text = error.to_string();
        let end = text.find('\n').into_iter().chain(text.find(STRUCTURE)).min().unwrap_or(text.len());
        Self::Log(text[..end].trim_end().to_owned())
    }
}

/// A version of a table.
pub(crate) struct TableVersion {
    pub(crate) snapshot: SnapshotRef,
    /// The time of the commit, in milliseconds since 1970.
    pub(crate) committed: Option<i64>,
    pub(crate) files: Vec<LogFile>,
    /// The first version of the changes, if the files hold only changes.
    pub(crate) changes_from: Option<u64>,
}

/// A data file in the log.
pub(crate) struct LogFile {
    /// The path of the file as a URL, relative to the table or absolute.
    pub(crate) path: String,
    /// The size of the file in bytes, if the log has it.
    pub(crate) bytes: Option<u64>,
    /// The partition values, by the physical names of the columns.
    pub(crate) partition_values: std::collections::HashMap<String, String>,
    /// True if the log has the row count of the file.
    pub(crate) has_statistics: bool,
    /// The statistics of the file in the log, as JSON.
    pub(crate) statistics: Option<String>,
    pub(crate) deleted: DeletedRows,
    /// The commit whose changes the file holds, if only changes are read.
    pub(crate) change: Option<Change>,
}

/// The deleted rows of a file.
pub(crate) enum DeletedRows {
    None,
    Rows(Arc<RoaringTreemap>),
    AllBut(Arc<RoaringTreemap>),
}

impl DeletedRows {
    /// Returns whether a row is deleted, by its number within the file.
    pub(crate) fn contains(&self, row: u64) -> bool {
        match self {
            Self::None => false,
            Self::Rows(deleted) => deleted.contains(row),
            Self::AllBut(there) => !there.contains(row),
        }
    }

    /// Returns the deleted rows of a file with `rows` rows, or an error if a row number exceeds them.
    pub(crate) fn of_rows(self, rows: u64) -> Result<Option<Arc<RoaringTreemap>>, String> {
        let (Self::Rows(named) | Self::AllBut(named)) = &self else { return Ok(None) };
        if named.max().is_some_and(|last| last >= rows) {
            return Err(format!("its deletion vector speaks of rows beyond its {rows}"));
        }
        Ok(match self {
            Self::AllBut(there) => {
                let mut deleted = RoaringTreemap::new();
                deleted.insert_range(0..rows);
                Some(Arc::new(deleted - there.as_ref()))
            }
            Self::Rows(deleted) => Some(deleted),
            Self::None => None,
        })
    }
}

/// Reads a version of a table from its log.
pub(crate) fn read(engine: &dyn Engine, root: &Url, at: At) -> Result<TableVersion, LogError> {
    let snapshot = snapshot(engine, root, at)?;
    features::refuse(&snapshot)?;
    look_over(engine, &snapshot)?;
    let scan = Arc::clone(&snapshot).scan_builder().build()?;
    let mut found = Vec::new();
    let mut texts = Texts::default();
    for batch in scan.scan_metadata(engine)? {
        let batch = batch?;
        found = batch.visit_scan_files(found, |files: &mut Vec<ScanFile>, file| files.push(file))?;
        texts.visit_rows_of(&batch.scan_files)?;
    }
    let files = found.into_iter().zip(texts.0).map(|(file, statistics)| {
        let deleted = vector(&file.path, || file.dv_info.get_row_indexes(engine, root))?;
        Ok(LogFile {
            has_statistics: file.stats.is_some(),
            statistics,
            deleted: deleted
                .map_or(DeletedRows::None, |rows| DeletedRows::Rows(Arc::new(rows.into_iter().collect()))),
            change: None,
            bytes: u64::try_from(file.size).ok(),
            path: file.path,
            partition_values: file.partition_values,
        })
    });
    let files = files.collect::<Result<_, LogError>>()?;
    let committed = snapshot.get_timestamp(engine).ok();
    Ok(TableVersion { snapshot, committed, files, changes_from: None })
}

/// Reads the deletion vector of a file. An invalid vector is an error of that file alone.
pub(crate) fn vector<T>(of: &str, read: impl FnOnce() -> DeltaResult<T>) -> Result<T, LogError> {
    let failed = |reason: String| LogError::InvalidFile(format!("the deletion vector of {of}: {reason}"));
    match caught(read).map_err(|panic| failed(format!("it makes no sense: {panic}")))? {
        Ok(vector) => Ok(vector),
        Err(error) => Err(match LogError::from(error) {
            LogError::Log(reason) => failed(reason),
            refusal => refusal,
        }),
    }
}

/// The statistics of files, as unparsed JSON.
#[derive(Default)]
struct Texts(Vec<Option<String>>);

impl FilteredRowVisitor for Texts {
    fn selected_column_names_and_types(&self) -> (&'static [ColumnName], &'static [DataType]) {
        static COLUMNS: LazyLock<[ColumnName; 2]> =
            LazyLock::new(|| ["path", "stats"].map(|name| ColumnName::new([name])));
        (COLUMNS.as_slice(), &[DataType::STRING, DataType::STRING])
    }

    fn visit_filtered<'a>(
        &mut self,
        getters: &[&'a dyn GetData<'a>],
        rows: RowIndexIterator<'_>,
    ) -> DeltaResult<()> {
        for row in rows {
            // A row without a path is no file.
            let path: Option<String> = getters[0].get_opt(row, "path")?;
            if path.is_some() {
                self.0.push(getters[1].get_opt(row, "stats")?);
            }
        }
        Ok(())
    }
}

/// Returns the snapshot of the requested version.
pub(crate) fn snapshot(engine: &dyn Engine, root: &Url, at: At) -> Result<SnapshotRef, LogError> {
    let build = |version: Option<u64>| {
        let builder = KernelSnapshot::builder_for(root.as_str());
        match version {
            Some(version) => builder.at_version(version).build(engine),
            None => builder.build(engine),
        }
    };
    Ok(match at {
        At::Latest => build(None)?,
        // The kernel's message would speak of log segments.
        At::Version(version) => build(Some(version)).map_err(|error| match build(None) {
            // An error of the store does not show whether the version exists.
            _ if is_failing(&error) => error.into(),
            Ok(newest) if newest.version() < version => {
                LogError::Log(format!("there is no version {version}; the newest is {}", newest.version()))
            }
            Ok(_) => LogError::Log(format!(
                "version {version} is gone: its log, or a checkpoint before it, was removed"
            )),
            Err(_) => error.into(),
        })?,
        At::Changes { to: None, .. } => build(None)?,
        At::Changes { to: Some(to), .. } => snapshot(engine, root, At::Version(to))?,
        At::Timestamp(time) => {
            let newest = build(None)?;
            let as_of = HistoryCommitType::Recreatable;
            let commit = latest_version_as_of(newest.as_ref(), engine, time.timestamp_millis(), as_of)
                .map_err(|error| {
                    if is_of_store(&error) {
                        return LogError::Store(Box::new(error));
                    }
                    LogError::Log(format!("no version of {time} can be read: {error}"))
                })?;
            build(Some(commit.version))?
        }
    })
}
