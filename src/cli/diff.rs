//! `karat diff`

use std::path::PathBuf;

use clap::ValueEnum;

use super::arguments::{ProjectArguments, SuiteArguments, parameter};
use super::exit::Exit;
use super::revision::{Revision, materialised};
use super::suites::{Found, find_all, find_in};
use super::terminal::{document, error, out};
use crate::data::counted;
use crate::gate::Policy;
use crate::report::{diff_markdown, diff_text, inert_json};
use crate::review::{Diff, Kind, Side, diff};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// What is compared with: a suite, a folder of suites, or REV:PATH in git
    old: String,
    /// What is compared: a suite, a folder of suites, or REV:PATH in git
    new: String,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Which changes end with exit code 1: removed checks; weaker also counts checks and suites that let more through;
    /// incomparable whatever is not shown to let no more through; any every change
    #[arg(long, value_enum, value_name = "CHANGES")]
    fail_on: Option<FailOn>,
    /// A value for a parameter of Great Expectations suites; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    parameter: Vec<(String, String)>,
    #[command(flatten)]
    project: ProjectArguments,
}

/// How changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    // For people.
    Text,
    // For programs.
    Json,
    // For pull requests.
    Markdown,
}

/// Which changes are too much. Each value holds all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum FailOn {
    // Checks that are gone, and not covered by others.
    Removed,
    // And what lets more through.
    Weaker,
    // And what is not proved to let no more through.
    Incomparable,
    // Whatever is not as it was.
    Any,
}

impl FailOn {
    /// Returns whether a change is too much.
    fn counts(self, kind: Kind) -> bool {
        let least = match kind {
            Kind::Removed => Self::Removed,
            Kind::Weaker => Self::Weaker,
            Kind::Incomparable => Self::Incomparable,
            Kind::Stronger | Kind::Added => Self::Any,
            Kind::Equal => return false,
        };
        least <= self
    }

    /// What is wrong with so many changes.
    const fn complaint(self) -> (&'static str, &'static str) {
        match self {
            Self::Removed => ("check is gone", "checks are gone"),
            Self::Weaker => ("change lets more through", "changes let more through"),
            Self::Incomparable => {
                ("change is not shown to let no more through", "changes are not shown to let no more through")
            }
            Self::Any => ("change", "changes"),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let sides = [&arguments.old, &arguments.new].map(|side| suites_of(side, arguments));
    let [Ok(old), Ok(new)] = sides else { return Exit::Usage };
    if old.is_empty() && new.is_empty() {
        error("no suite on either side; nothing was compared", Some("karat diff main:suites suites"));
        return Exit::Usage;
    }
    let changes = diff(&arguments.old, &sides_of(&old), &arguments.new, &sides_of(&new));
    match arguments.format {
        Format::Text => out(&diff_text(&changes)),
        Format::Json => document(&inert_json(&changes)),
        Format::Markdown => out(&diff_markdown(&changes)),
    }
    arguments.fail_on.map_or(Exit::Passed, |fail_on| gate(fail_on, &changes))
}

/// Stops, if there are changes that are too much.
fn gate(fail_on: FailOn, changes: &Diff) -> Exit {
    let count = changes.kinds().filter(|kind| fail_on.counts(*kind)).count();
    let has_other_changes = fail_on == FailOn::Any && !changes.is_empty();
    if count == 0 && !has_other_changes {
        return Exit::Passed;
    }
    let (one, many) = fail_on.complaint();
    error(&counted(count.max(1) as u64, one, many), Some("who answers for the data approves it"));
    Exit::Failed
}

/// The suites of a side: those of files, or of a revision.
fn suites_of(side: &str, diff: &Arguments) -> Result<Vec<Found>, Exit> {
    let path = PathBuf::from(side);
    let arguments = |path: PathBuf| SuiteArguments {
        suites: vec![path],
        layer: None,
        parameter: diff.parameter.clone(),
        project: diff.project.clone(),
    };
    match Revision::of(side) {
        Some(revision) if !path.exists() => {
            let Some(copy) = materialised(&revision)? else { return Ok(Vec::new()) };
            find_in("diff", &arguments(copy.path.clone()), &|path| copy.shown(path))
        }
        _ => find_all("diff", &arguments(path)),
    }
}

fn sides_of(found: &[Found]) -> Vec<Side<'_>> {
    found
        .iter()
        .map(|found| {
            let policy = found.project.policies.of(found.suite.layer.as_ref());
            let stops_on_warn = policy == Policy::StopOnWarn;
            Side { suite: &found.suite, stops_on_warn, gate: policy.to_string() }
        })
        .collect()
}
