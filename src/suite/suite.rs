//! A suite.

use std::path::Path;

use super::{Catalogue, Check, Layer, Reading, SuiteError, digest, file, read};
use crate::data::{ColumnPath, Dialect};
use crate::document::{Span, Syntax};
use crate::privacy::Privacy;

/// A named list of checks on one dataset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Suite {
    /// Its unique name; a part before a slash groups it.
    pub name: String,
    /// The layer of its dataset.
    pub layer: Option<Layer>,
    /// Where its dataset lies.
    pub data: Option<String>,
    /// Where the text says so.
    pub data_span: Span,
    /// How its files are written, where they do not say so themselves.
    pub dialect: Dialect,
    /// What it is about.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The columns that name a failing row.
    pub key: Vec<ColumnPath>,
    /// Where the text names them.
    pub key_span: Span,
    /// The columns whose values are never shown.
    pub pii: Vec<ColumnPath>,
    /// Where the text names them.
    pub pii_span: Span,
    /// The checks, in the order of the text.
    pub checks: Vec<Check>,
    /// The file it was read from.
    pub path: String,
    /// Its text, for the places of errors.
    pub text: String,
    /// The digest of its text.
    pub digest: String,
}

impl Suite {
    /// What must not be shown of its data.
    #[must_use]
    pub fn privacy(&self) -> Privacy {
        Privacy::of(&self.pii)
    }

    /// Reads a suite from a file, as JSON if it is so named and as YAML otherwise.
    ///
    /// # Errors
    /// The file cannot be read, or is not a suite.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SuiteError> {
        Self::open_with(path, Catalogue::standard())
    }

    /// The same, with the expectations of a project besides, or with values of parameters.
    ///
    /// # Errors
    /// The file cannot be read, or is not a suite.
    pub fn open_with<'a>(
        path: impl AsRef<Path>,
        reading: impl Into<Reading<'a>>,
    ) -> Result<Self, SuiteError> {
        let path = path.as_ref();
        Self::open_as(path, &path.display().to_string(), reading)
    }

    /// The same of a file that is called otherwise than where it lies.
    ///
    /// # Errors
    /// The file cannot be read, or is not a suite.
    pub(crate) fn open_as<'a>(
        path: &Path,
        name: &str,
        reading: impl Into<Reading<'a>>,
    ) -> Result<Self, SuiteError> {
        let text = file::read(path)?;
        let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let syntax = if json { Syntax::Json } else { Syntax::Yaml };
        Self::parse_with(&text, name, syntax, reading)
    }

    /// Reads a suite from YAML.
    ///
    /// # Errors
    /// The text is not a suite.
    pub fn from_yaml(text: &str) -> Result<Self, SuiteError> {
        Self::parse(text, "suite.yml", Syntax::Yaml)
    }

    /// Reads a suite from text; `path` names it in errors.
    ///
    /// # Errors
    /// The text is not a suite.
    pub fn parse(text: &str, path: &str, syntax: Syntax) -> Result<Self, SuiteError> {
        Self::parse_with(text, path, syntax, Catalogue::standard())
    }

    /// The same, with the expectations of a project besides, or with values of parameters.
    ///
    /// # Errors
    /// The text is not a suite.
    pub fn parse_with<'a>(
        text: &str,
        path: &str,
        syntax: Syntax,
        reading: impl Into<Reading<'a>>,
    ) -> Result<Self, SuiteError> {
        // A byte order mark is no part of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        read::suite(text, syntax, &reading.into())
            .map(|suite| Self {
                path: path.to_owned(),
                text: text.to_owned(),
                digest: digest(text.as_bytes()),
                ..suite
            })
            .map_err(|diagnostics| SuiteError::invalid(path.to_owned(), text, diagnostics))
    }
}
