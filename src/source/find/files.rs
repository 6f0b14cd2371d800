//! Lists the data files of a path, folder or pattern, and determines their format.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::foreign::{refuse_around, refuse_within};
use crate::data::FileFormat;
use crate::document::nearest;
use crate::source::SourceError;
use crate::source::regular::metadata_of_file;

pub(crate) const NO_DATA: &str =
    "the folder has neither a _delta_log nor a .parquet file, nor one of text or Arrow that is called so";
pub(crate) const NO_MATCH: &str = "the pattern matches no file";

/// Files, and the folder to which their names are relative.
pub(crate) struct FoundFiles {
    pub(crate) root: PathBuf,
    pub(crate) paths: Vec<PathBuf>,
}

/// Returns the files of a path, a folder or a pattern. `given` is the format of files whose names do not show
/// one, and selects files of this format in a folder with several.
pub(crate) fn find(uri: &str, path: &Path, given: Option<FileFormat>) -> Result<FoundFiles, SourceError> {
    if path.is_file() {
        let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
        return Ok(FoundFiles { root, paths: vec![path.to_path_buf()] });
    }
    if path.is_dir() {
        refuse_around(uri, path)?;
        let mut paths = Vec::new();
        walk(uri, path, given, &mut paths)?;
        if paths.is_empty() {
            return Err(not_a_table(uri, NO_DATA));
        }
        return Ok(FoundFiles { root: path.to_path_buf(), paths });
    }
    if path.exists() {
        // A pipe, socket or device is refused.
        metadata_of_file(path)?;
    }
    if uri.contains(['*', '?', '[']) {
        return globbed(uri, path, given);
    }
    Err(SourceError::Missing { uri: uri.to_owned(), near: beside(uri, path) })
}

/// Returns the path of a file below a folder, with `/` between its parts.
pub(crate) fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Returns the URI of a sibling of a path with a similar name.
fn beside(uri: &str, path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    // A shared extension says nothing about how similar two names are.
    let (stem, extension) = split(name);
    names.retain(|other| other != name && split(other).1 == extension);
    let near = nearest(stem, names.iter().map(|other| split(other).0))?;
    let near = names.iter().find(|other| split(other).0 == near)?;
    uri.strip_suffix(name).map(|above| format!("{above}{near}"))
}

/// Splits a name at its first dot.
fn split(name: &str) -> (&str, &str) {
    name.split_at(name.find('.').unwrap_or(name.len()))
}

/// Returns the format that the extension of a file names.
pub(crate) fn format_of(path: &Path) -> Option<FileFormat> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let (text, packed) = match name.strip_suffix(".gz") {
        Some(text) => (text, true),
        None => (name.as_str(), false),
    };
    match text.rsplit_once('.')?.1 {
        "csv" | "tsv" => Some(FileFormat::Csv),
        "json" | "ndjson" | "jsonl" => Some(FileFormat::Ndjson),
        "parquet" if !packed => Some(FileFormat::Parquet),
        "arrow" | "feather" | "ipc" | "arrows" if !packed => Some(FileFormat::Arrow),
        _ => None,
    }
}

/// Returns whether a file's name says that it is data.
pub(crate) fn is_data_file(path: &Path) -> bool {
    format_of(path).is_some()
}

/// Returns the common format of all files, or an error if there are several.
pub(crate) fn common_format<'a>(
    uri: &str,
    paths: impl IntoIterator<Item = &'a Path>,
    given: Option<FileFormat>,
) -> Result<FileFormat, SourceError> {
    let kind = |path: &Path| given.or_else(|| format_of(path)).unwrap_or(FileFormat::Parquet);
    let kinds: BTreeSet<FileFormat> = paths.into_iter().map(kind).collect();
    if kinds.len() > 1 {
        let names: Vec<&str> = kinds.iter().map(|format| format.name()).collect();
        let reason = format!(
            "it holds files of several kinds ({}): say which in the suite's format, or name them by a pattern",
            names.join(", ")
        );
        return Err(not_a_table(uri, &reason));
    }
    Ok(kinds.first().copied().unwrap_or(FileFormat::Parquet))
}

pub(crate) fn not_a_table(uri: &str, reason: &str) -> SourceError {
    SourceError::NotATable { uri: uri.to_owned(), reason: reason.to_owned() }
}

/// Returns whether a file of a folder is data. With a given format, files without a known extension have this
/// format, and files of another format are left out.
pub(crate) fn is_meant(path: &Path, given: Option<FileFormat>) -> bool {
    match given {
        None => format_of(path).is_some(),
        Some(given) => format_of(path).is_none_or(|format| format == given),
    }
}

/// Collects every data file below a folder, except those that a leading `_` or `.` hides.
fn walk(
    uri: &str,
    folder: &Path,
    given: Option<FileFormat>,
    files: &mut Vec<PathBuf>,
) -> Result<(), SourceError> {
    let io = |source| SourceError::Io { path: folder.display().to_string(), source };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if is_hidden(&path) {
            continue;
        }
        if path.is_dir() {
            refuse_within(uri, &path)?;
            walk(uri, &path, given, files)?;
        } else if is_meant(&path, given) {
            metadata_of_file(&path)?;
            files.push(path);
        }
    }
    Ok(())
}

/// Returns whether a leading `_` or `.` hides a file or a folder; a partition column such as `_year=2026` is
/// not hidden.
pub(crate) fn is_hidden_name(name: &str) -> bool {
    name.starts_with('.') || (name.starts_with('_') && !name.contains('='))
}

fn is_hidden(path: &Path) -> bool {
    is_hidden_name(&path.file_name().unwrap_or_default().to_string_lossy())
}

fn globbed(uri: &str, pattern: &Path, given: Option<FileFormat>) -> Result<FoundFiles, SourceError> {
    let matches =
        glob::glob(&pattern.to_string_lossy()).map_err(|error| not_a_table(uri, &error.to_string()))?;
    let mut files = Vec::new();
    for entry in matches {
        let path = entry.map_err(|error| SourceError::Io {
            path: error.path().display().to_string(),
            source: error.into(),
        })?;
        // A pattern whose last part begins with `_` or `.` asks for hidden files.
        if is_hidden(&path) && !is_hidden(pattern) {
            continue;
        }
        if path.is_dir() {
            refuse_within(uri, &path)?;
            walk(uri, &path, given, &mut files)?;
        } else {
            metadata_of_file(&path)?;
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(not_a_table(uri, NO_MATCH));
    }
    // Partition names are relative to the folder before the first wildcard.
    let fixed: PathBuf =
        pattern.iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '['])).collect();
    let folder = if fixed.as_os_str().is_empty() { Path::new(".") } else { &fixed };
    refuse_around(uri, folder)?;
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    folders.into_iter().try_for_each(|folder| refuse_around(uri, folder))?;
    Ok(FoundFiles { root: fixed, paths: files })
}
