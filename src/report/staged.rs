//! What a report says of files that are to be appended to a table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::data::counted;
use crate::privacy::{Privacy, Untrusted};
use crate::run::{Publication, PublicationOutcome};
use crate::source::{Identity, StagedIdentity};

/// The files with which a table was judged, and which are no part of that version of it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StagedReport {
    /// The location of the files.
    pub uri: String,
    /// Number of files.
    pub files: u64,
    /// Number of rows.
    pub rows: u64,
    /// Size of the files in bytes.
    pub bytes: u64,
    /// The digest of all bytes of the files, and of the partitions to which they belong.
    pub digest: String,
}

/// What became of files that were to be published.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PublicationReport {
    /// published, already if an earlier run has published them, refused by the gate, failed, or unknown if the store did not say
    /// what became of the commit.
    pub outcome: String,
    /// The version of the table that has them first.
    pub version: Option<u64>,
    /// The location of the table.
    pub into: String,
    /// How often the table was judged with them, since others changed it meanwhile.
    pub judged: u64,
    /// All of this in one sentence.
    pub summary: String,
}

impl StagedReport {
    pub(super) fn of(staged: &StagedIdentity, privacy: &Privacy) -> Self {
        let StagedIdentity { uri, files, rows, bytes, digest } = staged.clone();
        let uri = privacy.text(&Untrusted::places(uri)).to_string();
        Self { uri, files, rows, bytes, digest }
    }
}

impl From<&Publication> for PublicationReport {
    fn from(publication: &Publication) -> Self {
        let outcome = match publication.outcome {
            PublicationOutcome::Published { .. } => "published",
            PublicationOutcome::Already { .. } => "already",
            PublicationOutcome::Refused => "refused",
            PublicationOutcome::Failed { .. } => "failed",
            PublicationOutcome::Unknown { .. } => "unknown",
        };
        Self {
            outcome: outcome.to_owned(),
            version: publication.version(),
            into: publication.into.clone(),
            judged: publication.judged,
            summary: publication.sentence(),
        }
    }
}

/// Returns how many of a table's rows are no part of it so far: `of which 1,200 rows in 2 staged files`; nothing of a table
/// that is all there.
pub(super) fn staged_phrase(identity: &Identity) -> Option<String> {
    let staged = identity.staged.as_ref()?;
    let rows = counted(staged.rows, "row", "rows");
    Some(match identity.version {
        Some(_) => {
            format!("of which {rows} in {}", counted(staged.files, "staged file", "staged files"))
        }
        None => "with which the table begins".to_owned(),
    })
}
