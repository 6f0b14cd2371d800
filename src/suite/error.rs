//! Errors of reading a suite.

use std::fmt;
use std::io;

use crate::document::Diagnostic;

/// The reason why a suite cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum SuiteError {
    /// The file cannot be read.
    Read {
        /// The path of the file.
        path: String,
        /// The error of the file system.
        source: io::Error,
    },
    /// The text is not a suite.
    Invalid {
        /// The path of the file.
        path: String,
        /// The text of the file.
        text: String,
        /// All errors, in the order of the text; never empty.
        diagnostics: Vec<Diagnostic>,
    },
}

impl SuiteError {
    /// Returns the error of an invalid text, with its diagnostics sorted by their places.
    pub(super) fn invalid(path: String, text: &str, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        Self::Invalid { path, text: text.to_owned(), diagnostics }
    }
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, .. } => write!(f, "cannot read {path}"),
            Self::Invalid { path, text, diagnostics } => {
                for (index, diagnostic) in diagnostics.iter().enumerate() {
                    let at = diagnostic.span.position(text);
                    let newline = if index == 0 { "" } else { "\n" };
                    write!(f, "{newline}{path}:{}:{}: {}", at.line, at.column, diagnostic.message)?;
                    if let Some(help) = &diagnostic.help {
                        write!(f, " ({help})")?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for SuiteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            Self::Invalid { .. } => None,
        }
    }
}
