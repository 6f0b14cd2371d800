//! Marks rows of a table deleted in the files as they stand, by deletion vectors.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use delta_kernel::schema::StructType;
use percent_encoding::percent_decode_str;
use roaring::RoaringTreemap;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::commit::{MOST_TRIES, Outcome, Tried};
use super::features::Purpose;
use super::lines::{Operation, transaction};
use super::logged::{LoggedFile, logged_files};
use super::others::{Committed as Others, file_name};
use super::table::Table;
use super::wide::wide;
use crate::data::hex;
use crate::sink::committed::Committed;
use crate::sink::destination::Destination;
use crate::sink::error::SinkError;
use crate::sink::file::Uncommitted;
use crate::sink::provenance::{Earlier, Provenance};
use crate::source::At;
use crate::source::delta::snapshot;

/// Rows of a data file that are to be marked deleted.
#[derive(Clone, Debug)]
pub struct MarkedRows {
    /// The path of the file within the table, decoded.
    pub file: String,
    /// The numbers of the rows within the file.
    pub rows: RoaringTreemap,
    /// The rows that are deleted already.
    pub deleted: Option<Arc<RoaringTreemap>>,
    /// Number of rows in the file, deleted ones included.
    pub rows_in_file: u64,
}

impl MarkedRows {
    /// Returns the digest of rows: of the names of their files, and of their numbers.
    #[must_use]
    pub fn digest(all: &[Self]) -> String {
        let mut all: Vec<&Self> = all.iter().filter(|marked| !marked.rows.is_empty()).collect();
        all.sort_by(|one, other| one.file.cmp(&other.file));
        let mut digest = Sha256::new();
        for Self { file, rows, .. } in all {
            digest.update(format!("{}\0{file}\0{}\0", file.len(), rows.len()));
            rows.iter().for_each(|row| digest.update(row.to_le_bytes()));
        }
        hex(digest)
    }

    /// Returns all rows of the file that are deleted afterwards.
    fn union(&self, to: &str) -> Result<RoaringTreemap, SinkError> {
        let before = self.deleted.as_deref().cloned().unwrap_or_default();
        let is_there = self.rows.max().is_none_or(|last| last < self.rows_in_file);
        if !is_there || !self.rows.is_disjoint(&before) {
            let reason = format!("rows of {} that are not there would be deleted", self.file);
            return Err(SinkError::Unsupported { to: to.to_owned(), reason });
        }
        Ok(before | &self.rows)
    }
}

/// A version of a table, rows of which are to be marked deleted.
pub struct Deletion {
    table: Table,
    /// The version in which the rows are.
    version: u64,
    schema: Arc<StructType>,
    id: String,
    /// The first version of which it is not known what it has changed.
    next: u64,
}

/// Rows that are to be marked deleted, whose vectors are written, and that everybody sees so far. Dropped, the vectors are deleted.
pub struct Marked {
    deletion: Deletion,
    /// The actions that take files away and add them with other vectors.
    actions: Vec<Json>,
    /// The names of the files.
    names: HashSet<String>,
    rows: u64,
    counts: Counts,
    guard: Option<Uncommitted>,
    token: String,
}

/// What becomes of the files.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    files: usize,
    /// Files all of whose rows go.
    removed: usize,
    /// Files that had a vector before.
    had_vectors: usize,
    vectors: usize,
    /// Bytes of the vectors.
    bytes: u64,
}

impl Deletion {
    /// Opens a table, rows of whose version `version` are to be marked deleted.
    ///
    /// # Errors
    /// The table cannot be opened, keeps no deletion vectors, or is none that rows can be deleted from right.
    pub fn open(table: &Destination, version: u64) -> Result<Self, SinkError> {
        let table = Table::open(table, Purpose::Delete)?;
        let Some(state) = &table.state else {
            let reason = "it is no Delta table".to_owned();
            return Err(SinkError::Unsupported { to: table.to.clone(), reason });
        };
        let snapshot = if state.version == version {
            state.snapshot.clone()
        } else {
            let root = table.log_root.clone();
            table.read(move |log| snapshot(log.engine(None).as_ref(), &root, At::Version(version)))?
        };
        let configuration = snapshot.table_configuration();
        let (schema, id) = (configuration.logical_schema(), configuration.metadata().id().to_owned());
        Ok(Self { version, schema, id, next: version + 1, table })
    }

    /// Finds the commit that has deleted the rows of the same input.
    ///
    /// # Errors
    /// The table cannot be read.
    pub fn already(&self, provenance: &Provenance) -> Result<Option<Earlier>, SinkError> {
        self.table.already(provenance)
    }

    /// Returns the newest version whose rows were deleted, by a suite of the same name.
    ///
    /// # Errors
    /// The table cannot be read.
    pub fn last_input_version(&self, provenance: &Provenance) -> Result<Option<u64>, SinkError> {
        self.table.last_input_version(provenance)
    }

    /// Returns whether the table lies at a place.
    pub(in crate::sink) fn is_at(&self, other: &Table) -> bool {
        match (&self.table.folder, &other.folder) {
            (Some(own), Some(folder)) => own == folder,
            _ => self.table.log_root == other.log_root,
        }
    }

    /// Writes the deletion vectors of rows. Nobody sees them before the commit.
    ///
    /// # Errors
    /// The rows are not those of the version, or the vectors cannot be written.
    pub fn mark(self, marked: Vec<MarkedRows>, provenance: &Provenance) -> Result<Marked, SinkError> {
        let now = provenance.now.timestamp_millis();
        let marked = marked.into_iter().filter(|marked| !marked.rows.is_empty());
        let marked: BTreeMap<String, MarkedRows> =
            marked.map(|marked| (marked.file.clone(), marked)).collect();
        let files = self.logged(marked.keys().cloned().collect())?;
        if files.len() != marked.len() {
            return Err(self.unfit(format!("{} of {} files are in its log", files.len(), marked.len())));
        }
        let (mut actions, mut kept, mut counts) = (Vec::new(), Vec::new(), Counts::default());
        for (name, file) in &files {
            let Some(marked) = marked.get(name) else { continue };
            let before = marked.deleted.as_ref().map(|deleted| deleted.len());
            if before != file.deleted.and_then(|count| u64::try_from(count).ok()) {
                return Err(self.unfit(format!("{name} has another deletion vector in its log")));
            }
            let union = marked.union(&self.table.to)?;
            actions.push(file.remove(now));
            counts.files += 1;
            counts.had_vectors += usize::from(before.is_some());
            if union.len() == marked.rows_in_file {
                counts.removed += 1;
            } else {
                kept.push((file, marked.rows_in_file, union));
            }
        }
        let vectors = self.table.write_vectors(kept.iter().map(|(_, _, union)| union))?;
        counts.vectors = vectors.described.len();
        counts.bytes = vectors.bytes;
        let keeps_texts = self.keeps_statistics_as_texts();
        for ((file, rows, _), vector) in kept.iter().zip(&vectors.described) {
            let statistics = file.statistics.as_deref().filter(|_| keeps_texts);
            actions.push(file.add(vector, &wide(statistics, *rows), now));
        }
        Ok(Marked {
            actions,
            names: files.values().map(|file| file_name(&file.path)).collect(),
            rows: marked.values().map(|marked| marked.rows.len()).sum(),
            counts,
            guard: vectors.guard,
            token: Uuid::new_v4().to_string(),
            deletion: self,
        })
    }

    /// Returns the files of the version with these names, in their order.
    fn logged(&self, names: HashSet<String>) -> Result<BTreeMap<String, LoggedFile>, SinkError> {
        let (root, version) = (self.table.log_root.clone(), self.version);
        let found = self.table.read(move |log| {
            let engine = log.engine(None);
            let snapshot = snapshot(engine.as_ref(), &root, At::Version(version))?;
            logged_files(engine.as_ref(), &snapshot, &|path| names.contains(&decoded(path)))
        })?;
        let mut files = BTreeMap::new();
        for file in found {
            let name = decoded(&file.path);
            if files.insert(name.clone(), file).is_some() {
                return Err(self.unfit(format!("{name} is in its log twice")));
            }
        }
        Ok(files)
    }

    /// Returns whether the log has statistics in the words of who wrote them.
    fn keeps_statistics_as_texts(&self) -> bool {
        let metadata = self.table.state.as_ref().map(|state| state.snapshot.table_configuration().metadata());
        let property =
            metadata.and_then(|metadata| metadata.configuration().get("delta.checkpoint.writeStatsAsJson"));
        property.is_none_or(|text| !text.eq_ignore_ascii_case("false"))
    }

    fn unfit(&self, reason: String) -> SinkError {
        SinkError::Unsupported { to: self.table.to.clone(), reason }
    }

    /// Looks at what others have committed since the version. Other rows, and other files, do not matter. A conflict says that the
    /// rows were not deleted, and never can be as they were found.
    fn pass(&mut self, names: &HashSet<String>, provenance: &Provenance) -> Result<(), SinkError> {
        let (id, mut objection) = (provenance.app_id(), None);
        while let Some(commit) = self.next_commit()? {
            let version = self.next;
            if let Some((_, app_version)) = commit.transactions.iter().find(|(other, _)| *other == id)
                && *app_version >= provenance.app_version()
            {
                let earlier = commit.note.map(|note| note.earlier(Some(version))).unwrap_or_default();
                return Err(SinkError::Already { to: self.table.to.clone(), earlier: Box::new(earlier) });
            }
            // Perhaps the rows are deleted behind it: then there is no conflict.
            if objection.is_none() {
                objection = self.objection(&commit, names)?;
            }
            if let Some(state) = &mut self.table.state
                && state.version < version
            {
                state.version = version;
                state.committed = state.committed.and(commit.time.or(state.committed));
            }
            self.next = version + 1;
        }
        objection.map_or(Ok(()), |reason| Err(self.table.conflict(&reason)))
    }

    /// Returns the next commit that was not looked at so far; `None` if there are no more.
    fn next_commit(&self) -> Result<Option<Others>, SinkError> {
        match self.table.commit_of(self.next) {
            Ok(None) if self.table.version().is_none_or(|newest| newest < self.next) => Ok(None),
            // The log is cleaned up, or broken: perhaps the rows are deleted already.
            Ok(None) | Err(SinkError::Conflict { .. }) => {
                Err(self.unfit(format!("what version {} has changed is not known", self.next)))
            }
            found => found,
        }
    }

    /// Returns why rows cannot be deleted after a commit of others.
    fn objection(&mut self, commit: &Others, names: &HashSet<String>) -> Result<Option<String>, SinkError> {
        let version = self.next;
        if !commit.files.is_disjoint(names) {
            let reason = format!("version {version} has changed files with rows that are to be deleted");
            return Ok(Some(reason));
        }
        if commit.changes_rows && self.is_serializable() {
            return Ok(Some(format!("version {version} has other rows, and the table is serializable")));
        }
        if !commit.changes_table {
            return Ok(None);
        }
        if self.table.version().is_none_or(|newest| newest < version) {
            self.table.load()?;
        }
        let is_same = self.table.state.as_ref().is_some_and(|state| {
            let configuration = state.snapshot.table_configuration();
            configuration.metadata().id() == self.id && configuration.logical_schema() == self.schema
        });
        Ok((!is_same).then(|| format!("its columns are others since version {version}")))
    }

    fn is_serializable(&self) -> bool {
        let metadata = self.table.state.as_ref().map(|state| state.snapshot.table_configuration().metadata());
        let level = metadata.and_then(|metadata| metadata.configuration().get("delta.isolationLevel"));
        level.is_some_and(|level| level.eq_ignore_ascii_case("Serializable"))
    }
}

impl Marked {
    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Finds out whether others have changed the table in a way that matters.
    ///
    /// # Errors
    /// They have, or its log cannot be read.
    pub fn look(&mut self, provenance: &Provenance) -> Result<(), SinkError> {
        self.deletion.pass(&self.names, provenance)
    }

    /// Makes the rows deleted, in one commit.
    ///
    /// # Errors
    /// Others have changed the files with these rows or the table itself ([`SinkError::Conflict`]: they never can be deleted as they
    /// were found), or the store refuses the commit. Then no row was deleted, unless the error is [`SinkError::Unknown`].
    pub fn commit(mut self, provenance: &Provenance) -> Result<Committed, SinkError> {
        self.guard.iter().for_each(Uncommitted::hold);
        let outcome = self.try_to_commit(provenance);
        if let (Ok(_) | Err(Outcome::Unknown(_)), Some(guard)) = (&outcome, self.guard.take()) {
            guard.keep();
        }
        let Counts { files, bytes, .. } = self.counts;
        outcome
            .map(|version| Committed { version: Some(version), rows: self.rows, files, bytes })
            .map_err(Outcome::into_error)
    }

    fn try_to_commit(&mut self, provenance: &Provenance) -> Result<u64, Outcome> {
        for _ in 0..MOST_TRIES {
            self.look(provenance)?;
            let version = self.deletion.next;
            if matches!(self.deletion.table.put(version, self.text(provenance), &self.token)?, Tried::Done) {
                self.deletion.table.after(version);
                return Ok(version);
            }
        }
        Err(self.deletion.unfit("too many others write to it at once".to_owned()).into())
    }

    /// Returns the lines of the commit.
    fn text(&self, provenance: &Provenance) -> String {
        let Counts { files, removed, had_vectors, vectors, .. } = self.counts;
        let predicate = format!("rows that fail {}", provenance.suite);
        let operation = Operation {
            name: "DELETE",
            parameters: json!({"predicate": json!([predicate]).to_string()}),
            is_blind_append: false,
            metrics: json!({
                "numDeletedRows": self.rows.to_string(),
                "numTouchedFiles": files.to_string(),
                "numRemovedFiles": removed.to_string(),
                "numAddedFiles": "0",
                "numDeletionVectorsAdded": vectors.to_string(),
                "numDeletionVectorsRemoved": had_vectors.to_string(),
            }),
            rows: self.rows,
            read: Some(self.deletion.version),
            withdraws: false,
        };
        let before = self.deletion.table.state.as_ref().and_then(|state| state.committed);
        let information = operation.information(provenance, &self.token, before);
        let all = [information, transaction(provenance)];
        let lines = all.iter().chain(&self.actions).map(Json::to_string);
        lines.fold(String::new(), |text, line| text + &line + "\n")
    }
}

/// Returns the path of a file as reports have it.
fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}
