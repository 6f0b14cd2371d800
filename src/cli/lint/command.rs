//! What the command does.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::super::arguments::{DataArguments, SuiteArguments};
use super::super::diagnostics::Source;
use super::super::engines::EngineArguments;
use super::super::exit::Exit;
use super::super::suites::{self, Found};
use super::super::terminal::{error, note, out};
use super::super::variables::{HELP, tell_mistyped};
use super::drift::{tell_drift, touched};
use super::fit::{does_fit, without_data};
use super::locked::{Locks, bound_to};
use crate::data::{Schema, redacted};
use crate::document::Span;
use crate::plan::{BindError, Plan};
use crate::project::LockedDataset;
use crate::review::{Level, findings};
use crate::run::{Bound, CheckOptions, bound, chain};
use crate::source::{Data, Opened};
use crate::suite::{DefinedIn, Suite};

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = HELP)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    suites: SuiteArguments,
    #[command(flatten)]
    data: DataArguments,
    #[command(flatten)]
    engine: EngineArguments,
    /// Judge by the columns in schema.lock, and open no data
    #[arg(long, conflicts_with_all = ["data", "version", "timestamp", "changes", "update_lock"])]
    locked: bool,
    /// Write the columns of the data to schema.lock, beside karat.yml
    #[arg(long, alias = "lock", conflicts_with_all = ["data", "version", "timestamp", "changes"])]
    update_lock: bool,
}

/// What a suite is bound to.
pub(super) struct BoundTo {
    pub(super) plan: Result<Plan, BindError>,
    pub(super) schema: Schema,
    pub(super) now: DateTime<Utc>,
    /// What that is, for people.
    pub(super) name: String,
}

/// What a suite came to without columns.
pub(super) struct Logic {
    /// Whether nothing contradicts itself.
    pub(super) is_sound: bool,
    /// The places of which something was said.
    pub(super) mentioned: Vec<Span>,
}

pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    tell_mistyped();
    let found = match suites::find_all("lint", &arguments.suites) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    definitions(&found);
    let mut locks = match Locks::of(&found) {
        Ok(locks) => locks,
        Err(exit) => return exit,
    };
    let mut worst = Exit::Passed;
    for found in &found {
        match lint(found, arguments, &mut locks) {
            Exit::Passed => {}
            exit => worst = if worst == Exit::Usage { worst } else { exit },
        }
    }
    if arguments.update_lock && worst == Exit::Passed {
        return locks.write();
    }
    if arguments.update_lock {
        note("schema.lock stays as it is until the suites are right and all data was read");
    }
    worst
}

/// What is wrong with a project's own expectations stops its suites from being read.
fn definitions(found: &[Found]) {
    let mut told = BTreeSet::new();
    for composed in found.iter().flat_map(|found| found.project.catalogue.composed()) {
        if let DefinedIn::File { path } = &composed.defined_in
            && told.insert(path)
        {
            out(&format!("{path}: {} reads well\n", composed.id));
        }
    }
}

fn lint(found: &Found, arguments: &Arguments, locks: &mut Locks) -> Exit {
    let suite = &found.suite;
    let logic = contradictions(suite);
    let fits = match found.uri(&arguments.data) {
        None => without_data(suite, logic.is_sound),
        Some(_) if arguments.locked => by_lock(found, locks, &logic),
        Some(uri) => by_data(found, arguments, locks, &uri, &logic),
    };
    if logic.is_sound { fits } else { Exit::Usage }
}

/// Says which checks contradict themselves or each other, or say nothing.
fn contradictions(suite: &Suite) -> Logic {
    let mut logic = Logic { is_sound: true, mentioned: Vec::new() };
    let source = Source::of(suite);
    for finding in findings(suite) {
        logic.mentioned.push(finding.diagnostic.span);
        match finding.level {
            Level::Error => {
                source.show(&finding.diagnostic);
                logic.is_sound = false;
            }
            Level::Note => source.show_remark(&finding.diagnostic),
        }
    }
    logic
}

/// Holds a suite against the columns that are locked.
fn by_lock(found: &Found, locks: &Locks, logic: &Logic) -> Exit {
    let Some(dataset) = locks.dataset(found) else {
        let data = found.suite.data.as_deref().unwrap_or_default();
        let message = format!("{}: the columns of {data} are not locked", found.suite.path);
        error(
            &message,
            Some("karat lint --update-lock writes them to schema.lock, where the data can be read"),
        );
        return Exit::Unknown;
    };
    does_fit(&found.suite, &bound_to(found, dataset, locks), logic)
}

/// Holds a suite against the columns of its data, and those against what is locked.
fn by_data(found: &Found, arguments: &Arguments, locks: &mut Locks, uri: &str, logic: &Logic) -> Exit {
    let suite = &found.suite;
    let storage = found.storage(&arguments.data);
    let engine = arguments.engine.of_any(uri, &found.project);
    let options = CheckOptions { engine, datasets: found.datasets(), storage, ..CheckOptions::default() };
    let data = Data::Uri { uri: uri.to_owned(), at: arguments.data.at() };
    let opened = match bound(suite, data, &options) {
        Ok(opened) => opened,
        Err(problem) => {
            let why = format!("{}: {}", suite.path, chain(&problem));
            if arguments.update_lock || arguments.data.data.is_some() || locks.dataset(found).is_none() {
                error(&why, problem.help());
                return Exit::Unknown;
            }
            note(&format!("note: {why}; its columns in schema.lock stand for it"));
            return by_lock(found, locks, logic);
        }
    };
    let Bound { plan, snapshot, others, now } = opened;
    let schema = snapshot.schema().clone();
    let fits = does_fit(suite, &BoundTo { plan, schema, now, name: redacted(uri) }, logic);
    let broken = drifted(found, arguments, locks, snapshot.as_ref());
    if arguments.update_lock && fits == Exit::Passed {
        return match locks.add(found, snapshot.as_ref(), &others) {
            Ok(()) => Exit::Passed,
            Err(exit) => exit,
        };
    }
    if fits == Exit::Passed { broken } else { fits }
}

/// Says how the columns differ from those that are locked.
fn drifted(found: &Found, arguments: &Arguments, locks: &Locks, snapshot: &dyn Opened) -> Exit {
    let Some(dataset): Option<&LockedDataset> = locks.dataset(found) else { return Exit::Passed };
    let columns = match super::locked::columns(snapshot) {
        Ok(columns) => columns,
        Err(exit) => return exit,
    };
    let plan = bound_to(found, dataset, locks).plan;
    let readers = |column: &str| touched(&found.suite, plan.as_ref().ok(), column);
    tell_drift(found, dataset, &columns, &readers, arguments.update_lock)
}

/// Where the lock of a project lies.
pub(super) fn lock_file(found: &Found) -> PathBuf {
    found.project.root.join(crate::project::LOCK)
}
