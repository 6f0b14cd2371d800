//! What is doubtful of how text was read, told where a check does not fit a column.

use super::{ColumnPath, DataType};

/// What is doubtful of how columns were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubts {
    /// The character that more likely stands between fields than the one that was taken.
    pub separator: Option<char>,
    /// Columns of text that are nearly of another type.
    pub spoiled: Vec<Spoiled>,
    /// Columns of which not even is known where they have values, and what their types are called.
    pub unread: Vec<(String, String)>,
}

/// A column of text, most of whose values are of another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoiled {
    /// The column, or the field of a struct.
    pub column: ColumnPath,
    /// The type that most of its values have.
    pub wanted: DataType,
    /// The first value that is none of it.
    pub text: String,
    /// What that value is where a schema gives the type, if it is one then.
    pub as_given: Option<String>,
    /// The file where it stands.
    pub file: String,
    /// The line where its row begins, from 1.
    pub line: u64,
}

impl Doubts {
    /// The way out where a column is not there, if the separator may be why.
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

impl Spoiled {
    /// What spoils the column, and the way out. Of a column whose values are not shown, only where.
    #[must_use]
    pub fn told(&self, shown: bool) -> String {
        const MOST: usize = 40;
        let Self { column, wanted, file, line, .. } = self;
        let text: String = self.text.chars().take(MOST).collect();
        let more = if self.text.chars().nth(MOST).is_some() { "…" } else { "" };
        let quoted = format!("{:?}", format!("{text}{more}"));
        let value = if shown { format!("{quoted} in line") } else { "its value in line".to_owned() };
        let given = format!("`schema: {{{column}: {wanted}}}`");
        let way_out = match &self.as_given {
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
