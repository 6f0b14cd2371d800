//! The format and the dialect of a dataset's files, where the files do not tell these themselves.

use super::{Encoding, Field};

/// The properties of the data's files that a suite declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// The format of the files, where their names do not tell it.
    pub format: Option<FileFormat>,
    /// The dialect of CSV files.
    pub csv: Csv,
    /// The encoding and the special numbers of CSV files.
    pub spelling: Spelling,
    /// The types that the suite gives to text columns; those of other columns are inferred.
    pub schema: Vec<Field>,
    /// True if malformed rows are left out and counted; otherwise each is an error.
    pub leaves_out_malformed: bool,
}

/// A file format.
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
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Csv, Self::Ndjson, Self::Arrow];

    /// Returns the name of the format.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
        }
    }

    /// Returns the format with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// The dialect of CSV files. Separator and quote are single ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Csv {
    /// The separator between fields; by default a comma, or a tab in `.tsv` files.
    pub separator: Option<u8>,
    /// The quote around fields that hold a separator or a line end; `None` if no fields are quoted.
    pub quote: Option<u8>,
    /// True if the first row of each file names the columns.
    pub header: bool,
    /// Texts that stand for null, besides an empty unquoted field.
    pub null: Vec<String>,
}

/// The encoding and the special numbers of CSV files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// The encoding of the characters.
    pub encoding: Encoding,
    /// Texts that stand for NaN in a numeric column, besides `NaN`.
    pub nan: Vec<String>,
    /// Texts that stand for infinity in a numeric column, with or without a sign, besides `Infinity`.
    pub infinity: Vec<String>,
}

impl Default for Csv {
    fn default() -> Self {
        Self { separator: None, quote: Some(b'"'), header: true, null: Vec::new() }
    }
}
