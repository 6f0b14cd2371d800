//! The command `karat history`: shows the runs that are kept, one check over time, and what has changed.

use chrono::TimeDelta;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::arguments::{CatalogueFormat, ProjectArguments, SourceArguments, storage_option};
use super::exit::Exit;
use super::suites::project_here;
use super::terminal::{document, error, note, out};
use crate::data::{counted, thousands};
use crate::document::did_you_mean;
use crate::history::{
    History, HistoryError, Listing, Place, RunRecord, Skipped, compare, diff_text, runs_text, timeline_text,
    timelines,
};
use crate::report::{inert_json, visible};
use crate::run::{chain, now};

#[derive(Args, Clone, Debug)]
pub(super) struct Arguments {
    /// The folder or the Delta table of the runs, instead of `history:` of karat.yml
    #[arg(long = "history", value_name = "DIR|delta:URI", value_parser = place(), global = true)]
    place: Option<Place>,
    /// What opens the object store of a Delta table, beside the environment (see `karat explain sources`); repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = storage_option, global = true)]
    storage_option: Vec<(String, String)>,
    /// Only this suite
    #[arg(long, value_name = "NAME", global = true)]
    suite: Option<String>,
    /// How many runs to show, the newest first; 0 for all
    #[arg(long, value_name = "N", default_value_t = 30, global = true)]
    limit: usize,
    /// How to show it
    #[arg(long, value_enum, default_value = "text", global = true)]
    format: CatalogueFormat,
    #[command(flatten)]
    project: ProjectArguments,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// Show what a check came to in each run
    Check {
        /// The check's name within its suite
        #[arg(value_name = "CHECK")]
        id: String,
    },
    /// Say what has changed from one run to another: in the last one since the one before, or since this
    Diff {
        /// The id of the earlier run, or how it begins
        #[arg(value_name = "OLD")]
        old: Option<String>,
        /// The id of the later run, or how it begins; the last one unless given
        #[arg(value_name = "NEW", requires = "old")]
        new: Option<String>,
    },
    /// Delete old runs
    Prune(PruneArguments),
}

#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = true)]
struct PruneArguments {
    /// How many of the newest runs stay
    #[arg(long, value_name = "N")]
    keep: Option<usize>,
    /// Runs stay that are not older: 90d, 12h
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<TimeDelta>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match show(arguments) {
        Ok(()) => Exit::Passed,
        Err(exit) => exit,
    }
}

fn show(arguments: &Arguments) -> Result<(), Exit> {
    let history = history(arguments)?;
    let mut listing = history.runs().map_err(|problem| tell(&problem))?;
    tell_skipped(&history, &listing.skipped);
    if let Some(What::Prune(prune)) = &arguments.what {
        if arguments.suite.is_some() {
            let help = "a run holds what all of its suites came to";
            return Err(usage("--suite is not for prune, which deletes whole runs", Some(help)));
        }
        return pruned(&history, &listing, prune);
    }
    if let Some(name) = &arguments.suite {
        let names: Vec<String> = listing.runs.iter().flat_map(names_of).collect();
        listing.runs.retain(|run| run.suite(name).is_some());
        if listing.runs.is_empty() {
            let help = did_you_mean(name, names.iter().map(String::as_str));
            return Err(usage(&format!("no run has a suite {name:?}"), help.as_deref()));
        }
        listing.runs.iter_mut().for_each(|run| run.suites.retain(|suite| suite.name == *name));
    }
    if listing.runs.is_empty() {
        let help = match history.place() {
            Place::Folder(_) => "karat check --history DIR keeps a run there",
            Place::Delta(_) => "karat check --history delta:URI keeps a run there",
        };
        return Err(usage(&format!("{history} has no runs"), Some(help)));
    }
    let most = if arguments.limit == 0 { usize::MAX } else { arguments.limit };
    match &arguments.what {
        Some(What::Check { id }) => over_time(&listing, id, most, arguments.format),
        Some(What::Diff { old, new }) => changes(&listing, old.as_deref(), new.as_deref(), arguments.format),
        _ => {
            let runs: Vec<&RunRecord> = listing.runs.iter().take(most).collect();
            match arguments.format {
                CatalogueFormat::Text => out(&runs_text(&runs)),
                CatalogueFormat::Json => document(&inert_json(&runs)),
            }
            Ok(())
        }
    }
}

/// Names what in a history is no run.
pub(super) fn tell_skipped(history: &History, skipped: &[Skipped]) {
    const MOST: usize = 10;
    for skipped in skipped.iter().take(MOST) {
        note(&format!("note: {history}: {}", visible(&skipped.to_string())));
    }
    if let Some(more) = skipped.len().checked_sub(MOST).filter(|more| *more > 0) {
        note(&format!("note: {history}: {} more are no runs", thousands(&more.to_string())));
    }
}

/// Says why a history cannot be used.
pub(super) fn tell(problem: &HistoryError) -> Exit {
    error(&chain(problem), Some("a history is a folder or a Delta table of runs: karat explain history"));
    Exit::Unknown
}

/// Returns the history that is meant.
fn history(arguments: &Arguments) -> Result<History, Exit> {
    // A folder needs nothing of a project.
    if let Some(Place::Folder(folder)) = &arguments.place {
        return Ok(History::at(folder));
    }
    let source =
        SourceArguments { storage_option: arguments.storage_option.clone(), ..SourceArguments::default() };
    let project = project_here(&arguments.project)?;
    let help = "name it by --history DIR or delta:URI, or by history: in karat.yml";
    let place = arguments.place.clone().or(project.history);
    let place = place.ok_or_else(|| usage("no history is kept here", Some(help)))?;
    Ok(History::of(place, &source.storage(&project.storage)))
}

/// Reads the place of a history.
pub(super) fn place() -> impl TypedValueParser<Value = Place> {
    PathBufValueParser::new().try_map(Place::parse)
}

fn names_of(run: &RunRecord) -> impl Iterator<Item = String> {
    run.suites.iter().map(|suite| suite.name.clone())
}

/// Shows a check of each suite that has it.
fn over_time(listing: &Listing, id: &str, most: usize, format: CatalogueFormat) -> Result<(), Exit> {
    let timelines = timelines(&listing.runs, id);
    if timelines.is_empty() {
        let ids = listing.runs.iter().flat_map(|run| &run.suites).flat_map(|suite| &suite.checks);
        let help = did_you_mean(id, ids.map(|check| check.id.as_str()));
        return Err(usage(&format!("no run has a check {id:?}"), help.as_deref()));
    }
    match format {
        CatalogueFormat::Text => {
            let texts = timelines.iter().map(|timeline| timeline_text(id, timeline, most));
            out(&texts.collect::<Vec<_>>().join("\n"));
        }
        CatalogueFormat::Json => {
            let runs = timelines.iter().flat_map(|timeline| timeline.runs.iter().take(most));
            let runs = runs.map(|at| {
                serde_json::json!({
                    "run": at.run.id,
                    "started_at": at.run.started_at,
                    "suite": at.suite.name,
                    "version": at.suite.version,
                    "check": at.check,
                })
            });
            document(&inert_json(&runs.collect::<Vec<_>>()));
        }
    }
    Ok(())
}

fn changes(
    listing: &Listing,
    old: Option<&str>,
    new: Option<&str>,
    format: CatalogueFormat,
) -> Result<(), Exit> {
    let new = match new {
        Some(id) => named(listing, id)?,
        None => listing.runs.first().ok_or(Exit::Usage)?,
    };
    let old = match old {
        Some(id) => named(listing, id)?,
        None => before(listing, new).ok_or_else(|| {
            usage("no earlier run has any of its suites", Some("karat history lists the runs"))
        })?,
    };
    let diff = compare(old, new);
    match format {
        CatalogueFormat::Text => out(&diff_text(&diff)),
        CatalogueFormat::Json => document(&inert_json(&diff)),
    }
    Ok(())
}

/// Returns the last run before another one that has a suite of it: those of other suites may lie between them.
fn before<'a>(listing: &'a Listing, new: &RunRecord) -> Option<&'a RunRecord> {
    let earlier = listing.runs.iter().skip_while(|run| run.id != new.id).skip(1);
    earlier.into_iter().find(|run| new.suites.iter().any(|suite| run.suite(&suite.name).is_some()))
}

/// Returns the run whose id begins so.
fn named<'a>(listing: &'a Listing, id: &str) -> Result<&'a RunRecord, Exit> {
    let mut runs = listing.runs.iter().filter(|run| run.id.starts_with(id));
    match (runs.next(), runs.next()) {
        (Some(run), None) => Ok(run),
        (Some(_), Some(_)) => {
            // The whole id of one may be how another begins.
            let exact = listing.runs.iter().find(|run| run.id == id);
            exact
                .ok_or_else(|| usage(&format!("several runs begin with {id:?}"), Some("give more of the id")))
        }
        _ => Err(usage(&format!("no run {id:?}"), Some("karat history lists the runs"))),
    }
}

/// Deletes runs, and what writers that were stopped left more than a day ago.
fn pruned(history: &History, listing: &Listing, prune: &PruneArguments) -> Result<(), Exit> {
    let now = now();
    let is_old = |run: &RunRecord| prune.older_than.is_none_or(|age| now - run.started_at > age);
    let old: Vec<RunRecord> =
        listing.runs.iter().skip(prune.keep.unwrap_or_default()).filter(|run| is_old(run)).cloned().collect();
    let deleted = history.prune(&old, now - TimeDelta::days(1)).map_err(|problem| tell(&problem))?;
    out(&format!(
        "{} deleted, {} kept\n",
        counted(deleted, "file", "files"),
        counted((listing.runs.len() - old.len()) as u64, "run", "runs")
    ));
    Ok(())
}

fn usage(message: &str, help: Option<&str>) -> Exit {
    error(message, help);
    Exit::Usage
}

fn age(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "an age is written 90d or 12h".to_owned();
    let digits = text.trim_end_matches(['d', 'h']);
    let number: i64 = digits.parse().ok().filter(|number| *number >= 0).ok_or_else(wrong)?;
    match &text[digits.len()..] {
        "d" => TimeDelta::try_days(number),
        "h" => TimeDelta::try_hours(number),
        _ => None,
    }
    .ok_or_else(wrong)
}
