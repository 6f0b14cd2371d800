//! Files that are to be appended to a table, as the command line names them.

use super::arguments::SourceArguments;
use super::suites::{Found, located};
use crate::source::{At, Data, Staged};

/// Which files are to be appended, and to which table.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct StagedArguments {
    /// Judge the Delta table as it would be with these Parquet files: a file, folder or glob (see `karat explain publish`)
    #[arg(long, value_name = "PATH", conflicts_with_all = ["data", "changes"])]
    pub(super) staged: Option<String>,
    /// The table to which the staged files are to be appended, instead of the suite's data
    #[arg(long, value_name = "TABLE", requires = "staged", conflicts_with = "data")]
    pub(super) into: Option<String>,
}

/// Which files are to be appended, and whether they are.
#[derive(clap::Args, Clone, Debug, Default)]
pub(super) struct PublishArguments {
    #[command(flatten)]
    pub(super) table: StagedArguments,
    /// Append the staged files to the table, in one commit, if every gate lets it through as it would be with them
    #[arg(long, requires = "staged", conflicts_with_all = ["select", "version", "timestamp"])]
    pub(super) publish: bool,
}

impl StagedArguments {
    /// Returns the staged files that are named, opened as the project of a suite says.
    pub(super) fn files(&self, found: &Found, source: &SourceArguments) -> Option<Staged> {
        let name = self.staged.as_deref()?;
        let storage = source.storage(&found.project.storage_of(name));
        Some(Staged::at(located(&found.project, name)).with_storage(storage))
    }
}

/// Returns the data at a URI, with files that are to be appended if there are any.
pub(super) fn with_staged(uri: String, at: At, staged: Option<Staged>) -> Data {
    match staged {
        Some(files) => Data::Staged { into: uri, at, files },
        None => Data::Uri { uri, at },
    }
}
