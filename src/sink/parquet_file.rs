//! Writes rows to one Parquet file, which appears whole or not at all.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{Error as StoreError, ObjectStore, ObjectStoreExt as _};
use parquet::file::metadata::{KeyValue, ParquetMetaDataReader};
use tempfile::TempPath;
use uuid::Uuid;

use super::committed::Committed;
use super::destination::Destination;
use super::error::SinkError;
use super::file::{Encoder, Output, OutputError, Uncommitted, Upload, unwritten};
use super::options::{Mode, WriteOptions};
use super::provenance::{Earlier, NOTE, Note, Provenance};
use crate::document::unfinished_file;
use crate::source::store::{Location, is_refusal, wait_for};

/// Rows on their way into a file.
pub(super) struct FileSink {
    to: String,
    place: Place,
    schema: SchemaRef,
    options: WriteOptions,
    /// What the file that is there says of its rows; `None` if there is none.
    there: Option<There>,
    encoder: Option<Encoder<Output>>,
    /// The file under another name.
    unfinished: Option<(TempPath, Uncommitted)>,
}

/// Where a file is.
enum Place {
    Local(PathBuf),
    Remote { store: Arc<dyn ObjectStore>, key: Key },
}

/// A file that is there.
struct There {
    note: Option<Note>,
}

/// A file of which only the footer is missing.
pub(super) struct FileWritten {
    sink: FileSink,
    encoder: Encoder<Output>,
}

/// The bytes at the end of a file that are looked at for its footer first.
const END: u64 = 64 << 10;

impl FileSink {
    pub(super) fn open(
        to: &Destination,
        schema: SchemaRef,
        options: &WriteOptions,
    ) -> Result<Self, SinkError> {
        let shown = to.shown();
        let unsupported = |reason: String| SinkError::Unsupported { to: shown.clone(), reason };
        if !options.partition_by.is_empty() {
            return Err(unsupported("one file has no partitions".to_owned()));
        }
        let location = Location::of(&to.uri, &to.storage)
            .map_err(|source| SinkError::Open { to: shown.clone(), source })?;
        let place = match &location {
            Location::Local(path) => Place::Local(path.clone()),
            Location::Remote(remote) => {
                let (store, key) = remote.to_write(options.mode == Mode::Append).map_err(unsupported)?;
                Place::Remote { store, key }
            }
        };
        let there = place.there().map_err(|error| unwritten(&shown, error))?;
        let mut sink = Self {
            to: shown,
            place,
            schema,
            options: options.clone(),
            there,
            encoder: None,
            unfinished: None,
        };
        if sink.may_write().is_ok() {
            sink.begin()?;
        }
        Ok(sink)
    }

    /// Returns the run that has written the file, if it was of the same part and input.
    pub(super) fn already(&self, provenance: &Provenance) -> Result<Option<Earlier>, SinkError> {
        let note = self.there.as_ref().and_then(|there| there.note.clone());
        match note.filter(|note| note.is_of(provenance)) {
            Some(note) => Ok(Some(note.earlier(None))),
            None => self.may_write().map(|()| None),
        }
    }

    pub(super) fn last_input_version(&self, provenance: &Provenance) -> Option<u64> {
        let note = self.there.as_ref()?.note.as_ref()?;
        let is_of = note.part == provenance.part
            && note.suite == provenance.suite
            && note.input == provenance.input_uri
            && note.in_place == provenance.in_place;
        note.input_version.filter(|_| is_of)
    }

    fn may_write(&self) -> Result<(), SinkError> {
        match self.there {
            Some(_) if self.options.mode == Mode::Append => Err(SinkError::Exists { to: self.to.clone() }),
            _ => Ok(()),
        }
    }

    fn begin(&mut self) -> Result<(), SinkError> {
        let to = self.to.clone();
        let output = match &self.place {
            Place::Local(path) => {
                let begun =
                    std::fs::create_dir_all(folder_of(path)).and_then(|()| unfinished_file(folder_of(path)));
                let (file, path) =
                    begun.map_err(|error| unwritten(&to, OutputError::Io(error)))?.into_parts();
                let uncommitted = Uncommitted::file(path.to_path_buf());
                self.unfinished = Some((path, uncommitted));
                Output::local(file)
            }
            Place::Remote { store, key } => Output::Remote(Upload::begin(store.clone(), key.clone())),
        };
        let encoder = Encoder::begin(output, self.schema.clone(), true, self.options.threads)
            .map_err(|error| unwritten(&to, error.into()))?;
        self.encoder = Some(encoder);
        Ok(())
    }

    pub(super) fn write(&mut self, rows: &RecordBatch) -> Result<(), SinkError> {
        self.may_write()?;
        let comes = rows.schema();
        for (own, other) in self.schema.fields().iter().zip(comes.fields()) {
            if own.data_type() != other.data_type() || own.name() != other.name() {
                let reason = format!("it was {} and is {}", own.data_type(), other.data_type());
                return Err(SinkError::Column { to: self.to.clone(), column: other.name().clone(), reason });
            }
        }
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        encoder.write(rows).map_err(|error| unwritten(&self.to, error.into()))
    }

    pub(super) fn finish(mut self) -> Result<FileWritten, SinkError> {
        self.may_write()?;
        let Some(mut encoder) = self.encoder.take() else {
            return Err(SinkError::Exists { to: self.to.clone() });
        };
        encoder.flush().map_err(|error| unwritten(&self.to, error.into()))?;
        Ok(FileWritten { sink: self, encoder })
    }
}

impl FileWritten {
    pub(super) fn rows(&self) -> u64 {
        self.encoder.rows()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.encoder.bytes() as u64
    }

    /// Writes the footer, and makes the file visible.
    pub(super) fn commit(self, provenance: &Provenance) -> Result<Committed, SinkError> {
        let Self { sink, encoder } = self;
        let to = sink.to.clone();
        let failed = |error: OutputError| unwritten(&to, error);
        let note = provenance.note(encoder.rows(), &Uuid::new_v4().to_string());
        let text = serde_json::to_string(&note)
            .map_err(|error| SinkError::Encode { to: to.clone(), reason: error.to_string() })?;
        let words = vec![KeyValue::new(NOTE.to_owned(), text)];
        let done = encoder.finish(words).map_err(|error| failed(error.into()))?;
        let anew = sink.options.mode == Mode::Append;
        // Not all stores can be told to look themselves.
        if anew && sink.place.there().map_err(failed)?.is_some() {
            return Err(SinkError::Exists { to });
        }
        let completed = done.output.complete(anew);
        match &sink.place {
            Place::Local(path) => {
                completed.map_err(failed)?;
                if let Some((unfinished, uncommitted)) = sink.unfinished {
                    uncommitted.hold();
                    persist(unfinished, path, anew, &to)?;
                    uncommitted.keep();
                }
            }
            Place::Remote { .. } => {
                if let Err(error) = completed {
                    sink.is_there_all_the_same(error, &note)?;
                }
            }
        }
        Ok(Committed { version: None, rows: done.rows, files: 1, bytes: done.bytes })
    }
}

impl FileSink {
    /// Finds out, after an error of the store, whether the file is there all the same.
    fn is_there_all_the_same(&self, error: OutputError, note: &Note) -> Result<(), SinkError> {
        let to = self.to.clone();
        let is_known = !matches!(&error, OutputError::Store(error) if !is_refusal(error));
        let is_taken = matches!(
            error,
            OutputError::Store(StoreError::AlreadyExists { .. } | StoreError::Precondition { .. })
        );
        match self.place.there() {
            Ok(Some(there)) if there.note.as_ref() == Some(note) => Ok(()),
            Ok(Some(_)) if is_taken => Err(SinkError::Exists { to }),
            _ => Err(match (unwritten(&to, error), is_known) {
                // The file may still come.
                (SinkError::Store { to, reason }, false) => SinkError::Unknown { to, reason },
                (error, _) => error,
            }),
        }
    }
}

impl Place {
    /// Looks at the file that is there.
    fn there(&self) -> Result<Option<There>, OutputError> {
        match self {
            Self::Local(path) => {
                match std::fs::metadata(path) {
                    Ok(found) if found.is_file() => {}
                    Ok(_) => return Err(io::Error::other("something is there that is no file").into()),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(error) => return Err(error.into()),
                }
                let file = File::open(path)?;
                let footer = ParquetMetaDataReader::new().parse_and_finish(&file).ok();
                let words = footer.as_ref().and_then(|footer| footer.file_metadata().key_value_metadata());
                Ok(Some(There { note: words.and_then(|words| note(words)) }))
            }
            Self::Remote { store, key } => {
                let (store, key) = (store.clone(), key.clone());
                let read = wait_for(async move { end_of(store.as_ref(), &key).await });
                let read = read.map_err(OutputError::Encode)?;
                Ok(read?.map(|note| There { note }))
            }
        }
    }
}

/// Reads what the footer of an object says of its rows; `None` if there is no object.
async fn end_of(store: &dyn ObjectStore, key: &Key) -> Result<Option<Option<Note>>, StoreError> {
    let size = match store.head(key).await {
        Ok(object) => object.size,
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut from = size.saturating_sub(END);
    loop {
        let end: Bytes = store.get_range(key, from..size).await?;
        let mut reader = ParquetMetaDataReader::new();
        match reader.try_parse_sized(&end, size) {
            Ok(()) => {
                let footer = reader.finish().ok();
                let words = footer.as_ref().and_then(|footer| footer.file_metadata().key_value_metadata());
                return Ok(Some(words.and_then(|words| note(words))));
            }
            Err(parquet::errors::ParquetError::NeedMoreData(needed)) if (needed as u64) > size - from => {
                let needed = needed as u64;
                if needed > size {
                    return Ok(Some(None));
                }
                from = size - needed;
            }
            Err(_) => return Ok(Some(None)),
        }
    }
}

fn note(words: &[KeyValue]) -> Option<Note> {
    let word = words.iter().find(|word| word.key == NOTE)?;
    serde_json::from_str(word.value.as_deref()?).ok()
}

/// Gives a file its name.
fn persist(unfinished: TempPath, path: &Path, anew: bool, to: &str) -> Result<(), SinkError> {
    let done = if anew { unfinished.persist_noclobber(path) } else { unfinished.persist(path) };
    done.map_err(|error| match error.error {
        error if error.kind() == io::ErrorKind::AlreadyExists => SinkError::Exists { to: to.to_owned() },
        source => SinkError::Io { to: to.to_owned(), source },
    })?;
    // That the name stays is known once the folder is on the disk, which not all file systems can say.
    let _ = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
