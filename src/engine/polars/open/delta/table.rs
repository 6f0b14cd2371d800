//! Opens a version of a Delta table as a snapshot of its data files.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::columns::Columns;
use crate::data::{DataType, hex};
use crate::engine::polars::parquet::RewrittenFiles;
use crate::engine::polars::scan::{FileSet, Layouts};
use crate::engine::polars::statistics::row_count;
use crate::engine::polars::{Rows, Snapshot};
use crate::source::delta::{self, LogFile, TableVersion, details, gone, url_of};
use crate::source::files::{About, DataFile, DataFiles};
use crate::source::local_file::LocalFile;
use crate::source::regular::metadata_of_file;
use crate::source::staged::Appended;
use crate::source::store::{InitialFetch, LocalFiles, Location, Spool};
use crate::source::{At, Format, Identity, SourceError, TableDetails};

/// Opens a Delta table as a snapshot.
pub(in crate::engine::polars) fn open(uri: &str, place: &Location, at: At) -> Result<Snapshot, SourceError> {
    let (mut logged, root) = delta::open(uri, place, at)?;
    let table = OpenTable::of(&mut logged, &root, place)?;
    Ok(table.snapshot(uri, &logged, None))
}

/// A version of a table, with its files opened.
pub(super) struct OpenTable {
    pub(super) columns: Columns,
    about: Arc<TableDetails>,
    pub(super) layouts: Layouts,
    pub(super) rewritten: RewrittenFiles,
    pub(super) files: Vec<DataFile>,
    /// The digest of the files of the log.
    digest: String,
    /// The columns that a file stores in a way that cannot be read, with the reason.
    unread: BTreeMap<String, String>,
    spool: Option<Arc<Spool>>,
}

impl OpenTable {
    /// Opens the files of a version, which are taken out of it.
    pub(super) fn of(logged: &mut TableVersion, root: &Url, place: &Location) -> Result<Self, SourceError> {
        let (columns, about) = (Columns::of(logged), Arc::new(details(logged)));
        let logged = std::mem::take(&mut logged.files);
        let urls = logged.iter().map(|file| Ok((url_of(&file.path, root)?, file.bytes)));
        let placed = place.fetch(urls.collect::<Result<_, _>>()?, InitialFetch::Footer).map_err(gone)?;
        let LocalFiles { files: places, spool } = placed;
        let mut table = Self {
            columns,
            about,
            layouts: Layouts::default(),
            rewritten: RewrittenFiles::default(),
            files: Vec::with_capacity(logged.len()),
            digest: String::new(),
            unread: BTreeMap::new(),
            spool,
        };
        for (file, here) in logged.into_iter().zip(places) {
            table.add(file, here)?;
        }
        table.digest = digest(&table.files);
        Ok(table)
    }

    fn add(&mut self, file: LogFile, here: LocalFile) -> Result<(), SourceError> {
        let name = percent_encoding::percent_decode_str(&file.path).decode_utf8_lossy().into_owned();
        let unfit = |reason| SourceError::Mismatch { path: name.clone(), reason };
        let bytes = metadata_of_file(&here.path).map_err(gone)?.len();
        let (here, footer) = self.rewritten.open(here).map_err(gone)?;
        agree(&file, &here.shown, bytes, footer.rows)?;
        let mut stored = self.columns.stored(&footer);
        let own = footer.columns();
        for column in &mut stored {
            let misfit = || column.misfit(own.get(column.stored_name.as_str())?);
            let found = footer.unread_in(&column.stored_name, &column.named).map(|unread| unread.reason);
            if let Some(reason) = found.or_else(misfit) {
                column.is_unread = true;
                self.unread.insert(column.name.clone(), format!("{reason} (in {name})"));
            }
        }
        let layout = self.layouts.add(&stored, &footer, &name)?;
        let partition = self.columns.partition(&file).map_err(unfit)?;
        let deleted = file.deleted.of_rows(footer.rows).map_err(unfit)?;
        let statistics = file.statistics.map(Arc::from);
        let file = DataFile::new(here, name, &footer, layout);
        self.files.push(DataFile { deleted, partition, statistics, ..file });
        Ok(())
    }

    /// Returns the snapshot of the version, to which the files from `appended` on may have been added.
    pub(super) fn snapshot(
        mut self,
        uri: &str,
        logged: &TableVersion,
        appended: Option<Appended>,
    ) -> Snapshot {
        let own = self.files.len().saturating_sub(appended.as_ref().map_or(0, |of| of.files.len()));
        // What is appended comes behind the files of the log.
        if let Some(own) = self.files.get_mut(..own) {
            own.sort_by(|left, right| left.name.cmp(&right.name));
        }
        self.files.sort_by_key(|file| file.layout);
        let staged = appended.as_ref().map(Appended::identity);
        let digest = match &staged {
            None => self.digest,
            Some(staged) => {
                let mut both = Sha256::new();
                both.update(format!("{}\0{}", self.digest, staged.digest));
                hex(both)
            }
        };
        let is_changes = logged.changes_from.is_some();
        let mut identity = Identity {
            version: Some(logged.snapshot.version()),
            committed: logged.committed.and_then(DateTime::from_timestamp_millis),
            changes_from: logged.changes_from,
            table: Some(self.about),
            staged,
            ..Identity::of_files(uri, Format::Delta, &self.files, digest)
        };
        // Files of changes also hold rows that are not judged: deleted rows, and rows before an update.
        if is_changes {
            identity.rows = None;
        }
        let logged_names = self.columns.logged_names();
        let Columns { mut schema, partitioned, .. } = self.columns;
        for field in &mut schema.fields {
            if let Some(reason) = self.unread.remove(&field.name) {
                field.data_type = DataType::Unread { name: field.data_type.to_string(), reason };
            }
        }
        let columns = schema.fields.clone();
        let about = About { columns, partitioned, logged_names, is_changes, transcript: None };
        let set = FileSet::new(DataFiles::new(self.files, about), self.layouts, self.spool, self.rewritten);
        Snapshot { identity, rows: Rows::Files(set), schema, traffic: Vec::new(), appended }
    }
}

/// Checks that a file has as many bytes and rows as the log states.
fn agree(file: &LogFile, shown: &str, bytes: u64, rows: u64) -> Result<(), SourceError> {
    let statistics = file.statistics.as_deref();
    for (of, log, file) in
        [("bytes", file.bytes, bytes), ("rows by its footer", statistics.and_then(row_count), rows)]
    {
        if let Some(log) = log.filter(|log| *log != file) {
            return Err(SourceError::Contradiction { path: shown.to_owned(), of, log, file });
        }
    }
    Ok(())
}

/// Computes the digest of the files' names, sizes and row counts, whatever their layouts.
fn digest(files: &[DataFile]) -> String {
    let mut files: Vec<&DataFile> = files.iter().collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let mut digest = Sha256::new();
    for file in files {
        digest.update(format!("{}\0{}\0{}\0", file.name, file.bytes, file.live_rows()));
    }
    hex(digest)
}
