//! Tables whose files must not be read as they lie: only their own metadata tells which of them count.

use std::path::{Path, PathBuf};

use crate::source::SourceError;

/// A kind of table that is known by a name in its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Delta,
    Hudi,
    Iceberg,
}

/// The folder of Iceberg's own files, and how the names of those end that say what a table is.
pub(crate) const METADATA: &str = "metadata";
const METADATA_FILE: &str = ".metadata.json";
/// The folder of Iceberg's data files.
pub(crate) const DATA: &str = "data";

impl Kind {
    /// The folder that makes another one a table; Iceberg's has a common name.
    pub(crate) const FOLDERS: [(&'static str, Self); 2] =
        [("_delta_log", Self::Delta), (".hoodie", Self::Hudi)];

    /// Returns whether a file is one of those that say what an Iceberg table is.
    pub(crate) fn is_iceberg_metadata(name: &str) -> bool {
        name.ends_with(METADATA_FILE)
    }

    /// Returns whether a key of a store is that of one of the files of such a table at another key.
    pub(crate) fn holds(self, root: &str, key: &str) -> bool {
        let below = key.strip_prefix(root).map(|below| below.trim_start_matches('/'));
        below.is_some_and(|below| {
            self != Self::Iceberg || below.strip_prefix(DATA).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Why what lies there is not read: the table lies at `root`, and `asked` is it, lies in it, or
    /// around it.
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

/// Refuses a folder that is such a table, or lies within one. Delta tables are opened before.
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

/// Which kind of table a folder is, of what lies below it.
fn kind_around(folder: &Path, below: &Path) -> Option<Kind> {
    let named = Kind::FOLDERS.into_iter().find(|(name, _)| folder.join(name).is_dir());
    if let Some((_, kind)) = named {
        return Some(kind);
    }
    // In other folders of a table so called may lie anything.
    let may_be = below.as_os_str().is_empty() || below.starts_with(DATA);
    (may_be && is_iceberg(folder)).then_some(Kind::Iceberg)
}

/// Returns whether a folder is an Iceberg table.
fn is_iceberg(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder.join(METADATA)) else { return false };
    entries.flatten().any(|entry| Kind::is_iceberg_metadata(&entry.file_name().to_string_lossy()))
}

/// Refuses a folder within the one that is asked for, if it is such a table.
pub(super) fn refuse_within(asked: &str, folder: &Path) -> Result<(), SourceError> {
    match kind_around(folder, Path::new("")) {
        Some(kind) => Err(kind.refusal(asked, &folder.display().to_string())),
        None => Ok(()),
    }
}
