//! A suite.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::{Check, Layer, SuiteError, digest, read};
use crate::data::ColumnPath;
use crate::document::{Diagnostic, MAX_BYTES, Span, Syntax};

/// A named list of checks on one dataset.
#[derive(Debug)]
pub struct Suite {
    /// Its unique name; a part before a slash groups it.
    pub name: String,
    /// The layer of its dataset.
    pub layer: Option<Layer>,
    /// Where its dataset lies.
    pub data: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The columns that name a failing row.
    pub key: Vec<ColumnPath>,
    /// The columns whose values are never shown.
    pub pii: Vec<ColumnPath>,
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
    /// Reads a suite from a file, as JSON if it is so named and as YAML otherwise.
    ///
    /// # Errors
    /// The file cannot be read, or is not a suite.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SuiteError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let failed = |source| SuiteError::Read { path: name.clone(), source };
        let mut bytes = Vec::new();
        // One byte more than is read at most tells a file that is too large, without reading it all.
        let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
        let file = File::open(path).map_err(failed)?;
        file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        let invalid = |message: String| SuiteError::Invalid {
            path: name.clone(),
            text: String::new(),
            diagnostics: vec![Diagnostic::new(Span::default(), message)],
        };
        if bytes.len() > MAX_BYTES {
            return Err(invalid(format!("larger than the {} MB that are read", MAX_BYTES >> 20)));
        }
        let text =
            String::from_utf8(bytes).map_err(|_| invalid("not UTF-8 text; is this a binary file?".into()))?;
        let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        Self::parse(&text, &name, if json { Syntax::Json } else { Syntax::Yaml })
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
        // A byte order mark is no part of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        read::suite(text, syntax)
            .map(|suite| Self {
                path: path.to_owned(),
                text: text.to_owned(),
                digest: digest(text.as_bytes()),
                ..suite
            })
            .map_err(|mut diagnostics| {
                diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
                SuiteError::Invalid { path: path.to_owned(), text: text.to_owned(), diagnostics }
            })
    }
}
