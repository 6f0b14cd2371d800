//! Runs the suites of `karat check`: layer by layer if a failed layer stops the later ones, else all of them. The suites
//! of the same data are run together, so that it is read once; different data is read side by side.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar};

use super::arguments::FailOn;
use super::check::Arguments;
use super::exit::Exit;
use super::progress;
use super::staged::with_staged;
use super::suites::Found;
use super::terminal::error;
use crate::data::Dialect;
use crate::engine::Engine;
use crate::gate::{Decision, Policies, Policy};
use crate::publish::{Published, publish_together};
use crate::report::brief;
use crate::run::{CheckOptions, Publication, SuiteRun, memory, run_together};
use crate::source::{At, Data, StorageOptions, Trust};
use crate::suite::Suite;

/// The number of datasets that are read side by side, at most. Each read uses all threads already; several keep them busy
/// while one waits for its store.
const MOST_AT_ONCE: usize = 4;

/// Suites that judge the same data in the same way.
struct Batch<'a> {
    /// The suites, each with its position among all suites.
    suites: Vec<(usize, &'a Found)>,
    reading: Reading,
    /// What judges the data.
    engine: Arc<dyn Engine>,
    vacuous_passes: bool,
}

/// The data of a batch and the way in which it is read.
#[derive(Clone, PartialEq, Eq)]
struct Reading {
    uri: String,
    at: At,
    storage: StorageOptions,
    trust: Trust,
    dialect: Dialect,
    /// The root of the project, in which other datasets have their names.
    project: PathBuf,
}

/// The runs of suites, and what became of files that were to be published.
pub(super) struct Ran {
    /// In the order of the suites.
    pub(super) runs: Vec<SuiteRun>,
    pub(super) publication: Option<Publication>,
}

/// Runs suites.
pub(super) fn run_all(found: &[Found], arguments: &Arguments, options: &CheckOptions) -> Result<Ran, Exit> {
    if arguments.staged.table.staged.is_some() {
        let all: Vec<(usize, &Found)> = found.iter().enumerate().collect();
        let batches = batches(&all, arguments, options)?;
        is_of_one_table(&batches, arguments)?;
        if let ([batch], true) = (batches.as_slice(), arguments.staged.publish) {
            return Ok(publish(batch, arguments, options));
        }
    }
    let stops =
        |found: &Found| arguments.stop_on_layer || found.project.defaults.stop_on_layer.unwrap_or_default();
    let mut runs: Vec<SuiteRun> = Vec::with_capacity(found.len());
    let mut rest = found;
    while let Some(first) = rest.first() {
        let same_layer = |other: &&Found| !found.iter().any(stops) || other.suite.layer == first.suite.layer;
        let (layer, later) = rest.split_at(rest.iter().take_while(same_layer).count());
        rest = later;
        let is_stopped = runs
            .iter()
            .any(|run| run.gate.decision != Decision::Passed && run.suite.layer < first.suite.layer);
        let (skipped, asked): (Vec<_>, Vec<_>) =
            layer.iter().enumerate().partition(|(_, found)| is_stopped && stops(found));
        let skipped = skipped.into_iter().map(|(place, found)| {
            let options = CheckOptions { policies: policies(found, arguments), ..options.clone() };
            (place, SuiteRun::skipped(&found.suite, "an earlier layer did not pass", &options))
        });
        let mut of_layer: Vec<(usize, SuiteRun)> = skipped.collect();
        of_layer.extend(run_batches(&batches(&asked, arguments, options)?, arguments, options));
        of_layer.sort_by_key(|(place, _)| *place);
        runs.extend(of_layer.into_iter().map(|(_, run)| run));
    }
    Ok(Ran { runs, publication: None })
}

/// Refuses suites of several tables for staged files, which are to be appended to one.
fn is_of_one_table(batches: &[Batch<'_>], arguments: &Arguments) -> Result<(), Exit> {
    let uris: BTreeSet<&str> = batches.iter().map(|batch| batch.reading.uri.as_str()).collect();
    if uris.len() > 1 {
        error("--staged is given for suites of several tables", Some("say with --into which one is meant"));
        return Err(Exit::Usage);
    }
    if arguments.staged.publish && batches.len() > 1 {
        error(
            "--publish is given for suites that read the table in different ways",
            Some("all must be of one project, and trust the same statistics"),
        );
        return Err(Exit::Usage);
    }
    Ok(())
}

/// Groups suites by the data that they judge and the way in which it is read.
fn batches<'a>(
    asked: &[(usize, &'a Found)],
    arguments: &Arguments,
    options: &CheckOptions,
) -> Result<Vec<Batch<'a>>, Exit> {
    let mut batches: Vec<Batch<'a>> = Vec::new();
    for (place, found) in asked {
        let Found { suite, project } = found;
        let Some(uri) = found.uri(&arguments.data) else {
            let message = format!("the suite {} names no data", suite.path);
            error(&message, Some("give it with --data, or write data: into the suite"));
            return Err(Exit::Usage);
        };
        let reading = Reading {
            uri,
            at: arguments.data.at(),
            storage: found.storage(&arguments.data),
            trust: options.trust.min(project.most_trust(suite.layer.as_ref())),
            dialect: Dialect {
                leaves_out_malformed: options.counts_malformed(suite),
                ..suite.dialect.clone()
            },
            project: project.root.clone(),
        };
        match batches.iter_mut().find(|batch| batch.reading == reading) {
            Some(batch) => batch.suites.push((*place, *found)),
            None => batches.push(Batch {
                suites: vec![(*place, *found)],
                engine: arguments.engine.of(&reading.uri, project)?,
                reading,
                vacuous_passes: options.vacuous_passes && project.defaults.vacuous_passes.unwrap_or(true),
            }),
        }
    }
    Ok(batches)
}

/// Returns the data of a suite that is judged alone, and the options of its check.
pub(super) fn alone(
    found: &Found,
    arguments: &Arguments,
    options: &CheckOptions,
) -> Result<(Data, CheckOptions), Exit> {
    let mut batches = batches(&[(0, found)], arguments, options)?;
    let Some(batch) = batches.pop() else { return Err(Exit::Usage) };
    let options = batch.options(arguments, options);
    let Reading { uri, at, .. } = batch.reading;
    Ok((Data::Uri { uri, at }, options))
}

/// Runs batches side by side, within one memory budget. Returns each run with the position of its suite.
fn run_batches(
    batches: &[Batch<'_>],
    arguments: &Arguments,
    options: &CheckOptions,
) -> Vec<(usize, SuiteRun)> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = arguments.threads.map_or(processors, usize::from);
    let workers = batches.len().min(MOST_AT_ONCE).min(threads);
    let budget = options.memory.or_else(memory).map(|bytes| bytes / workers.max(1) as u64);
    let options = CheckOptions { memory: budget, ..options.clone() };
    let (next, bars) = (Mutex::new(batches.iter()), MultiProgress::new());
    let work = || {
        let mut runs = Vec::new();
        loop {
            let batch = next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(batch) = batch else { break runs };
            runs.extend(run_batch(batch, arguments, &options, &bars));
        }
    };
    if workers < 2 {
        return work();
    }
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let runs = work();
                done.lock().unwrap_or_else(PoisonError::into_inner).extend(runs);
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Returns what stops the layers of a suite's project.
fn policies(found: &Found, arguments: &Arguments) -> Policies {
    match arguments.fail_on {
        Some(FailOn::Error) => Policies::all(Policy::StopOnFail),
        Some(FailOn::Warn) => Policies::all(Policy::StopOnWarn),
        None => found.project.policies.clone(),
    }
}

/// Runs the suites of a batch together.
fn run_batch(
    batch: &Batch<'_>,
    arguments: &Arguments,
    options: &CheckOptions,
    bars: &MultiProgress,
) -> Vec<(usize, SuiteRun)> {
    let Some((_, first)) = batch.suites.first() else { return Vec::new() };
    let Reading { uri, at, .. } = batch.reading.clone();
    let staged = arguments.staged.table.files(first, &arguments.data.source);
    let bar = bar(batch, arguments, bars);
    let runs =
        run_together(&batch.suites(), with_staged(uri, at, staged), &batch.shown(arguments, options, &bar));
    bar.finish_and_clear();
    batch.suites.iter().map(|(place, _)| *place).zip(runs).collect()
}

/// Runs the suites of a batch together, and publishes the staged files if all of them let it through.
fn publish(batch: &Batch<'_>, arguments: &Arguments, options: &CheckOptions) -> Ran {
    let staged = batch
        .suites
        .first()
        .and_then(|(_, first)| arguments.staged.table.files(first, &arguments.data.source));
    let Some(staged) = staged else { return Ran { runs: Vec::new(), publication: None } };
    let bar = bar(batch, arguments, &MultiProgress::new());
    let options = batch.shown(arguments, options, &bar);
    let Published { runs, publication, .. } =
        publish_together(&batch.suites(), &batch.reading.uri, &staged, &options);
    bar.finish_and_clear();
    Ran { runs, publication: Some(publication) }
}

/// Returns the bar that shows how far the read of a batch is.
fn bar(batch: &Batch<'_>, arguments: &Arguments, bars: &MultiProgress) -> ProgressBar {
    let names: Vec<&str> = batch.suites().iter().map(|suite| suite.name.as_str()).collect();
    progress::bar(bars, &brief(&names.join(", "), 60), arguments.quiet)
}

impl<'a> Batch<'a> {
    fn suites(&self) -> Vec<&'a Suite> {
        self.suites.iter().map(|(_, found)| &found.suite).collect()
    }

    /// Returns the options with those of the batch, whose progress a bar shows.
    fn shown(&self, arguments: &Arguments, options: &CheckOptions, bar: &ProgressBar) -> CheckOptions {
        let heard = bar.clone();
        CheckOptions {
            progress: Arc::new(move |progress| progress::advance(&heard, progress)),
            ..self.options(arguments, options)
        }
    }

    /// Returns the options with those of the batch.
    fn options(&self, arguments: &Arguments, options: &CheckOptions) -> CheckOptions {
        let mut options = CheckOptions {
            engine: Arc::clone(&self.engine),
            storage: self.reading.storage.clone(),
            trust: self.reading.trust,
            vacuous_passes: self.vacuous_passes,
            ..options.clone()
        };
        if let Some((_, first)) = self.suites.first() {
            options.policies = policies(first, arguments);
            options.datasets = first.datasets();
        }
        options
    }
}
