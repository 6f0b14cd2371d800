//! Writes files of another format as temporary Parquet files, and opens these as a snapshot.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::parquet_files;
use crate::data::hex;
use crate::engine::polars::{Rows, Snapshot};
use crate::source::files::Transcript;
use crate::source::local_file::LocalFile;
use crate::source::scratch::{Folder, unwritten};
use crate::source::store::LocalFiles;
use crate::source::{Format, Identity, SourceError};

/// The Parquet files that were written so far.
pub(super) struct Transcription {
    folder: Folder,
    written: LocalFiles,
    /// The digest of all original files.
    digest: Sha256,
    /// The size of all original files in bytes.
    bytes: u64,
}

impl Transcription {
    /// Creates an empty temporary folder, for data of `bytes` bytes.
    pub(super) fn new(uri: &str, bytes: u64) -> Result<Self, SourceError> {
        let folder = Folder::new().map_err(|source| unwritten(uri, bytes, source))?;
        Ok(Self { folder, written: LocalFiles::default(), digest: Sha256::new(), bytes: 0 })
    }

    /// Returns the path at which the next file must be written.
    pub(super) fn target(&self) -> PathBuf {
        self.folder.path().join(format!("{}.parquet", self.written.files.len()))
    }

    /// Adds the file at [`target`](Self::target), written from `file`, which has `bytes` bytes and this
    /// digest.
    pub(super) fn add(&mut self, file: &LocalFile, name: &str, bytes: u64, digest: Sha256) {
        self.written.files.push(LocalFile { shown: file.shown.clone(), ..LocalFile::at(self.target()) });
        self.digest.update(format!("{name}\0{bytes}\0"));
        self.digest.update(digest.finalize());
        self.bytes += bytes;
    }

    /// Opens the written files as a snapshot with the identity of the original files.
    pub(super) fn snapshot(
        self,
        uri: &str,
        names: Vec<String>,
        format: Format,
        transcript: impl FnOnce(Folder) -> Transcript,
    ) -> Result<Snapshot, SourceError> {
        let mut snapshot = parquet_files::open(uri, names, self.written)?;
        if let Rows::Files(set) = &mut snapshot.rows {
            snapshot.identity = Identity::of_files(uri, format, &set.files, hex(self.digest));
            snapshot.identity.bytes = Some(self.bytes);
            set.files.written_from(transcript(self.folder));
        }
        Ok(snapshot)
    }
}
