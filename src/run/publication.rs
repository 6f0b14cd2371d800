//! What became of files that were to be published.

use super::Run;

/// What became of files that were to be published into a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Publication {
    /// The URI of the table, without credentials.
    pub into: String,
    /// How often the table was judged with the files: once, and again whenever others had changed it meanwhile.
    pub judged: u64,
    /// Whether the files are a part of the table now.
    pub outcome: PublicationOutcome,
}

/// Whether files that were to be published are a part of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicationOutcome {
    /// They are, by this run.
    Published {
        /// The version of the table that has them first.
        version: u64,
    },
    /// They were already, by an earlier run: nothing was judged and nothing was done.
    Already {
        /// The version of the table that has them first.
        version: u64,
    },
    /// They are not, because a gate did not let them through.
    Refused,
    /// They are not, for another reason than a gate.
    Failed {
        /// The reason, without personal data and credentials.
        reason: String,
    },
    /// It is not known, because the store did not say what became of the commit. Another run finds out: the same files are
    /// never published twice.
    Unknown {
        /// The reason, without personal data and credentials.
        reason: String,
    },
}

/// The error of files that were to be published and are not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotPublished(String);

impl Publication {
    /// Returns the version that has the files, if the table has them.
    #[must_use]
    pub fn version(&self) -> Option<u64> {
        match self.outcome {
            PublicationOutcome::Published { version } | PublicationOutcome::Already { version } => {
                Some(version)
            }
            _ => None,
        }
    }

    /// Returns one sentence about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        let again = match self.judged {
            0 | 1 => String::new(),
            times => format!("; it was judged {times} times, since others changed the table meanwhile"),
        };
        match &self.outcome {
            PublicationOutcome::Published { version } => format!("published as v{version}{again}"),
            PublicationOutcome::Already { version } => {
                format!("already published, as v{version}: nothing was done")
            }
            PublicationOutcome::Refused => {
                format!("not published, because the gate did not let it through{again}")
            }
            PublicationOutcome::Failed { reason } => format!("not published: {reason}{again}"),
            PublicationOutcome::Unknown { reason } => format!(
                "not known whether it is published: {reason}{again}; run it again, since nothing is published twice"
            ),
        }
    }
}

impl Run {
    /// Returns the version of the table that has the files which the run was to publish.
    ///
    /// # Errors
    /// They are not published, or it is not known.
    pub fn published(&self) -> Result<u64, NotPublished> {
        match &self.publication {
            Some(publication) => publication.version().ok_or_else(|| NotPublished(publication.sentence())),
            None => Err(NotPublished("nothing was to be published".to_owned())),
        }
    }
}
