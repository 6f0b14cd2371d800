//! What goes wrong with a site.

use std::io;

use crate::report::HtmlError;

/// A site that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// A file of the site cannot be read or written.
    #[error("the site's file {file} cannot be {what}")]
    File {
        /// The file.
        file: String,
        /// What was done to it: read, written, deleted or locked.
        what: &'static str,
        /// The error of the file system.
        source: io::Error,
    },
    /// A file of the site is none of its kind: somebody else's, or of another karat.
    #[error("{file} is not of a site that this karat writes: {reason}")]
    Foreign {
        /// The file.
        file: String,
        /// Why it is none.
        reason: String,
    },
    /// A template does not fit, which is a defect of karat.
    #[error("a page of the site cannot be made")]
    Page(#[from] HtmlError),
}
