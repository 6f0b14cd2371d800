//! Lists the objects below a location of a store, by the rules for local folders and glob patterns.

use std::path::Path;

use glob::{MatchOptions, Pattern};
use object_store::path::Path as Key;
use object_store::{Error as StoreError, ObjectMeta, ObjectStoreExt as _};

use super::address::Cloud;
use super::errors::store_error;
use super::listed_keys::unmarked;
use super::location::{LocalFiles, Location, Remote, fetch_objects};
use super::options::StorageOptions;
use super::runtime::wait_for;
use super::spool::InitialFetch;
use crate::data::FileFormat;
use crate::source::SourceError;
use crate::source::find::{DATA, METADATA, TableFormat, format_of, is_hidden_name, is_meant};

/// The kind of data at a location of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A Delta table.
    Table,
    /// An object of `bytes` bytes.
    Object { bytes: u64 },
    /// A folder with objects below it.
    Folder,
}

const LOG: &str = "_delta_log";

/// The names of all files below a folder of the file system or of an object store, by the folder, in order. Folders whose
/// names begin with a dot, and links to folders, are not entered.
///
/// # Errors
/// There is no such folder, or it cannot be read.
pub fn files_below(uri: &str, options: &StorageOptions) -> Result<Vec<String>, SourceError> {
    let mut names = match Location::of(uri, options)? {
        Location::Remote(remote) => remote.names()?,
        Location::Local(folder) => files_in(&folder)?,
    };
    names.sort();
    Ok(names)
}

/// The same of a folder of this file system, in any order.
pub(super) fn files_in(folder: &Path) -> Result<Vec<String>, SourceError> {
    let mut names = Vec::new();
    let failed = |source| SourceError::Io { path: folder.display().to_string(), source };
    walk(folder, "", &mut names).map_err(failed)?;
    Ok(names)
}

/// Adds the names of the files of a folder, and of those below it.
fn walk(folder: &Path, above: &str, names: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') {
            walk(&entry.path(), &format!("{above}{name}/"), names)?;
        } else if !kind.is_dir() {
            names.push(format!("{above}{name}"));
        }
    }
    Ok(())
}

impl Remote {
    /// Returns the kind of data at this location, without a complete listing.
    fn content(&self) -> Result<Content, SourceError> {
        let may_be_object = !self.address.key.is_empty() && !self.address.key.ends_with('/');
        let first = may_be_object && format_of(Path::new(self.key.as_ref())).is_some();
        if let Some(bytes) = if first { self.object_here()? } else { None } {
            return Ok(Content::Object { bytes });
        }
        if !self.list(self.key.clone().join(LOG), true)?.is_empty() {
            return Ok(Content::Table);
        }
        if !may_be_object {
            self.must_list()?;
        }
        if !self.list(self.key.clone(), true)?.is_empty() {
            return Ok(Content::Folder);
        }
        if let Some(bytes) = if may_be_object && !first { self.object_here()? } else { None } {
            return Ok(Content::Object { bytes });
        }
        Err(SourceError::Missing { uri: self.address.shown(), near: None })
    }

    /// Returns the kind of data at this location. For a pattern, returns `None` if no key is literally the
    /// pattern.
    pub(crate) fn content_by_name(&self) -> Result<Option<Content>, SourceError> {
        if !self.is_pattern() {
            return self.content().map(Some);
        }
        self.must_list()?;
        match self.content() {
            Err(SourceError::Missing { .. }) => Ok(None),
            content => content.map(Some),
        }
    }

    /// Returns the data files of a folder, with their names relative to the folder.
    pub(crate) fn folder(&self, given: Option<FileFormat>) -> Result<Vec<(String, ObjectMeta)>, SourceError> {
        let listed = self.list(self.key.clone(), false)?;
        if let Some((kind, root)) = foreign_roots(&self.key, &listed).into_iter().next() {
            return Err(self.foreign(kind, &root));
        }
        self.refuse_foreign_around(&self.key)?;
        let named =
            listed.into_iter().filter_map(|object| Some((name_below(&self.key, &key_of(&object))?, object)));
        let data = named.filter(|(name, object)| object.size > 0 && is_data(name, given));
        data.map(|(name, object)| self.can_be_asked_for(&object).map(|()| (name, object))).collect()
    }

    /// The names of all objects below this place.
    pub(super) fn names(&self) -> Result<Vec<String>, SourceError> {
        self.must_list()?;
        let listed = self.list(self.key.clone(), false)?;
        Ok(listed.into_iter().filter_map(|object| name_below(&self.key, &key_of(&object))).collect())
    }

    /// Returns the data files that match a pattern, with their names relative to the fixed part of the
    /// pattern.
    pub(crate) fn globbed(
        &self,
        given: Option<FileFormat>,
    ) -> Result<Vec<(String, ObjectMeta)>, SourceError> {
        self.must_list()?;
        let no_pattern = |reason: String| SourceError::NotATable { uri: self.address.shown(), reason };
        let pattern = Pattern::new(self.address.key.trim_end_matches('/'))
            .map_err(|error| no_pattern(error.to_string()))?;
        let parts = self.address.key.split('/').take_while(|part| !part.contains(['*', '?', '[']));
        let fixed =
            Key::parse(parts.collect::<Vec<_>>().join("/")).map_err(|error| no_pattern(error.to_string()))?;
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let matches = |key: &str| pattern.matches_with(key, options);
        let mut found = Vec::new();
        let listed = self.list(fixed.clone(), false)?;
        self.refuse_foreign_around(&fixed)?;
        let roots = foreign_roots(&fixed, &listed);
        for object in listed {
            let key = key_of(&object);
            // A folder that matches the pattern stands for its data files.
            let mut folders = key.match_indices('/').map(|(end, _)| end);
            let wanted =
                matches(&key) || folders.any(|end| matches(&key[..end]) && is_data(&key[end + 1..], given));
            if let (true, Some(name)) = (wanted && object.size > 0, name_below(&fixed, &key)) {
                if let Some((kind, root)) = roots.iter().find(|(kind, root)| kind.holds(root, &key)) {
                    return Err(self.foreign(*kind, root));
                }
                self.can_be_asked_for(&object)?;
                found.push((name, object));
            }
        }
        Ok(found)
    }

    /// Returns whether the key of this location is a glob pattern.
    fn is_pattern(&self) -> bool {
        self.address.key.contains(['*', '?', '['])
    }

    /// Refuses an object with a key that the client of the stores cannot request.
    fn can_be_asked_for(&self, object: &ObjectMeta) -> Result<(), SourceError> {
        match unmarked(object.location.as_ref()) {
            None => Ok(()),
            Some(key) => Err(SourceError::Unsupported {
                uri: self.address.at(&key),
                reason: "a part of its key is empty, \".\" or \"..\", and no such key is read".to_owned(),
            }),
        }
    }

    /// Fetches the object at exactly this location, whose size is `bytes`.
    pub(crate) fn fetch(&self, first: InitialFetch, bytes: u64) -> Result<LocalFiles, SourceError> {
        fetch_objects(vec![None], vec![(self.object(self.key.as_ref())?, Some(bytes))], first)
    }

    /// Fetches objects of a listing.
    pub(crate) fn fetch_all(
        &self,
        objects: &[ObjectMeta],
        first: InitialFetch,
    ) -> Result<LocalFiles, SourceError> {
        let objects =
            objects.iter().map(|object| Ok((self.object(object.location.as_ref())?, Some(object.size))));
        let objects: Vec<_> = objects.collect::<Result<_, SourceError>>()?;
        fetch_objects(vec![None; objects.len()], objects, first)
    }

    /// Refuses a folder that lies inside a table of another format, by the metadata next to the folder and
    /// its parents.
    fn refuse_foreign_around(&self, folder: &Key) -> Result<(), SourceError> {
        let parts: Vec<&str> = folder.as_ref().split('/').collect();
        // A user who may list this folder need not be allowed to list its parents: errors are ignored.
        let list = |below: String, only_first| {
            let below = Key::parse(below).ok()?;
            self.list(below, only_first).ok()
        };
        for end in 1..=parts.len() {
            let around = parts[..end].join("/");
            for (name, kind) in TableFormat::FOLDERS {
                if list(format!("{around}/{name}"), true).is_some_and(|found| !found.is_empty()) {
                    return Err(self.foreign(kind, &around));
                }
            }
            if parts.get(end).is_none_or(|below| *below == DATA) {
                let metadata = list(format!("{around}/{METADATA}"), false).unwrap_or_default();
                if metadata.iter().any(|object| TableFormat::is_iceberg_metadata(object.location.as_ref())) {
                    return Err(self.foreign(TableFormat::Iceberg, &around));
                }
            }
        }
        Ok(())
    }

    fn foreign(&self, kind: TableFormat, root: &str) -> SourceError {
        kind.refusal(&self.address.shown(), &self.address.at(root))
    }

    fn must_list(&self) -> Result<(), SourceError> {
        if self.address.cloud == Cloud::Web {
            let reason =
                "a web server does not list its files: a Delta table, or one Parquet file, can be read of it";
            return Err(SourceError::Unsupported { uri: self.address.shown(), reason: reason.to_owned() });
        }
        Ok(())
    }

    /// Returns the size in bytes of the object at exactly this location, if there is one.
    fn object_here(&self) -> Result<Option<u64>, SourceError> {
        let (store, key) = (self.store.clone(), self.key.clone());
        match self.wait(async move { store.head(&key).await })? {
            Ok(object) => Ok(Some(object.size)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(store_error(&self.address.shown(), &error)),
        }
    }

    fn list(&self, below: Key, only_first: bool) -> Result<Vec<ObjectMeta>, SourceError> {
        let kept = self.kept.clone();
        let listed = self.wait(async move { kept.listing(&below, only_first).await })?;
        listed.map_err(|error| store_error(&self.address.shown(), &error))
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, SourceError> {
        wait_for(work).map_err(|reason| SourceError::Store { uri: self.address.shown(), reason })
    }
}

/// Returns the tables of other formats in a folder, including the folder itself, given its complete listing.
fn foreign_roots(folder: &Key, listed: &[ObjectMeta]) -> Vec<(TableFormat, String)> {
    let mut roots = Vec::new();
    for object in listed {
        let Some(name) = name_below(folder, object.location.as_ref()) else { continue };
        let Some((folders, file)) = name.rsplit_once('/') else { continue };
        let mut root = folder.as_ref().to_owned();
        for part in folders.split('/') {
            let named =
                TableFormat::FOLDERS.into_iter().find(|(name, _)| part == *name).map(|(_, kind)| kind);
            let iceberg = part == METADATA && TableFormat::is_iceberg_metadata(file);
            if let Some(kind) = named.or_else(|| iceberg.then_some(TableFormat::Iceberg)) {
                roots.push((kind, root));
                break;
            }
            root = if root.is_empty() { part.to_owned() } else { format!("{root}/{part}") };
        }
    }
    roots
}

/// Returns the key of an object as the store has it, without the mark of `listed_keys`.
fn key_of(object: &ObjectMeta) -> String {
    unmarked(object.location.as_ref()).unwrap_or_else(|| object.location.to_string())
}

fn name_below(folder: &Key, key: &str) -> Option<String> {
    let folder = folder.as_ref();
    let name = if folder.is_empty() { key } else { key.strip_prefix(folder)?.strip_prefix('/')? };
    Some(name.to_owned())
}

/// Returns whether a file of a folder is data. As in a local folder, a leading `_` or `.` hides a file, and
/// all files below a folder; but the name of a partition column may start with an underscore.
fn is_data(name: &str, given: Option<FileFormat>) -> bool {
    // A name such as `.parquet` is hidden and has no extension.
    is_meant(Path::new(name), given) && !name.split('/').any(is_hidden_name)
}
