//! `karat check`

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::arguments::{DataArguments, FailOn, SuiteArguments, bytes, column, result_format, time, trust};
use super::environment::begin_again;
use super::exit::Exit;
use super::memory::watch;
use super::output::{remove, write};
use super::suites::Found;
use super::terminal::{error, note, out, width};
use super::variables::{HELP, tell_mistyped};
use super::{progress, suites};
use crate::data::ColumnPath;
use crate::document::did_you_mean;
use crate::gate::{Decision, Policies, Policy};
use crate::report::{
    Report, ResultFormat, TextOptions, ValidationOptions, brief, html, json, text, validation_results,
};
use crate::run::{CheckOptions, Run, SuiteRun, chain, memory, now, run_suite};
use crate::source::{Data, Trust};

/// The page of a run that judged nothing.
const UNJUDGED: &str = include_str!("../../reports/unjudged.html");

const GX_RESULT_FORMAT: &str = "How much gx tells: BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE (at most 10,000 failing rows of a check) [default: SUMMARY]";

#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) suites: SuiteArguments,
    #[command(flatten)]
    pub(super) data: DataArguments,
    /// How to show the result: text, json, html or gx (as Great Expectations would), and where, if not on standard output; repeatable
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = format)]
    pub(super) format: Vec<(Format, Option<PathBuf>)>,
    #[arg(long, value_name = "LEVEL", value_parser = result_format, help = GX_RESULT_FORMAT)]
    pub(super) gx_result_format: Option<ResultFormat>,
    /// The columns that name a failing row, instead of the suite's key
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', value_parser = column)]
    pub(super) index_columns: Vec<ColumnPath>,
    /// Where to write what would go to standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write the data docs into a folder: index.html and report.json
    #[arg(long, value_name = "DIR")]
    pub(super) docs: Option<PathBuf>,
    /// What stops the gates, instead of each layer's policy
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(super) fail_on: Option<FailOn>,
    /// How many failing rows to show for each check
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) samples: usize,
    /// Only the checks with this id, expectation, column or tag; repeatable
    #[arg(long, value_name = "NAME")]
    pub(super) select: Vec<String>,
    /// Which statistics may replace reading rows: log (those of a Delta table's log, and of footers), footer
    /// or none, which reads every row
    #[arg(long, value_name = "WHOSE", value_parser = trust, default_value = Trust::default().name())]
    pub(super) trust: Trust,
    /// Fail a check that had no row to judge
    #[arg(long)]
    pub(super) no_vacuous: bool,
    /// Skip the layers after one whose gate did not pass
    #[arg(long)]
    pub(super) stop_on_layer: bool,
    /// How much memory to take at most (see `karat explain memory`): 2GB, 512MiB [default: three quarters of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub(super) memory: Option<u64>,
    /// The time that counts as now (RFC 3339)
    #[arg(long, value_name = "T", value_parser = time)]
    pub(super) now: Option<chrono::DateTime<chrono::Utc>>,
    /// How many threads work at once [default: as many as the machine or its cgroup has processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
    /// Show failing rows
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Show only what did not pass
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Html,
    GreatExpectations,
}

fn format(argument: &str) -> Result<(Format, Option<PathBuf>), String> {
    let (name, file) = argument.split_once('=').map_or((argument, None), |(name, file)| (name, Some(file)));
    let format = match name {
        "text" => Format::Text,
        "json" => Format::Json,
        "html" => Format::Html,
        "gx" => Format::GreatExpectations,
        _ => return Err("a format is text, json, html or gx".to_owned()),
    };
    match file {
        Some("") => Err("the file's name is missing".to_owned()),
        file => Ok((format, file.map(PathBuf::from))),
    }
}

impl Arguments {
    /// The defaults, for suites in a folder.
    pub(super) fn of(folder: PathBuf) -> Self {
        Self {
            suites: SuiteArguments { suites: vec![folder], ..SuiteArguments::default() },
            samples: CheckOptions::default().samples,
            ..Self::default()
        }
    }

    fn shows(&self, wanted: Format) -> bool {
        self.format.iter().any(|(format, _)| *format == wanted)
    }

    /// How validation results of Great Expectations are written, if they are.
    fn validation(&self) -> Option<ValidationOptions> {
        self.shows(Format::GreatExpectations).then(|| ValidationOptions {
            result_format: self.gx_result_format.unwrap_or_default(),
            index_columns: self.index_columns.clone(),
            ..ValidationOptions::default()
        })
    }
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let memory = arguments.memory.or_else(memory);
    if let Err(exit) = begin_again(arguments.threads, memory) {
        return exit;
    }
    tell_mistyped();
    if let Some(memory) = memory {
        let arguments = arguments.clone();
        watch(memory, arguments.threads, move || say_unjudged(&arguments));
    }
    match judge(arguments) {
        Ok(mut run) => match show(&mut run, arguments) {
            Ok(()) => run.decision().into(),
            Err(exit) => exit,
        },
        Err(exit) => {
            say_unjudged(arguments);
            exit
        }
    }
}

/// Nothing was judged: what an earlier run wrote does not stay as if this one had, and pages say so.
fn say_unjudged(arguments: &Arguments) {
    let mut files: Vec<(Format, PathBuf)> = Vec::new();
    for (format, file) in &arguments.format {
        files.extend(file.as_ref().or(arguments.output.as_ref()).map(|file| (*format, file.clone())));
    }
    if arguments.format.is_empty() {
        files.extend(arguments.output.iter().map(|file| (Format::Text, file.clone())));
    }
    if let Some(folder) = &arguments.docs {
        files.push((Format::Html, folder.join("index.html")));
        files.push((Format::Json, folder.join("report.json")));
    }
    for (format, file) in files {
        if format == Format::Html {
            // Whether it can be written or not: the exit code says already that nothing was judged.
            let _ = write(&file, UNJUDGED);
        } else {
            remove(&file);
        }
    }
}

/// Runs the suites.
pub(super) fn judge(arguments: &Arguments) -> Result<Run, Exit> {
    if arguments.format.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        error("only one format can go to standard output", Some("--format json=report.json"));
        return Err(Exit::Usage);
    }
    if arguments.gx_result_format.is_some() && !arguments.shows(Format::GreatExpectations) {
        error("--gx-result-format is given without --format gx", Some("--format gx=validation.json"));
        return Err(Exit::Usage);
    }
    let found = suites::find("check", &arguments.suites)?;
    if arguments.data.data.is_some() && found.len() > 1 {
        error("--data is given for several suites", Some("name the one suite that it is for"));
        return Err(Exit::Usage);
    }
    // One time for all suites: they are of one run.
    let started_at = arguments.now.unwrap_or_else(now);
    let options = CheckOptions { now: Some(started_at), ..options(arguments) };
    selects_something(&found, &options)?;
    let start = Instant::now();
    let mut runs: Vec<SuiteRun> = Vec::with_capacity(found.len());
    for found in found {
        let stopped = arguments.stop_on_layer
            && runs
                .iter()
                .any(|run| run.gate.decision != Decision::Passed && run.suite.layer < found.suite.layer);
        runs.push(if stopped { skip(&found, &options) } else { run_one(&found, arguments, &options)? });
    }
    Ok(Run::new(started_at, start.elapsed(), runs))
}

fn options(arguments: &Arguments) -> CheckOptions {
    CheckOptions {
        samples: arguments.validation().map_or(0, |told| told.samples()).max(arguments.samples),
        key: arguments.index_columns.clone(),
        vacuous_passes: !arguments.no_vacuous,
        select: arguments.select.clone(),
        trust: arguments.trust,
        now: arguments.now,
        memory: arguments.memory,
        ..CheckOptions::default()
    }
}

fn selects_something(found: &[Found], options: &CheckOptions) -> Result<(), Exit> {
    const NAMED: usize = 5;
    let checks = || found.iter().flat_map(|found| &found.suite.checks);
    if checks().any(|check| options.selects(check)) {
        return Ok(());
    }
    let names = checks().flat_map(|check| {
        let names = [check.id.as_str(), &check.name];
        names.into_iter().chain(check.tags.iter().map(String::as_str))
    });
    let names: Vec<&str> = names.collect();
    let help = options.select.iter().find_map(|wanted| did_you_mean(wanted, names.iter().copied()));
    let first: Vec<String> = checks().take(NAMED).map(|check| brief(&check.id, 60)).collect();
    let more = if checks().count() > NAMED { ", …" } else { "" };
    let help = help.or_else(|| Some(format!("the checks are {}{more}", first.join(", "))));
    error(
        &format!("no check is called {}; nothing was judged", options.select.join(" or ")),
        help.as_deref(),
    );
    Err(Exit::Usage)
}

fn run_one(found: &Found, arguments: &Arguments, options: &CheckOptions) -> Result<SuiteRun, Exit> {
    let (uri, datasets) = (found.uri(&arguments.data), found.datasets());
    let storage = arguments.data.source.storage(&found.project);
    let Found { suite, project } = found;
    let policies = match arguments.fail_on {
        Some(FailOn::Error) => Policies::all(Policy::StopOnFail),
        Some(FailOn::Warn) => Policies::all(Policy::StopOnWarn),
        None => project.policies,
    };
    let Some(uri) = uri else {
        let message = format!("the suite {} names no data", suite.path);
        error(&message, Some("give it with --data, or write data: into the suite"));
        return Err(Exit::Usage);
    };
    let at = arguments.data.at();
    let bar = progress::bar(&suite.name, arguments.quiet);
    let heard = bar.clone();
    let options = CheckOptions {
        policies,
        datasets,
        storage,
        trust: options.trust.min(project.most_trust(suite.layer)),
        progress: Arc::new(move |progress| progress::advance(&heard, progress)),
        ..options.clone()
    };
    let run = run_suite(suite, Data::Uri { uri, at }, &options);
    bar.finish_and_clear();
    Ok(run)
}

/// A suite of a layer after one that did not pass.
fn skip(found: &Found, options: &CheckOptions) -> SuiteRun {
    SuiteRun::skipped(&found.suite, "an earlier layer did not pass", options)
}

/// Shows the run in every format that is asked for.
pub(super) fn show(run: &mut Run, arguments: &Arguments) -> Result<(), Exit> {
    // Told first: it may list more failing rows than any other format shows.
    let validation = arguments.validation().map(|told| validation_results(run, &told)).unwrap_or_default();
    run.suites.iter_mut().for_each(|suite| suite.keep_samples(arguments.samples));
    let shown = Shown { run, report: OnceCell::new(), validation, arguments };
    let to_stdout = arguments.format.iter().any(|(_, file)| file.is_none());
    // Files are beside the text, which people still see.
    let text_too = (!to_stdout).then_some((Format::Text, None));
    // One that cannot be written costs no other one.
    let mut written = Ok(());
    for (format, file) in text_too.iter().chain(&arguments.format) {
        let one =
            shown.render(*format).and_then(|rendered| match file.as_ref().or(arguments.output.as_ref()) {
                Some(file) if *format == Format::Text => {
                    write(file, &anstream::adapter::strip_str(&rendered).to_string())
                }
                Some(file) => write(file, &rendered),
                None => {
                    out(&rendered);
                    Ok(())
                }
            });
        written = written.and(one);
    }
    if let Some(folder) = &arguments.docs {
        for (name, format) in [("index.html", Format::Html), ("report.json", Format::Json)] {
            let one = shown.render(format).and_then(|rendered| write(&folder.join(name), &rendered));
            written = written.and(one);
        }
        if written.is_ok() {
            note(&format!("docs: {}", folder.join("index.html").display()));
        }
    }
    written
}

/// A run in the forms that are shown.
struct Shown<'a> {
    run: &'a Run,
    /// Made when a format asks for it.
    report: OnceCell<Report>,
    validation: String,
    arguments: &'a Arguments,
}

impl Shown<'_> {
    fn report(&self) -> &Report {
        self.report.get_or_init(|| Report::from(self.run))
    }

    fn render(&self, format: Format) -> Result<String, Exit> {
        let Arguments { quiet, verbose, .. } = *self.arguments;
        match format {
            Format::Text => {
                Ok(text(self.run, TextOptions { width: width(), passed: !quiet, samples: verbose }))
            }
            Format::Json => Ok(json(self.report())),
            Format::Html => html(self.report()).map_err(|problem| {
                error(&chain(&problem), None);
                Exit::Unknown
            }),
            Format::GreatExpectations => Ok(self.validation.clone()),
        }
    }
}
