//! Writes the data files of a Delta table.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::row::OwnedRow;
use object_store::path::Path as Key;
use uuid::Uuid;

use super::commit::{Change, Outcome};
use super::deletion::Deletion;
use super::features::Purpose;
use super::file::AddedFile;
use super::partitions::Partitions;
use super::statistics::statistics;
use super::table::{Table, WithStatistics};
use crate::sink::committed::Committed;
use crate::sink::destination::Destination;
use crate::sink::error::SinkError;
use crate::sink::file::{Encoder, Output, OutputError, Uncommitted, Upload};
use crate::sink::fit::{Fit, Misfit, fit};
use crate::sink::options::WriteOptions;
use crate::sink::provenance::{Earlier, Provenance};

/// The bytes after which another file is begun.
const FILE_BYTES: usize = 256 << 20;
/// The memory that the open files of all partitions take at most, and how many there are.
const OPEN_BYTES: usize = 256 << 20;
const MOST_OPEN: usize = 128;

/// The values of the partition columns that the rows of a file share; none in a table without partitions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct PartitionKey(Option<OwnedRow>);

/// Rows on their way into a Delta table.
pub(in crate::sink) struct DeltaSink {
    given: SchemaRef,
    fit: Fit,
    options: WriteOptions,
    partitions: Option<Partitions>,
    /// The columns of the files.
    in_files: SchemaRef,
    with_statistics: WithStatistics,
    /// What tells the files and the commit from all others.
    token: String,
    open: HashMap<PartitionKey, OpenFile>,
    begun: usize,
    files: Vec<(AddedFile, Uncommitted)>,
    /// The last to go, since its folder may only go when the files are gone.
    table: Table,
}

struct OpenFile {
    encoder: Encoder<Output>,
    path: String,
    guard: Uncommitted,
    partition_values: BTreeMap<String, Option<String>>,
}

/// Files that are written, and belong to no version so far.
pub(in crate::sink) struct DeltaWritten {
    change: Change,
    guards: Vec<Uncommitted>,
    table: Table,
}

impl DeltaSink {
    pub(in crate::sink) fn open(
        to: &Destination,
        given: SchemaRef,
        options: &WriteOptions,
    ) -> Result<Self, SinkError> {
        let table = Table::open(to, Purpose::of(options))?;
        let misfit = |misfit: Misfit| misfit.of(&table.to);
        let fit = fit(table.schema(), &given, options.evolve).map_err(misfit)?;
        table.hold_to(&fit)?;
        let state = table.state.as_ref();
        let partition_by = state.map_or(&options.partition_by, |state| &state.partition_by);
        let (written, mut partitions) = (fit.written(), None);
        let mut in_files = written.clone();
        if !partition_by.is_empty() {
            let by = Partitions::of(&written, partition_by).map_err(misfit)?;
            in_files = by.in_files(&written);
            partitions = Some(by);
        }
        Ok(Self {
            with_statistics: state.map(|state| state.with_statistics.clone()).unwrap_or_default(),
            fit,
            given,
            options: options.clone(),
            partitions,
            in_files,
            token: Uuid::new_v4().to_string(),
            open: HashMap::new(),
            begun: 0,
            files: Vec::new(),
            table,
        })
    }

    pub(in crate::sink) fn already(&self, provenance: &Provenance) -> Result<Option<Earlier>, SinkError> {
        self.table.already(provenance)
    }

    pub(in crate::sink) fn last_input_version(
        &self,
        provenance: &Provenance,
    ) -> Result<Option<u64>, SinkError> {
        self.table.last_input_version(provenance)
    }

    pub(in crate::sink) fn is_into(&self, deletion: &Deletion) -> bool {
        deletion.is_at(&self.table)
    }

    pub(in crate::sink) fn version(&self) -> Option<u64> {
        self.table.version()
    }

    pub(in crate::sink) fn write(&mut self, rows: &RecordBatch) -> Result<(), SinkError> {
        if rows.num_rows() == 0 {
            return Ok(());
        }
        let to = &self.table.to;
        let rows = self.fit.convert(rows).map_err(|misfit| misfit.of(to))?;
        let Some(partitions) = &self.partitions else {
            return self.write_into(&PartitionKey(None), BTreeMap::new(), &rows);
        };
        for partition in partitions.split(&rows).map_err(|misfit| misfit.of(to))? {
            self.write_into(&PartitionKey(Some(partition.key)), partition.values, &partition.rows)?;
        }
        while self.open.len() > MOST_OPEN || self.memory() > OPEN_BYTES && self.open.len() > 1 {
            let largest = self.open.iter().max_by_key(|(_, file)| file.encoder.memory());
            let Some(key) = largest.map(|(key, _)| key.clone()) else { break };
            self.close(&key)?;
        }
        Ok(())
    }

    fn memory(&self) -> usize {
        self.open.values().map(|file| file.encoder.memory()).sum()
    }

    fn write_into(
        &mut self,
        key: &PartitionKey,
        partition_values: BTreeMap<String, Option<String>>,
        rows: &RecordBatch,
    ) -> Result<(), SinkError> {
        if !self.open.contains_key(key) {
            let file = self.begin(partition_values)?;
            self.open.insert(key.clone(), file);
        }
        let Some(file) = self.open.get_mut(key) else { return Ok(()) };
        file.encoder.write(rows).map_err(|error| self.table.unwritten(error.into()))?;
        if file.encoder.bytes() >= FILE_BYTES {
            self.close(key)?;
        }
        Ok(())
    }

    /// Begins a file. Its name says nothing of its partition, whose values may be personal: the log has them.
    fn begin(&mut self, partition_values: BTreeMap<String, Option<String>>) -> Result<OpenFile, SinkError> {
        let path = format!("part-{:05}-{}.zstd.parquet", self.begun, self.token);
        self.begun += 1;
        let (output, guard) = if let Some(folder) = &self.table.folder {
            let place = folder.join(&path);
            let file = std::fs::File::create_new(&place)
                .map_err(|error| self.table.unwritten(OutputError::Io(error)))?;
            (Output::local(file), Uncommitted::file(place))
        } else {
            let (store, key) = (self.table.store(), Key::from(path.as_str()));
            let guard = Uncommitted::object(store.clone(), key.clone());
            (Output::Remote(Upload::begin(store, key)), guard)
        };
        let encoder = Encoder::begin(output, self.in_files.clone(), false, self.options.threads)
            .map_err(|error| self.table.unwritten(error.into()))?;
        Ok(OpenFile { encoder, path, guard, partition_values })
    }

    /// Writes a file to its end.
    fn close(&mut self, key: &PartitionKey) -> Result<(), SinkError> {
        let Some(OpenFile { encoder, path, guard, partition_values }) = self.open.remove(key) else {
            return Ok(());
        };
        let failed = |error: OutputError| self.table.unwritten(error);
        let done = encoder.finish(Vec::new()).map_err(|error| failed(error.into()))?;
        done.output.complete(false).map_err(failed)?;
        let statistics = statistics(&done.footer, &done.has_nan, &self.fit.schema, &self.with_statistics);
        let (bytes, rows) = (done.bytes, done.rows);
        self.files.push((AddedFile { path, partition_values, bytes, rows, statistics }, guard));
        Ok(())
    }

    pub(in crate::sink) fn finish(mut self) -> Result<DeltaWritten, SinkError> {
        let mut open: Vec<PartitionKey> = self.open.keys().cloned().collect();
        open.sort();
        for key in open {
            self.close(&key)?;
        }
        let (adds, guards) = self.files.into_iter().unzip();
        let change = Change {
            given: Arc::clone(&self.given),
            fit: self.fit,
            options: self.options,
            adds,
            token: self.token,
        };
        Ok(DeltaWritten { table: self.table, change, guards })
    }
}

impl DeltaWritten {
    pub(in crate::sink) fn rows(&self) -> u64 {
        self.change.rows()
    }

    pub(in crate::sink) fn files(&self) -> usize {
        self.change.adds.len()
    }

    pub(in crate::sink) fn bytes(&self) -> u64 {
        self.change.bytes()
    }

    pub(in crate::sink) fn commit(self, provenance: &Provenance) -> Result<Committed, SinkError> {
        let Self { mut table, change, guards } = self;
        guards.iter().for_each(Uncommitted::hold);
        let outcome = table.commit(&change, provenance);
        match &outcome {
            Ok(_) | Err(Outcome::Unknown(_)) => {
                table.is_made();
                guards.into_iter().for_each(Uncommitted::keep);
            }
            Err(Outcome::Failed(_)) => {}
        }
        let (files, bytes) = (change.adds.len(), change.bytes());
        outcome
            .map(|version| Committed { version: Some(version), rows: change.rows(), files, bytes })
            .map_err(Outcome::into_error)
    }
}
