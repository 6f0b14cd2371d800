//! Suites, and how they are read from files and texts.

use std::path::Path;

use super::{Catalogue, Check, Layer, Reading, SuiteError, digest, file, read};
use crate::data::{ColumnPath, Dialect};
use crate::document::{Span, Syntax};
use crate::privacy::{Mask, Privacy};

/// A named list of checks on one dataset.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Suite {
    /// The unique name; a part before a slash groups suites.
    pub name: String,
    /// The layer of its dataset.
    pub layer: Option<Layer>,
    /// The location of the dataset.
    pub data: Option<String>,
    /// The place of the location in the text.
    pub data_span: Span,
    /// The format of the dataset's files, where they do not describe it themselves.
    pub dialect: Dialect,
    /// The author's description.
    pub description: Option<String>,
    /// The owner of the dataset.
    pub owner: Option<String>,
    /// The columns that identify a failing row.
    pub key: Vec<ColumnPath>,
    /// The place of the key in the text.
    pub key_span: Span,
    /// The columns whose values are never shown.
    pub pii: Vec<ColumnPath>,
    /// The place of `pii` in the text.
    pub pii_span: Span,
    /// What stands for these values; a caller sets it, a text does not.
    pub mask: Mask,
    /// The checks, in the order of the text.
    pub checks: Vec<Check>,
    /// The path of the suite's file.
    pub path: String,
    /// The text of the suite, for the places of errors.
    pub text: String,
    /// The digest of the text.
    pub digest: String,
}

impl Suite {
    /// Returns a suite without checks.
    pub(super) fn named(name: String) -> Self {
        Self {
            name,
            layer: None,
            data: None,
            data_span: Span::default(),
            dialect: Dialect::default(),
            description: None,
            owner: None,
            key: Vec::new(),
            key_span: Span::default(),
            pii: Vec::new(),
            pii_span: Span::default(),
            mask: Mask::default(),
            checks: Vec::new(),
            path: String::new(),
            text: String::new(),
            digest: String::new(),
        }
    }

    /// Returns what must not be shown of the data.
    #[must_use]
    pub fn privacy(&self) -> Privacy {
        Privacy::of(&self.pii).with_mask(self.mask.clone())
    }

    /// Returns suites of the same data with the personal columns of all of them, as far as the data has the columns: what one
    /// suite calls personal is personal in every one.
    #[must_use]
    pub fn sharing_personal(suites: &[&Self], is_there: impl Fn(&ColumnPath) -> bool) -> Vec<Self> {
        let mut shared: Vec<&ColumnPath> = Vec::new();
        for column in suites.iter().flat_map(|suite| &suite.pii) {
            if !shared.contains(&column) && is_there(column) {
                shared.push(column);
            }
        }
        let with_shared = |suite: &&Self| {
            let mut suite = (*suite).clone();
            for column in &shared {
                if !suite.pii.contains(column) {
                    suite.pii.push((*column).clone());
                }
            }
            suite
        };
        suites.iter().map(with_shared).collect()
    }

    /// Reads a suite from a file: as JSON if the file's extension is `json`, otherwise as YAML.
    ///
    /// # Errors
    /// The file cannot be read, or is not a suite.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SuiteError> {
        Self::open_with(path, Catalogue::standard())
    }

    /// Reads a suite from a file, with the expectations of a project or with values of parameters.
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
        let text = file::read(path, name)?;
        let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let syntax = if json { Syntax::Json } else { Syntax::Yaml };
        Self::parse_with(&text, name, syntax, reading)
    }

    /// Reads a suite from what is no file, as JSON if it begins so and as YAML otherwise; `path` names it in errors.
    ///
    /// # Errors
    /// It cannot be read, or is not a suite.
    pub fn read_with<'a>(
        reader: impl std::io::Read,
        path: &str,
        reading: impl Into<Reading<'a>>,
    ) -> Result<Self, SuiteError> {
        let text = file::text(reader, path)?;
        let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
        let json = inside.is_some_and(|inside| inside.starts_with('"'));
        let syntax = if json { Syntax::Json } else { Syntax::Yaml };
        Self::parse_with(&text, path, syntax, reading)
    }

    /// Reads a suite from YAML.
    ///
    /// # Errors
    /// The text is not a suite.
    pub fn from_yaml(text: &str) -> Result<Self, SuiteError> {
        Self::parse(text, "suite.yml", Syntax::Yaml)
    }

    /// Reads a suite from a text; `path` names the text in errors.
    ///
    /// # Errors
    /// The text is not a suite.
    pub fn parse(text: &str, path: &str, syntax: Syntax) -> Result<Self, SuiteError> {
        Self::parse_with(text, path, syntax, Catalogue::standard())
    }

    /// Reads a suite from a text, with the expectations of a project or with values of parameters.
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
