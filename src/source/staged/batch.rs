//! The files of a batch, known by their bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

use crate::data::{FileFormat, hex, redacted};
use crate::source::SourceError;
use crate::source::find::{
    FolderValue, FoundFiles, NO_DATA, NO_MATCH, common_format, find, folder_values, name_below, not_a_table,
};
use crate::source::local_file::LocalFile;
use crate::source::regular::metadata_of_file;
use crate::source::store::{
    Content, InitialFetch, LocalFiles, Location, Origin, Remote, Spool, StorageOptions, Traffic,
};

/// The staged files, whole on this machine.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The URI, without credentials.
    pub(crate) uri: String,
    /// The files, in the order of their names.
    pub(crate) files: Vec<StagedFile>,
    /// The place from which they come.
    pub(crate) place: Location,
    /// Owns the copies of files of an object store.
    spool: Option<Arc<Spool>>,
}

/// A staged file.
#[derive(Debug)]
pub(crate) struct StagedFile {
    /// The path below the place of the batch.
    pub(crate) name: String,
    /// The file, or its whole copy.
    pub(crate) local: LocalFile,
    /// The size in bytes.
    pub(crate) bytes: u64,
    /// The SHA-256 of all its bytes.
    pub(crate) digest: String,
    /// What the folders state in which it lies.
    pub(crate) folders: Vec<FolderValue>,
    modified: Option<SystemTime>,
}

impl Batch {
    /// Opens the files at a URI, and reads them once.
    pub(super) fn open(uri: &str, options: &StorageOptions) -> Result<Self, SourceError> {
        let place = Location::of(uri, options)?;
        let shown = redacted(uri);
        let Found { root, names, placed } = match &place {
            Location::Local(path) => local(&shown, path)?,
            Location::Remote(remote) => fetched(&shown, remote)?,
        };
        let format = common_format(&shown, names.iter().map(Path::new), None)?;
        if format != FileFormat::Parquet {
            let reason = format!("staged files are Parquet, and these are {}", format.name());
            return Err(SourceError::Unsupported { uri: shown, reason });
        }
        let LocalFiles { files, spool } = placed;
        let opened = files.into_iter().zip(names);
        let files = opened.map(|(local, name)| StagedFile::open(local, name, &root));
        Ok(Self { files: files.collect::<Result<_, _>>()?, uri: shown, place, spool })
    }

    /// Returns the count of requests to the object store of the files; `None` if they are local.
    pub(crate) fn traffic(&self) -> Option<&Arc<Traffic>> {
        match &self.place {
            Location::Local(_) => None,
            Location::Remote(remote) => Some(&remote.traffic),
        }
    }

    /// Returns the object that a file is a copy of; `None` for a local file.
    pub(crate) fn origin(&self, file: &StagedFile) -> Option<Origin> {
        self.spool.as_ref()?.origin(&file.local.path)
    }
}

impl StagedFile {
    fn open(local: LocalFile, name: String, root: &str) -> Result<Self, SourceError> {
        // The copy is whole: it is a file as any, and nobody may complete it or change its footer.
        let local = LocalFile { fetched: false, ..local };
        let io = |source| SourceError::Io { path: local.shown.clone(), source };
        let metadata = metadata_of_file(&local.path)?;
        let digest = File::open(&local.path).and_then(|mut file| digest_of(&mut file)).map_err(io)?;
        let file = Self {
            folders: folder_values(&format!("{root}/{name}")),
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            digest,
            name,
            local,
        };
        file.unchanged()?;
        Ok(file)
    }

    /// Fails if the file was removed or rewritten since its bytes were read.
    pub(crate) fn unchanged(&self) -> Result<(), SourceError> {
        let now = std::fs::metadata(&self.local.path);
        let is_same = now.is_ok_and(|now| now.len() == self.bytes && now.modified().ok() == self.modified);
        if is_same { Ok(()) } else { Err(self.changed()) }
    }

    /// Returns the error of a file that was rewritten.
    pub(crate) fn changed(&self) -> SourceError {
        SourceError::Changed { path: self.local.shown.clone(), how: "rewritten" }
    }
}

/// Files that were found, and are here.
struct Found {
    /// The path to which the names are relative, with `/` between its parts.
    root: String,
    names: Vec<String>,
    placed: LocalFiles,
}

fn local(uri: &str, path: &Path) -> Result<Found, SourceError> {
    let FoundFiles { root, mut paths } = find(uri, path, None)?;
    paths.sort();
    let names = paths.iter().map(|path| name_below(&root, path)).collect();
    let files = paths.into_iter().map(LocalFile::at).collect();
    let root = name_below(Path::new(""), &root);
    Ok(Found { root, names, placed: LocalFiles { files, spool: None } })
}

fn fetched(uri: &str, remote: &Remote) -> Result<Found, SourceError> {
    let folder = |uri: &str| uri.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let (mut found, nothing, root) = match remote.content_by_name()? {
        Some(Content::Object { bytes }) => {
            let name = uri.rsplit('/').next().unwrap_or(uri).to_owned();
            let placed = remote.fetch(InitialFetch::Whole, bytes)?;
            return Ok(Found { root: folder(uri), names: vec![name], placed });
        }
        Some(Content::Folder) => (remote.folder(None)?, NO_DATA, uri.to_owned()),
        Some(Content::Table) => {
            let reason = "it is a Delta table, and staged files are no part of a table so far".to_owned();
            return Err(SourceError::Unsupported { uri: uri.to_owned(), reason });
        }
        None => {
            let fixed = uri.split(['*', '?', '[']).next().unwrap_or_default();
            (remote.globbed(None)?, NO_MATCH, folder(fixed))
        }
    };
    if found.is_empty() {
        return Err(not_a_table(uri, nothing));
    }
    found.sort_by(|(one, _), (other, _)| one.split('/').cmp(other.split('/')));
    let (names, objects): (Vec<String>, Vec<_>) = found.into_iter().unzip();
    Ok(Found { root, names, placed: remote.fetch_all(&objects, InitialFetch::Whole)? })
}

/// Returns the SHA-256 of all that can be read.
fn digest_of(bytes: &mut impl Read) -> std::io::Result<String> {
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match bytes.read(&mut buffer)? {
            0 => return Ok(hex(digest)),
            read => digest.update(&buffer[..read]),
        }
    }
}
