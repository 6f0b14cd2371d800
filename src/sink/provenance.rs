//! What a commit says of where its rows come from.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::data::hex;

/// Which rows of a run these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Those that passed.
    Valid,
    /// Those that failed.
    Quarantine,
    /// Staged rows, all of which were let through.
    Publish,
    /// Those that failed, where they are deleted.
    Deleted,
}

impl Part {
    /// Returns its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Quarantine => "quarantine",
            Self::Publish => "publish",
            Self::Deleted => "deleted",
        }
    }
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The run that told the rows apart.
    pub run_id: String,
    /// The name of its suite.
    pub suite: String,
    /// The digest of that suite.
    pub suite_digest: String,
    /// Which of its rows these are.
    pub part: Part,
    /// The URI of what was read, without credentials.
    pub input_uri: String,
    /// The version of what was read, if it has versions.
    pub input_version: Option<u64>,
    /// The first version of a range, where only changes were read.
    pub input_from: Option<u64>,
    /// The digest of what was read; it tells inputs without versions apart.
    pub input_digest: Option<String>,
    /// The digest of where the rows are in the files of what was read, if it is a table.
    pub rows_digest: Option<String>,
    /// Whether the rows are deleted from what was read.
    pub in_place: bool,
    /// The time of the run.
    pub now: DateTime<Utc>,
}

/// A commit of the same part, suite and input that is there already. What its log no longer has is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// The version of the table that it made; `None` for a Parquet file.
    pub version: Option<u64>,
    /// Its run.
    pub run_id: Option<String>,
    /// The digest of the suite as it was then.
    pub suite_digest: Option<String>,
    /// The time of its run.
    pub now: Option<DateTime<Utc>>,
    /// How many rows it brought.
    pub rows: Option<u64>,
    /// The digest of where they are in the files of what was read.
    pub rows_digest: Option<String>,
}

/// What a commit, or the footer of a file, says of its rows, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) run_id: String,
    pub(super) suite: String,
    pub(super) suite_digest: String,
    pub(super) part: Part,
    pub(super) input: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) input_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) input_from: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) input_digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rows_digest: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) in_place: bool,
    /// Whether these rows were taken out again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) withdrawn: bool,
    pub(super) now: DateTime<Utc>,
    pub(super) rows: u64,
    /// What tells this commit from all others.
    pub(super) commit: String,
}

/// The key of a note in the information of a commit and in a footer.
pub(super) const NOTE: &str = "karat";

impl Provenance {
    /// Returns what a commit says of its rows.
    pub(super) fn note(&self, rows: u64, commit: &str) -> Note {
        Note {
            run_id: self.run_id.clone(),
            suite: self.suite.clone(),
            suite_digest: self.suite_digest.clone(),
            part: self.part,
            input: self.input_uri.clone(),
            input_version: self.input_version,
            input_from: self.input_from,
            input_digest: self.input_digest.clone(),
            rows_digest: self.rows_digest.clone(),
            in_place: self.in_place,
            withdrawn: false,
            now: self.now,
            rows,
            commit: commit.to_owned(),
        }
    }

    /// Returns the name under which a table keeps the newest version of the input that is in it. Ranges of changes, whole versions
    /// and those whose rows are deleted there are counted apart. Of an input without versions, the name says which one it is: by
    /// its digest, or for rows in memory, which nothing tells from others, by the run.
    pub(super) fn app_id(&self) -> String {
        let mut id = format!("karat/{}/{}/{}", self.part.as_str(), self.suite, short(&self.input_uri));
        match (self.input_version, &self.input_digest) {
            (None, Some(digest)) => id.extend(["/", digest]),
            (None, None) => id.extend(["/", &self.run_id]),
            _ if self.input_from.is_some() => id.push_str("/changes"),
            _ if self.in_place => id.push_str("/in-place"),
            _ => {}
        }
        id
    }

    /// Returns the version that is kept under that name.
    pub(super) fn app_version(&self) -> i64 {
        self.input_version.and_then(|version| i64::try_from(version).ok()).unwrap_or_default()
    }

    /// Returns a sentence for people who look at the history of a table.
    pub(super) fn sentence(&self) -> String {
        let Self { run_id, suite, part, input_uri, input_version, input_from, now, .. } = self;
        let versions = match (input_from, input_version) {
            (Some(from), Some(to)) => format!(" v{from}..{to}"),
            (None, Some(version)) => format!(" v{version}"),
            _ => String::new(),
        };
        let time = now.to_rfc3339_opts(SecondsFormat::Millis, true);
        format!("karat: {} of {suite}, from {input_uri}{versions}, run {run_id}, {time}", part.as_str())
    }
}

impl Note {
    /// Returns whether it is of the same part, suite and input.
    pub(super) fn is_of(&self, provenance: &Provenance) -> bool {
        self.part == provenance.part
            && self.suite == provenance.suite
            && self.input == provenance.input_uri
            && self.input_version == provenance.input_version
            && self.input_from == provenance.input_from
            && match (provenance.input_version, &provenance.input_digest) {
                (Some(_), _) => true,
                (None, Some(digest)) => self.input_digest.as_ref() == Some(digest),
                (None, None) => self.input_digest.is_none() && self.run_id == provenance.run_id,
            }
    }

    /// Returns it as a commit that is there already.
    pub(super) fn earlier(self, version: Option<u64>) -> Earlier {
        Earlier {
            version,
            run_id: Some(self.run_id),
            suite_digest: Some(self.suite_digest),
            now: Some(self.now),
            rows: Some(self.rows),
            rows_digest: self.rows_digest,
        }
    }
}

/// Returns the start of the digest of a text.
fn short(text: &str) -> String {
    const LENGTH: usize = 12;
    let digest = hex(Sha256::new_with_prefix(text));
    digest.trim_start_matches("sha256:").chars().take(LENGTH).collect()
}
