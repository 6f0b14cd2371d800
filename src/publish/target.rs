//! The version of a table to which staged files are appended, as it was judged.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;

use chrono::{DateTime, Utc};
use delta_kernel::schema::{StructField, StructType};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use tokio::runtime::Handle;

use super::actions::{Batch, Commit, NewTable};
use super::commit::{Between, Log, Put};
use super::types::{columns_of, misfit};
use crate::data::{caught, redacted};
use crate::sink::delta::{
    AddedFile, WithStatistics, checkpoint, checkpoint_interval, refusal, statistics_of_others,
};
use crate::source::local_file::LocalFile;
use crate::source::staged::Appended;
use crate::source::store::{Location, StorageOptions, Table, wait_for_blocking};
use crate::source::{Opened, SourceError, versioned};
use crate::suite::Suite;

/// The most versions without a change of data that are passed over.
const MOST_PASSED: u64 = 1_000;

/// A version of a table, and files that can be appended to it.
pub(super) struct Target {
    /// The URI of the table, without credentials.
    pub(super) uri: String,
    pub(super) location: Location,
    pub(super) appended: Appended,
    batch: Batch,
    /// The files, in the order of the batch, without the names that they get.
    files: Vec<AddedFile>,
    begins: Option<NewTable>,
    /// How many versions of the table have one checkpoint.
    checkpoint_interval: u64,
}

/// What became of a commit to the versions behind the one that was judged.
pub(super) enum Committed {
    /// The files are a part of this version.
    Version(u64),
    /// Somebody else had appended the same files, in this version.
    Already(u64),
    /// Others have changed the table.
    Moved,
    /// They are no part of the table.
    Failed(String),
    /// Nobody knows.
    Unknown(String),
}

impl Target {
    /// Returns the table that is open together with staged files, and their store.
    ///
    /// # Errors
    /// The table is not written right, or one of the files would not be read by others.
    pub(super) fn of(
        opened: &dyn Opened,
        into: &str,
        suites: &[&Suite],
        storage: &StorageOptions,
    ) -> Result<Self, SourceError> {
        let uri = redacted(into);
        let refused = |reason: String| SourceError::Unpublishable { uri: uri.clone(), reason };
        if versioned(into).is_some() {
            return Err(refused("it names a version, and files are appended to the newest".to_owned()));
        }
        let (Some(appended), Some(identity)) = (opened.appended(), &opened.identity().staged) else {
            return Err(refused("its engine does not say how files would stand in its log".to_owned()));
        };
        let location = Location::of(into, storage)?;
        if location.is_read_only() {
            return Err(refused("a web server is only read from".to_owned()));
        }
        let footers = appended.batch.files.iter().map(|file| footer(&file.local));
        let footers: Vec<ParquetMetaData> = footers.collect::<Result<_, _>>()?;
        let unfit = |index: usize, reason: String| SourceError::Mismatch {
            path: appended.batch.files.get(index).map(|file| file.local.shown.clone()).unwrap_or_default(),
            reason,
        };
        let mut begins = None;
        let (schema, properties) = if let Some(base) = &appended.base {
            if let Some(reason) = refusal(base, false, false) {
                return Err(refused(reason));
            }
            let configuration = base.table_configuration();
            let properties = configuration.metadata().configuration().clone();
            (configuration.logical_schema().as_ref().clone(), properties)
        } else {
            let schema = schema_of(opened, &footers, appended).map_err(|of| match of {
                Unfit::File { index, reason } => unfit(index, reason),
                Unfit::Table(reason) => refused(reason),
            })?;
            let partitioned = appended.partitioned.clone();
            begins = Some(NewTable { schema: schema.clone(), partitioned });
            (schema, HashMap::new())
        };
        let with_statistics = WithStatistics::of(&properties);
        let mut files = Vec::with_capacity(footers.len());
        for (index, (footer, (staged, file))) in footers.iter().zip(appended.files()).enumerate() {
            let root = footer.file_metadata().schema_descr().root_schema();
            misfit(root, &schema, &appended.partitioned).map_err(|reason| unfit(index, reason))?;
            files.push(AddedFile {
                path: String::new(),
                bytes: staged.bytes,
                rows: file.rows,
                partition_values: file.partition_values.clone(),
                statistics: statistics_of_others(footer, &schema, &with_statistics),
            });
        }
        let named = suites.iter().map(|suite| (suite.name.clone(), suite.digest.clone()));
        let batch = Batch {
            app_id: format!("karat/publish/{}", identity.digest),
            digest: identity.digest.clone(),
            suites: named.collect::<BTreeMap<_, _>>(),
        };
        let checkpoint_interval = checkpoint_interval(&properties);
        let appended = appended.clone();
        Ok(Self { uri, location, appended, batch, files, begins, checkpoint_interval })
    }

    /// Returns the version of the table that has the files already, if it has them.
    pub(super) fn already(&self) -> Result<Option<u64>, SourceError> {
        let Some(base) = self.appended.base.clone() else { return Ok(None) };
        let app_id = self.batch.app_id.clone();
        let failed = |reason| SourceError::Log { uri: self.uri.clone(), reason };
        let found = self.with_table(move |table, _| {
            let engine = table.log.engine(None);
            base.get_app_id_version(&app_id, engine.as_ref()).map_err(|error| error.to_string())
        });
        let found = found.and_then(|found| found).map_err(failed)?;
        Ok(found.map(|version| u64::try_from(version).unwrap_or_default()))
    }

    /// Commits copies of the files, with these names, to the version behind the one that was judged, or to a later one if those
    /// between change nothing.
    pub(super) fn commit(&self, names: &[String], now: DateTime<Utc>) -> Committed {
        let (uri, batch, begins) = (self.uri.clone(), self.batch.clone(), self.begins.clone());
        let base = self.appended.base.clone();
        let (next, interval) = (base.as_ref().map_or(0, |base| base.version() + 1), self.checkpoint_interval);
        let is_here = matches!(self.location, Location::Local(_));
        let named = names.iter().zip(&self.files);
        let files: Vec<AddedFile> =
            named.map(|(name, file)| AddedFile { path: name.clone(), ..file.clone() }).collect();
        let done = self.with_table(move |table, on| {
            let log = Log { log: &table.log, uri: &uri, is_here, on };
            let before = base.map(|base| base.get_in_commit_timestamp(table.log.engine(None).as_ref()));
            let before = match before.transpose() {
                Ok(before) => before.flatten(),
                Err(error) => return Committed::Failed(error.to_string()),
            };
            let mut commit = Commit { batch: &batch, files: &files, begins: begins.as_ref(), now, before };
            for version in next..next.saturating_add(MOST_PASSED) {
                let text = match commit.text(version) {
                    Ok(text) => text,
                    Err(error) => return Committed::Failed(error.to_string()),
                };
                match log.put(version, &text) {
                    Put::Landed => {
                        if version > 0 && version.is_multiple_of(interval) {
                            // Without it, the table is only read more slowly.
                            let _ = checkpoint(&table.log, &table.log_root, version);
                        }
                        return Committed::Version(version);
                    }
                    Put::Taken(other) => match Between::of(&other, &batch.app_id) {
                        Between::Same => return Committed::Already(version),
                        Between::Harmless { time } => {
                            commit.before = commit.before.and(time.or(commit.before));
                        }
                        Between::Matters => return Committed::Moved,
                    },
                    Put::Failed(reason) => return Committed::Failed(reason),
                    Put::Unknown(reason) => return Committed::Unknown(reason),
                }
            }
            Committed::Moved
        });
        // A panic may have come after the commit.
        done.unwrap_or_else(Committed::Unknown)
    }

    /// Runs work with the log of the table, on a thread that may wait.
    fn with_table<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Table, &Handle) -> T + Send + 'static,
    ) -> Result<T, String> {
        let location = self.location.clone();
        wait_for_blocking(move || Ok(work(&location.table_to_write()?, &Handle::current())))
            .and_then(|done| done)
    }
}

fn footer(file: &LocalFile) -> Result<ParquetMetaData, SourceError> {
    let bytes =
        File::open(&file.path).map_err(|source| SourceError::Io { path: file.shown.clone(), source })?;
    // The reader is third-party code that meets hostile bytes.
    let read = caught(|| ParquetMetaDataReader::new().parse_and_finish(&bytes));
    let reason = match read {
        Ok(Ok(footer)) => return Ok(footer),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its footer makes no sense".to_owned(),
    };
    Err(SourceError::Corrupt { path: file.shown.clone(), reason })
}

/// Why a table cannot begin with files.
enum Unfit {
    /// The file with this index does not fit.
    File { index: usize, reason: String },
    /// All of them make no table.
    Table(String),
}

/// Returns the columns of a table that begins with files: those that they store, then those of their folders.
fn schema_of(
    opened: &dyn Opened,
    footers: &[ParquetMetaData],
    appended: &Appended,
) -> Result<StructType, Unfit> {
    let mut fields: Vec<StructField> = Vec::new();
    for (index, footer) in footers.iter().enumerate() {
        let root = footer.file_metadata().schema_descr().root_schema();
        for column in columns_of(root).map_err(|reason| Unfit::File { index, reason })? {
            let is_known = fields.iter().any(|known| known.name() == column.name());
            if !is_known && !appended.partitioned.contains(column.name()) {
                fields.push(column);
            }
        }
    }
    for name in &appended.partitioned {
        let known = opened.schema().fields.iter().find(|field| field.name == *name);
        let of = known.and_then(|field| partition_type(&field.data_type));
        let of = of.ok_or_else(|| Unfit::Table(format!("its partition column \"{name}\" has no type")))?;
        fields.push(StructField::nullable(name, of));
    }
    StructType::try_new(fields).map_err(|error| Unfit::Table(error.to_string()))
}

/// Returns the type of a column whose values are the names of folders.
fn partition_type(of: &crate::data::DataType) -> Option<delta_kernel::schema::DataType> {
    use crate::data::DataType;
    use delta_kernel::schema::PrimitiveType;
    let of = match of {
        DataType::Integer { .. } => PrimitiveType::Long,
        DataType::Date => PrimitiveType::Date,
        DataType::String => PrimitiveType::String,
        _ => return None,
    };
    Some(of.into())
}
