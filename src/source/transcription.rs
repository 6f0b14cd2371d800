//! Files of another format → a snapshot of the temporary Parquet files that they are written as.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::local_file::LocalFile;
use super::scratch::{Folder, unwritten};
use super::store::Placed;
use super::{Format, Identity, Rows, Snapshot, SourceError, Transcript, parquet_files};
use crate::data::hex;

/// What was written so far.
pub(super) struct Transcription {
    folder: Folder,
    written: Placed,
    /// The digest of all files.
    digest: Sha256,
    /// Their sizes.
    bytes: u64,
}

impl Transcription {
    /// For data of so many bytes.
    pub(super) fn new(uri: &str, bytes: u64) -> Result<Self, SourceError> {
        let folder = Folder::new().map_err(|source| unwritten(uri, bytes, source))?;
        Ok(Self { folder, written: Placed::default(), digest: Sha256::new(), bytes: 0 })
    }

    /// Where the next file is to be written.
    pub(super) fn target(&self) -> PathBuf {
        self.folder.path().join(format!("{}.parquet", self.written.files.len()))
    }

    /// Takes in the file that was written there, from one of so many bytes with a digest.
    pub(super) fn add(&mut self, file: &LocalFile, name: &str, bytes: u64, digest: Sha256) {
        self.written.files.push(LocalFile { shown: file.shown.clone(), ..LocalFile::at(self.target()) });
        self.digest.update(format!("{name}\0{bytes}\0"));
        self.digest.update(digest.finalize());
        self.bytes += bytes;
    }

    /// The snapshot of all, which is of the files that they were written from.
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
