//! A version of a table, as its log tells it.

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

/// Why a log is not read further.
pub(crate) enum Refusal {
    /// It makes no sense, or lacks what is asked for.
    Log(String),
    /// The store that it lies in refused, or lacks a part of it.
    Store(Box<dyn Error + Send + Sync>),
    /// It asks for what is not read.
    Feature(String),
    /// A file beside it makes no sense, which is named.
    Beside(String),
}

impl From<KernelError> for Refusal {
    fn from(error: KernelError) -> Self {
        if is_of_store(&error) {
            return Self::Store(Box::new(error));
        }
        // After what matters, the kernel prints all it knows of files, or a backtrace.
        let text = error.to_string();
        let end = text.find('\n').into_iter().chain(text.find(STRUCTURE)).min().unwrap_or(text.len());
        Self::Log(text[..end].trim_end().to_owned())
    }
}

/// A version of a table.
pub(crate) struct Logged {
    pub(crate) snapshot: SnapshotRef,
    /// When it was committed, in milliseconds.
    pub(crate) committed: Option<i64>,
    pub(crate) files: Vec<LoggedFile>,
    /// The version since which its files are changes, if they are.
    pub(crate) changes_from: Option<u64>,
}

/// A data file of the log.
pub(crate) struct LoggedFile {
    /// Its path as a URL, relative to the table or absolute.
    pub(crate) path: String,
    /// Its size, as far as the log tells it.
    pub(crate) bytes: Option<u64>,
    /// By the names that the columns have in files.
    pub(crate) partition_values: std::collections::HashMap<String, String>,
    /// Whether the log knows how many rows it has.
    pub(crate) has_statistics: bool,
    /// What the log says of its columns, if anything: JSON.
    pub(crate) statistics: Option<String>,
    pub(crate) deleted: Deleted,
    /// The commit whose change it is, if it is one.
    pub(crate) change: Option<Change>,
}

/// Rows of a file that are not there.
pub(crate) enum Deleted {
    None,
    Rows(Arc<RoaringTreemap>),
    AllBut(Arc<RoaringTreemap>),
}

impl Deleted {
    /// Among so many rows.
    pub(crate) fn among(self, rows: u64) -> Result<Option<Arc<RoaringTreemap>>, String> {
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

/// Reads what the log says of a version.
pub(crate) fn read(engine: &dyn Engine, root: &Url, at: At) -> Result<Logged, Refusal> {
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
        Ok(LoggedFile {
            has_statistics: file.stats.is_some(),
            statistics,
            deleted: deleted
                .map_or(Deleted::None, |rows| Deleted::Rows(Arc::new(rows.into_iter().collect()))),
            change: None,
            bytes: u64::try_from(file.size).ok(),
            path: file.path,
            partition_values: file.partition_values,
        })
    });
    let files = files.collect::<Result<_, Refusal>>()?;
    let committed = snapshot.get_timestamp(engine).ok();
    Ok(Logged { snapshot, committed, files, changes_from: None })
}

/// Reads the deletion vector of a file; it makes no sense of that file alone.
pub(crate) fn vector<T>(of: &str, read: impl FnOnce() -> DeltaResult<T>) -> Result<T, Refusal> {
    let failed = |reason: String| Refusal::Beside(format!("the deletion vector of {of}: {reason}"));
    match caught(read).map_err(|panic| failed(format!("it makes no sense: {panic}")))? {
        Ok(vector) => Ok(vector),
        Err(error) => Err(match Refusal::from(error) {
            Refusal::Log(reason) => failed(reason),
            refusal => refusal,
        }),
    }
}

/// The statistics of files, as they are written.
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
            // What has no path is no file.
            let path: Option<String> = getters[0].get_opt(row, "path")?;
            if path.is_some() {
                self.0.push(getters[1].get_opt(row, "stats")?);
            }
        }
        Ok(())
    }
}

/// The version that was asked for.
pub(crate) fn snapshot(engine: &dyn Engine, root: &Url, at: At) -> Result<SnapshotRef, Refusal> {
    let build = |version: Option<u64>| {
        let builder = KernelSnapshot::builder_for(root.as_str());
        match version {
            Some(version) => builder.at_version(version).build(engine),
            None => builder.build(engine),
        }
    };
    Ok(match at {
        At::Latest => build(None)?,
        // The kernel would speak of segments of the log.
        At::Version(version) => build(Some(version)).map_err(|error| match build(None) {
            // A store that fails says nothing of versions.
            _ if is_failing(&error) => error.into(),
            Ok(newest) if newest.version() < version => {
                Refusal::Log(format!("there is no version {version}; the newest is {}", newest.version()))
            }
            Ok(_) => Refusal::Log(format!(
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
                        return Refusal::Store(Box::new(error));
                    }
                    Refusal::Log(format!("no version of {time} can be read: {error}"))
                })?;
            build(Some(commit.version))?
        }
    })
}
