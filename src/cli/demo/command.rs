//! The arguments of `karat demo` and its run: writes the lakehouse, checks it, and compares the faults found.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};

use super::faults::FAULTS;
use super::lake::Lake;
use super::suites::SUITES;
use super::tpch::COUNT;
use crate::cli::check::{self, Arguments as CheckArguments, Context, Judged};
use crate::cli::exit::Exit;
use crate::cli::output::write;
use crate::cli::terminal::{error, note, out};
use crate::history::Place;
use crate::report::Report;
use crate::run::{Run, chain, now};

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = HELP.as_str())]
pub(in crate::cli) struct Arguments {
    /// Where to make it; the folder must not hold a lakehouse yet
    #[arg(value_name = "DIR", default_value = "karat-demo")]
    folder: PathBuf,
}

/// The help text that lists the seeded faults.
static HELP: LazyLock<String> = LazyLock::new(|| {
    let mut text =
        String::from("The lakehouse is seeded with these faults, and karat must find exactly them:\n");
    for fault in FAULTS {
        let _ = writeln!(text, "  {:<44} {:>3}  {}", fault.check, fault.failing, fault.what);
    }
    text
});

pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    demo(&arguments.folder).unwrap_or_else(|exit| exit)
}

fn demo(folder: &Path) -> Result<Exit, Exit> {
    if folder.join("lake").exists() {
        error(
            &format!("{} holds a lakehouse already", folder.display()),
            Some("name another folder, or remove it"),
        );
        return Err(Exit::Usage);
    }
    note(&format!("writing a lakehouse to {}", folder.display()));
    let unwritten = |problem| {
        error(&chain(&problem), Some("name a folder that can be written to, or is not there yet"));
        Exit::Unknown
    };
    let mut lake = Lake::create(folder).map_err(unwritten)?;
    write(
        &folder.join("karat.yml"),
        "# Datasets are relative to this folder. Gold stops on warnings too.\nlayers:\n  gold:\n    fail_on: warn\n",
    )?;
    for (path, text) in SUITES {
        write(&folder.join("suites").join(path), text)?;
    }
    let check = CheckArguments {
        history: Some(Place::Folder(folder.join("history"))),
        docs: Some(folder.join("docs")),
        ..CheckArguments::of(folder.join("suites"))
    };
    // A load a day, each judged an hour later; the last one is judged by the command that ends the demo.
    let now = now();
    for load in 1..=COUNT {
        let time = now - TimeDelta::days(i64::try_from(COUNT - load).unwrap_or_default());
        lake.load(load, time - TimeDelta::hours(1)).map_err(unwritten)?;
        if load < COUNT {
            judge_earlier(time, &check)?;
        }
    }
    let (mut run, context) = judged(&check)?;
    check::show(&mut run, &check, &context)?;
    conclude(folder, &run)
}

/// Judges the tables as they are on an earlier day, so that the last run knows since when a check fails.
fn judge_earlier(time: DateTime<Utc>, check: &CheckArguments) -> Result<(), Exit> {
    let check = CheckArguments { quiet: true, docs: None, now: Some(time), ..check.clone() };
    let (run, context) = judged(&check)?;
    context.history.map_or(Ok(()), |history| check::keep(&run, &Report::from(&run), &history).map(drop))
}

/// Judges the tables, with what earlier runs say.
fn judged(check: &CheckArguments) -> Result<(Run, Context), Exit> {
    let Judged { mut run, context } = check::judge(check)?;
    context.history.as_ref().map_or(Ok(()), |history| check::remember(&mut run, history))?;
    Ok((run, context))
}

/// Compares the faults that the run found with the seeded ones. Returns an error unless they are the same.
fn conclude(folder: &Path, run: &Run) -> Result<Exit, Exit> {
    let mut found: Vec<(String, u64)> = Vec::new();
    let mut unknown = Vec::new();
    for suite in &run.suites {
        for (check, outcome) in suite.suite.checks.iter().zip(&suite.outcomes) {
            let name = format!("{} {}", suite.suite.name, check.id);
            match outcome.counts.map(|counts| counts.failing) {
                Some(failing) if failing > 0 => found.push((name, failing)),
                _ if outcome.verdict > crate::evaluate::Verdict::Warn => unknown.push(name),
                _ => {}
            }
        }
    }
    let seeded: Vec<(String, u64)> =
        FAULTS.iter().map(|fault| (fault.check.to_owned(), fault.failing)).collect();
    let missed: Vec<_> = seeded.iter().filter(|fault| !found.contains(fault)).collect();
    let extra: Vec<_> = found.iter().filter(|fault| !seeded.contains(fault)).collect();
    let exit = Exit::from(run.decision()).code();
    if !missed.is_empty() || !extra.is_empty() || !unknown.is_empty() {
        for (name, failing) in &missed {
            error(&format!("seeded but not found: {name}, {failing} rows"), None);
        }
        for (name, failing) in &extra {
            error(&format!("found but not seeded: {name}, {failing} rows"), None);
        }
        for name in &unknown {
            error(&format!("neither seeded nor expected to fail: {name}"), None);
        }
        return Err(Exit::Failed);
    }
    let folder = folder.display();
    out(&format!(
        "\nThese are exactly the {} faults that were seeded (karat demo --help lists them).\n\
         \n  {folder}/docs/index.html   the data docs, to open in a browser\
         \n  {folder}/suites            the suites\
         \n  {folder}/lake              the tables, with their versions\
         \n  {folder}/lake/quarantine   what did not reach silver\
         \n  {folder}/lake/staging      what was refused for gold\
         \n  {folder}/history           the runs, one of each version\n\
         \nAs a gate, `karat check {folder}/suites` exits with {exit}.\n",
        FAULTS.len()
    ));
    Ok(Exit::Passed)
}
