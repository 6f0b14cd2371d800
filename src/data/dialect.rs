//! How the files of a dataset are written, where they do not say so themselves.

use super::{Encoding, Field};

/// What a suite says of the files of its data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// Their kind, where their names do not say it.
    pub format: Option<FileFormat>,
    /// How CSV is written.
    pub csv: Csv,
    /// How the texts of CSV are written.
    pub spelling: Spelling,
    /// Columns of text that have a given type; those of others are inferred.
    pub schema: Vec<Field>,
    /// Whether malformed rows are left out and counted: each is an error otherwise.
    pub leaves_out_malformed: bool,
}

/// A kind of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFormat {
    /// Parquet.
    Parquet,
    /// Text with a separator between fields.
    Csv,
    /// A JSON object on each line.
    Ndjson,
    /// Arrow's own format, as a file or as a stream.
    Arrow,
}

impl FileFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Csv, Self::Ndjson, Self::Arrow];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
        }
    }

    /// The format of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How CSV is written. Marks are single ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    /// What stands between fields; a comma, or a tab in `.tsv` files, unless given.
    pub separator: Option<u8>,
    /// What stands around fields that hold a separator or a line's end; `None`: nothing does.
    pub quote: Option<u8>,
    /// Whether the first row of each file names the columns.
    pub header: bool,
    /// Texts that stand for null, beside an empty field without quotes.
    pub null: Vec<String>,
}

/// How the texts of CSV are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// The bytes of its characters.
    pub encoding: Encoding,
    /// Texts that stand for NaN in a column of numbers, beside `NaN`.
    pub nan: Vec<String>,
    /// Texts that stand for infinity in a column of numbers, with a sign or not, beside `Infinity`.
    pub infinity: Vec<String>,
}

impl Default for Csv {
    fn default() -> Self {
        Self { separator: None, quote: Some(b'"'), header: true, null: Vec::new() }
    }
}
