//! What lies below a place of a store: the rules of folders and globs, for keys.

use std::path::Path;

use glob::{MatchOptions, Pattern};
use object_store::path::Path as Key;
use object_store::{Error as StoreError, ObjectMeta, ObjectStoreExt as _};

use super::address::Cloud;
use super::answers::refusal;
use super::listed_keys::unmarked;
use super::location::{Location, Placed, Remote, place};
use super::options::StorageOptions;
use super::runtime::wait_for;
use super::spool::First;
use crate::data::FileFormat;
use crate::source::SourceError;
use crate::source::find::{DATA, Kind, METADATA, format_of, is_meant};

/// What a place of a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A Delta table.
    Table,
    /// An object, of so many bytes.
    Object { bytes: u64 },
    /// Objects below it.
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
        Location::Local(folder) => {
            let mut names = Vec::new();
            let failed = |source| SourceError::Io { path: uri.to_owned(), source };
            walk(&folder, "", &mut names).map_err(failed)?;
            names
        }
    };
    names.sort();
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
    /// What lies here, without a listing of all of it.
    fn holds(&self) -> Result<Holds, SourceError> {
        let may_be_object = !self.address.key.is_empty() && !self.address.key.ends_with('/');
        let first = may_be_object && format_of(Path::new(self.key.as_ref())).is_some();
        if let Some(bytes) = if first { self.object_here()? } else { None } {
            return Ok(Holds::Object { bytes });
        }
        if !self.list(self.key.clone().join(LOG), true)?.is_empty() {
            return Ok(Holds::Table);
        }
        if !may_be_object {
            self.must_list()?;
        }
        if !self.list(self.key.clone(), true)?.is_empty() {
            return Ok(Holds::Folder);
        }
        if let Some(bytes) = if may_be_object && !first { self.object_here()? } else { None } {
            return Ok(Holds::Object { bytes });
        }
        Err(SourceError::Missing { uri: self.address.shown(), near: None })
    }

    /// What lies here; nothing that is called so, if the place is meant as a pattern.
    pub(crate) fn holds_by_name(&self) -> Result<Option<Holds>, SourceError> {
        if !self.is_pattern() {
            return self.holds().map(Some);
        }
        self.must_list()?;
        match self.holds() {
            Err(SourceError::Missing { .. }) => Ok(None),
            holds => holds.map(Some),
        }
    }

    /// The data files of a folder, with their names below it.
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
    fn names(&self) -> Result<Vec<String>, SourceError> {
        self.must_list()?;
        let listed = self.list(self.key.clone(), false)?;
        Ok(listed.into_iter().filter_map(|object| name_below(&self.key, &key_of(&object))).collect())
    }

    /// The files that a pattern finds, with their names below the part of it that is no pattern.
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
            // A folder that the pattern finds stands for its data files.
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

    /// Returns whether the place is meant as a pattern.
    fn is_pattern(&self) -> bool {
        self.address.key.contains(['*', '?', '['])
    }

    /// The client of the stores asks for no such key.
    fn can_be_asked_for(&self, object: &ObjectMeta) -> Result<(), SourceError> {
        match unmarked(object.location.as_ref()) {
            None => Ok(()),
            Some(key) => Err(SourceError::Unsupported {
                uri: self.address.at(&key),
                reason: "a part of its key is empty, \".\" or \"..\", and no such key is read".to_owned(),
            }),
        }
    }

    /// Brings the object here that lies at this very place, of so many bytes.
    pub(crate) fn bring(&self, first: First, bytes: u64) -> Result<Placed, SourceError> {
        place(vec![None], vec![(self.object(self.key.as_ref())?, Some(bytes))], first)
    }

    /// Brings objects of a listing here.
    pub(crate) fn bring_all(&self, objects: &[ObjectMeta], first: First) -> Result<Placed, SourceError> {
        let objects =
            objects.iter().map(|object| Ok((self.object(object.location.as_ref())?, Some(object.size))));
        let objects: Vec<_> = objects.collect::<Result<_, SourceError>>()?;
        place(vec![None; objects.len()], objects, first)
    }

    /// Refuses a folder that lies in a table of another kind, by what lies beside it.
    fn refuse_foreign_around(&self, folder: &Key) -> Result<(), SourceError> {
        let parts: Vec<&str> = folder.as_ref().split('/').collect();
        // Who may see a part of a bucket need not see the rest of it.
        let list = |below: String, only_first| {
            let below = Key::parse(below).ok()?;
            self.list(below, only_first).ok()
        };
        for end in 1..=parts.len() {
            let around = parts[..end].join("/");
            for (name, kind) in Kind::FOLDERS {
                if list(format!("{around}/{name}"), true).is_some_and(|found| !found.is_empty()) {
                    return Err(self.foreign(kind, &around));
                }
            }
            if parts.get(end).is_none_or(|below| *below == DATA) {
                let metadata = list(format!("{around}/{METADATA}"), false).unwrap_or_default();
                if metadata.iter().any(|object| Kind::is_iceberg_metadata(object.location.as_ref())) {
                    return Err(self.foreign(Kind::Iceberg, &around));
                }
            }
        }
        Ok(())
    }

    fn foreign(&self, kind: Kind, root: &str) -> SourceError {
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

    /// The bytes of the object that lies at this very place, if one does.
    fn object_here(&self) -> Result<Option<u64>, SourceError> {
        let (store, key) = (self.store.clone(), self.key.clone());
        match self.wait(async move { store.head(&key).await })? {
            Ok(object) => Ok(Some(object.size)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(refusal(&self.address.shown(), &error)),
        }
    }

    fn list(&self, below: Key, only_first: bool) -> Result<Vec<ObjectMeta>, SourceError> {
        let kept = self.kept.clone();
        let listed = self.wait(async move { kept.listing(&below, only_first).await })?;
        listed.map_err(|error| refusal(&self.address.shown(), &error))
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, SourceError> {
        wait_for(work).map_err(|reason| SourceError::Store { uri: self.address.shown(), reason })
    }
}

/// The tables of another kind that lie in a folder of which all is listed, or that it is.
fn foreign_roots(folder: &Key, listed: &[ObjectMeta]) -> Vec<(Kind, String)> {
    let mut roots = Vec::new();
    for object in listed {
        let Some(name) = name_below(folder, object.location.as_ref()) else { continue };
        let Some((folders, file)) = name.rsplit_once('/') else { continue };
        let mut root = folder.as_ref().to_owned();
        for part in folders.split('/') {
            let named = Kind::FOLDERS.into_iter().find(|(name, _)| part == *name).map(|(_, kind)| kind);
            let iceberg = part == METADATA && Kind::is_iceberg_metadata(file);
            if let Some(kind) = named.or_else(|| iceberg.then_some(Kind::Iceberg)) {
                roots.push((kind, root));
                break;
            }
            root = if root.is_empty() { part.to_owned() } else { format!("{root}/{part}") };
        }
    }
    roots
}

/// The key of an object, as the store has it.
fn key_of(object: &ObjectMeta) -> String {
    unmarked(object.location.as_ref()).unwrap_or_else(|| object.location.to_string())
}

fn name_below(folder: &Key, key: &str) -> Option<String> {
    let folder = folder.as_ref();
    let name = if folder.is_empty() { key } else { key.strip_prefix(folder)?.strip_prefix('/')? };
    Some(name.to_owned())
}

/// Returns whether a file of a folder is data: as in a local folder, a leading `_` or `.` hides it, or the folder
/// it is in; but a partition column may start with an underscore.
fn is_data(name: &str, given: Option<FileFormat>) -> bool {
    let hidden = |part: &str| part.starts_with('.') || (part.starts_with('_') && !part.contains('='));
    // The name of nothing but its extension has none.
    is_meant(Path::new(name), given) && !name.split('/').any(hidden)
}
