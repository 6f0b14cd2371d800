//! Reads text files up to a maximum size.

use std::io::Read;
use std::path::Path;

use super::SuiteError;
use crate::document::{Diagnostic, MAX_BYTES, Span, open_file};

/// Returns the text of a file, which errors call by a name.
pub(super) fn read(path: &Path, name: &str) -> Result<String, SuiteError> {
    let file = open_file(path).map_err(|source| SuiteError::Read { path: name.to_owned(), source })?;
    text(file, name)
}

/// The text of what a reader gives, which errors call by a name.
pub(super) fn text(reader: impl Read, name: &str) -> Result<String, SuiteError> {
    let failed = |source| SuiteError::Read { path: name.to_owned(), source };
    let mut bytes = Vec::new();
    // One byte beyond the maximum shows that a file is too large, without reading all of it.
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    let invalid = |message: &str| {
        SuiteError::invalid(name.to_owned(), "", vec![Diagnostic::new(Span::default(), message)])
    };
    if bytes.len() > MAX_BYTES {
        return Err(invalid(&format!("larger than the {} MB that are read", MAX_BYTES >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| invalid("not UTF-8 text; is this a binary file?"))
}
