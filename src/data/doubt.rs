//! Doubts about how text files were parsed, which explain why a check does not fit a column.

use super::{ColumnPath, DataType};

/// Doubts about how the columns of a dataset were parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// The character that is more likely the separator than the one that was used.
    pub separator: Option<char>,
    /// Text columns most of whose values are of another type.
    pub mixed_columns: Vec<MixedColumn>,
    /// Columns of which not even the nulls are known, with the names of their types.
    pub unread: Vec<(String, String)>,
}

/// A text column most of whose values are of another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MixedColumn {
    /// The column, or the field of a struct.
    pub column: ColumnPath,
    /// The type of most of its values.
    pub wanted: DataType,
    /// The first value that is not of that type.
    pub text: String,
    /// The value that this text becomes if `schema:` gives the type; `None` if the row is malformed then.
    pub value_if_typed: Option<String>,
    /// The file in which the value stands.
    pub file: String,
    /// The line on which its row begins, from 1.
    pub line: u64,
}

impl Doubts {
    /// Returns the help for a missing column, if the separator may be the cause.
    #[must_use]
    pub fn of_separator(&self) -> Option<String> {
        let separator = match self.separator? {
            '\t' => "\\t".to_owned(),
            other => other.to_string(),
        };
        Some(format!(
            "are fields separated by \"{separator}\"? then `csv: {{separator: \"{separator}\"}}` says so"
        ))
    }
}

impl MixedColumn {
    /// Returns a message with the value that spoils the column, and a way out. If `shown` is false, the
    /// message tells only the place of the value.
    #[must_use]
    pub fn message(&self, shown: bool) -> String {
        const MOST: usize = 40;
        let Self { column, wanted, file, line, .. } = self;
        let text: String = self.text.chars().take(MOST).collect();
        let more = if self.text.chars().nth(MOST).is_some() { "…" } else { "" };
        let quoted = format!("{:?}", format!("{text}{more}"));
        let value = if shown { format!("{quoted} in line") } else { "its value in line".to_owned() };
        let given = format!("`schema: {{{column}: {wanted}}}`");
        let way_out = match &self.value_if_typed {
            Some(value) if shown => format!("with {given} it is {value}"),
            Some(_) => format!("with {given} it is one"),
            None if shown && more.is_empty() => {
                format!("with {given} its row is malformed, with `csv: {{null: {quoted}}}` it is a null")
            }
            None => format!("with {given} its row is malformed"),
        };
        format!("most of it is {wanted}, and {value} {line} of {file} is none: {way_out}")
    }
}
