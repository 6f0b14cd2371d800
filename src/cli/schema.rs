//! `karat schema`

use clap::ValueEnum;
use serde_json::Value;

use super::exit::Exit;
use super::terminal::document;
use crate::history::history_schema;
use crate::project;
use crate::report::{inert_json, inspection_schema, profile_schema, report_schema};
use crate::review::diff_schema;
use crate::site::site_schema;
use crate::suite::editor_schema;

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = IN_AN_EDITOR)]
pub(super) struct Arguments {
    /// What it is the schema of: suites or karat.yml, for editors; the report, as `karat check --format json` writes it; what
    /// inspect, profile or diff prints with `--format json`; the first line of a run's file in a history
    #[arg(value_enum, default_value = "suite")]
    of: Of,
}

const IN_AN_EDITOR: &str = "\
An editor with the YAML language server checks and completes a suite whose first line names the schema:
  karat schema > suite.schema.json
  # yaml-language-server: $schema=suite.schema.json";

/// What has a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    // Plain comments: the help of the command stays one line an argument.
    // What people write.
    Suite,
    Project,
    // What karat writes.
    Report,
    Inspect,
    Profile,
    Diff,
    History,
    Site,
}

impl Of {
    fn schema(self) -> Value {
        match self {
            Self::Suite => editor_schema(),
            Self::Project => project::editor_schema(),
            Self::Report => report_schema(),
            Self::Inspect => inspection_schema(),
            Self::Profile => profile_schema(),
            Self::Diff => diff_schema(),
            Self::History => history_schema(),
            Self::Site => site_schema(),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    document(&inert_json(&arguments.of.schema()));
    Exit::Passed
}
