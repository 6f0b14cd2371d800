//! Reads the values that the names of folders state: `year=2024/a.parquet`.

/// The folder name that stands for a null.
pub(crate) const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// What the name of a folder states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FolderValue {
    /// The name of the column.
    pub(crate) column: String,
    /// The value as text; `None` for null.
    pub(crate) text: Option<String>,
}

/// Returns what the folders of a path state, from the outermost to the innermost.
pub(crate) fn folder_values(path: &str) -> Vec<FolderValue> {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let stated = folders.split('/').filter_map(|folder| folder.split_once('='));
    let value = |(column, text): (&str, &str)| {
        let text = Some(decoded(text)).filter(|text| text != HIVE_NULL);
        FolderValue { column: decoded(column), text }
    };
    stated.map(value).collect()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
