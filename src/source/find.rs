//! The files that a place holds, and of which kind they are.

use std::path::{Path, PathBuf};

use super::SourceError;
use crate::data::FileFormat;

/// Files of one kind, and the folder below which they are named.
pub(super) struct Found {
    pub(super) root: PathBuf,
    pub(super) paths: Vec<PathBuf>,
    pub(super) format: FileFormat,
}

/// The files of a file, a folder or a pattern. `given` is their kind where their names do not say it,
/// and which ones are meant where a folder holds several.
pub(super) fn find(uri: &str, path: &Path, given: Option<FileFormat>) -> Result<Found, SourceError> {
    if path.is_file() {
        let root = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let format = given.or_else(|| format_of(path)).unwrap_or(FileFormat::Parquet);
        return Ok(Found { root, paths: vec![path.to_path_buf()], format });
    }
    if path.is_dir() {
        let mut paths = Vec::new();
        walk(path, given, &mut paths)?;
        if paths.is_empty() {
            let reason = "the folder has neither a _delta_log nor a .parquet file, nor another one whose \
                          name says what it is (.csv, .tsv, .ndjson, .jsonl, .json, .arrow, .feather, .ipc, .arrows)";
            return Err(not_a_table(uri, reason.to_owned()));
        }
        return of_one_kind(uri, path.to_path_buf(), paths, given);
    }
    if uri.contains(['*', '?', '[']) {
        return globbed(uri, path, given);
    }
    Err(SourceError::Missing { uri: uri.to_owned() })
}

/// The kind that a file's name says it is.
pub(super) fn format_of(path: &Path) -> Option<FileFormat> {
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

fn of_one_kind(
    uri: &str,
    root: PathBuf,
    paths: Vec<PathBuf>,
    given: Option<FileFormat>,
) -> Result<Found, SourceError> {
    let kind = |path: &PathBuf| given.or_else(|| format_of(path)).unwrap_or(FileFormat::Parquet);
    let mut kinds: Vec<FileFormat> = paths.iter().map(kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.as_slice() {
        [format] => Ok(Found { root, paths, format: *format }),
        several => {
            let names: Vec<&str> = several.iter().map(|format| format.name()).collect();
            let reason = format!(
                "it holds files of several kinds ({}): say which in the suite's format, or name them by a pattern",
                names.join(", ")
            );
            Err(not_a_table(uri, reason))
        }
    }
}

fn not_a_table(uri: &str, reason: String) -> SourceError {
    SourceError::NotATable { uri: uri.to_owned(), reason }
}

/// Every data file below a folder, but for what a leading `_` or `.` hides. With a given kind, those of
/// unknown names are of it, and those of other kinds are not meant.
fn walk(folder: &Path, given: Option<FileFormat>, files: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    let io = |source| SourceError::Io { path: folder.display().to_string(), source };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if is_hidden(&path) {
            continue;
        }
        if path.is_dir() {
            walk(&path, given, files)?;
        } else if match given {
            None => format_of(&path).is_some(),
            Some(given) => format_of(&path).is_none_or(|format| format == given),
        } {
            files.push(path);
        }
    }
    Ok(())
}

/// A leading `_` or `.` hides a file or a folder, but for a partition column that starts so.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || (name.starts_with('_') && !name.contains('='))
}

fn globbed(uri: &str, pattern: &Path, given: Option<FileFormat>) -> Result<Found, SourceError> {
    let matches =
        glob::glob(&pattern.to_string_lossy()).map_err(|error| not_a_table(uri, error.to_string()))?;
    let mut files = Vec::new();
    for entry in matches {
        let path = entry.map_err(|error| SourceError::Io {
            path: error.path().display().to_string(),
            source: error.into(),
        })?;
        // A pattern that says so means what is hidden.
        if is_hidden(&path) && !is_hidden(pattern) {
            continue;
        }
        if path.is_dir() {
            walk(&path, given, &mut files)?;
        } else {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(not_a_table(uri, "the pattern matches no file".to_owned()));
    }
    // The folder before the first wildcard: partitions are named below it.
    let fixed: PathBuf =
        pattern.iter().take_while(|part| !part.to_string_lossy().contains(['*', '?', '['])).collect();
    of_one_kind(uri, fixed, files, given)
}
