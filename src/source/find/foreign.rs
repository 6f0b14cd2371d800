//! Refuses folders that belong to tables whose files must not be read one by one: only the table's own
//! metadata tells which files count.

use std::path::{Path, PathBuf};

use crate::source::SourceError;

/// A table format that a folder in the table reveals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableFormat {
    Delta,
    Hudi,
    Iceberg,
}

/// The folder of Iceberg's metadata, and the suffix of the files in it that define a table.
pub(crate) const METADATA: &str = "metadata";
const METADATA_FILE: &str = ".metadata.json";
/// The folder of Iceberg's data files.
pub(crate) const DATA: &str = "data";

impl TableFormat {
    /// The folders whose presence makes their parent a table; Iceberg's is too common a name for this list.
    pub(crate) const FOLDERS: [(&'static str, Self); 2] =
        [("_delta_log", Self::Delta), (".hoodie", Self::Hudi)];

    /// Returns whether a name is that of an Iceberg metadata file.
    pub(crate) fn is_iceberg_metadata(name: &str) -> bool {
        name.ends_with(METADATA_FILE)
    }

    /// Returns whether the file at `key` belongs to a table of this format at `root`.
    pub(crate) fn holds(self, root: &str, key: &str) -> bool {
        let below = key.strip_prefix(root).map(|below| below.trim_start_matches('/'));
        below.is_some_and(|below| {
            self != Self::Iceberg || below.strip_prefix(DATA).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Returns the error for `asked`, which is the table at `root`, lies in it, or contains it.
    pub(crate) fn refusal(self, asked: &str, root: &str) -> SourceError {
        let here = asked.trim_end_matches('/') == root.trim_end_matches('/');
        let what = match self {
            Self::Delta => "a Delta table",
            Self::Hudi => "an Apache Hudi table (.hoodie)",
            Self::Iceberg => "an Apache Iceberg table (metadata/*.metadata.json)",
        };
        let place = if here { format!("it is {what}") } else { format!("{what} lies at {root}") };
        let hint = match self {
            Self::Delta => "name the table itself, and the rows by a where",
            Self::Hudi | Self::Iceberg => {
                "it is not read: write its rows as Delta or Parquet, or have Apache XTable keep a Delta log beside it"
            }
        };
        let reason = format!("{place}, and only its own metadata tells which of its files count; {hint}");
        SourceError::Unsupported { uri: asked.to_owned(), reason }
    }
}

/// Refuses a folder that is a table, or lies within one. Delta tables that were asked for are opened before.
pub(super) fn refuse_around(asked: &str, folder: &Path) -> Result<(), SourceError> {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut below = PathBuf::new();
    for around in folder.ancestors() {
        if let Some(kind) = kind_around(around, &below) {
            let here = below.as_os_str().is_empty();
            return Err(kind.refusal(
                asked,
                if here { asked.to_owned() } else { around.display().to_string() }.as_str(),
            ));
        }
        if let Some(name) = around.file_name() {
            below =
                if below.as_os_str().is_empty() { PathBuf::from(name) } else { Path::new(name).join(&below) };
        }
    }
    Ok(())
}

/// Returns the format of the table in a folder, if the table includes the path `below`, which is relative to
/// the folder.
fn kind_around(folder: &Path, below: &Path) -> Option<TableFormat> {
    let named = TableFormat::FOLDERS.into_iter().find(|(name, _)| folder.join(name).is_dir());
    if let Some((_, kind)) = named {
        return Some(kind);
    }
    // Iceberg's other folders may hold anything.
    let may_be = below.as_os_str().is_empty() || below.starts_with(DATA);
    (may_be && is_iceberg(folder)).then_some(TableFormat::Iceberg)
}

/// Returns whether a folder is an Iceberg table.
fn is_iceberg(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder.join(METADATA)) else { return false };
    entries.flatten().any(|entry| TableFormat::is_iceberg_metadata(&entry.file_name().to_string_lossy()))
}

/// Refuses a folder within the requested one if it is a table.
pub(super) fn refuse_within(asked: &str, folder: &Path) -> Result<(), SourceError> {
    match kind_around(folder, Path::new("")) {
        Some(kind) => Err(kind.refusal(asked, &folder.display().to_string())),
        None => Ok(()),
    }
}
