//! Errors with their causes.

use crate::document::without_credentials;

/// An error and what caused it, in one line, without what may be a credential in it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    without_credentials(&text)
}
