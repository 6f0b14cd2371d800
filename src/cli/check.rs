//! The command `karat check`: judges data by suites and writes the reports.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

use super::arguments::{
    DataArguments, FailOn, MaskWith, SuiteArguments, bytes, column, result_format, time, trust,
};
use super::engines::EngineArguments;
use super::environment::begin_again;
use super::exit::Exit;
use super::formats::{Asked, Format, Output, Place, asked, collide, outputs};
use super::history::{place, tell, tell_skipped};
use super::masks::mask;
use super::memory::watch;
use super::output::{remove, write};
use super::platform::{Platform, checkout, summarise};
use super::running::Ran;
use super::staged::PublishArguments;
use super::suites::{Found, Suites};
use super::terminal::{document, error, note, width};
use super::variables::{HELP, tell_mistyped};
use super::{docs, running, suites};
use crate::data::ColumnPath;
use crate::history::{History, Place as HistoryPlace};
use crate::project;
use crate::report::{
    COMMENT, Home, NothingSelected, Report, ResultFormat, TextOptions, ValidationOptions, azure, github,
    gitlab, html_at, json, junit, markdown, sarif, text, validation_results,
};
use crate::run::{CheckOptions, Run, SuiteRun, chain, memory, now};
use crate::site::Site;
use crate::source::Trust;
use crate::suite::Catalogue;

/// The HTML page of a run that judged no suite.
const UNJUDGED: &str = include_str!("../../reports/unjudged.html");

const FORMAT: &str = "How to show the result, and where, if not on standard output; repeatable: text, json, html, gx (as Great Expectations would), junit, sarif, markdown (for a comment), github, gitlab, azure, or auto: text, and what the build server reads that runs it (see `karat explain outputs`)";

const GX_RESULT_FORMAT: &str = "How much gx tells: BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE (at most 10,000 failing rows of a check) [default: SUMMARY]";

/// The arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Command {
    #[command(flatten)]
    check: Arguments,
    #[command(flatten)]
    staged: PublishArguments,
}

#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) suites: SuiteArguments,
    #[command(flatten)]
    pub(super) data: DataArguments,
    #[command(flatten)]
    pub(super) engine: EngineArguments,
    /// What the command alone takes.
    #[arg(skip)]
    pub(super) staged: PublishArguments,
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = asked, help = FORMAT)]
    pub(super) format: Vec<Asked>,
    #[arg(long, value_name = "LEVEL", value_parser = result_format, help = GX_RESULT_FORMAT)]
    pub(super) gx_result_format: Option<ResultFormat>,
    /// The columns that name a failing row, instead of the suite's key
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', value_parser = column)]
    pub(super) index_columns: Vec<ColumnPath>,
    /// Where to write what would go to standard output
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Add the run to the data docs in a folder, a site to browse (see `karat explain docs`)
    #[arg(long, value_name = "SITE")]
    pub(super) docs: Option<PathBuf>,
    /// Keep the run in a folder or a Delta table, and say what has changed since those before (see `karat explain
    /// history`)
    #[arg(long, value_name = "DIR|delta:URI", value_parser = place())]
    pub(super) history: Option<HistoryPlace>,
    /// What stops the gates, instead of each layer's policy
    #[arg(long, value_name = "VERDICT", value_enum)]
    pub(super) fail_on: Option<FailOn>,
    /// How many failing rows to show for each check; 0 for none of any, and no frequent values
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) samples: usize,
    /// What stands for values of personal columns (pii) in failing rows: withhold leaves them out [default], hash shows
    /// hashes with the key of `KARAT_MASK_KEY`, by which rows can be joined (see `karat explain personal`)
    #[arg(long, value_name = "HOW", value_enum)]
    pub(super) mask: Option<MaskWith>,
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
    pub(super) now: Option<DateTime<Utc>>,
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

impl Arguments {
    /// Returns the default arguments, with the suites of a folder.
    pub(super) fn of(folder: PathBuf) -> Self {
        Self {
            suites: SuiteArguments { suites: vec![folder], ..SuiteArguments::default() },
            samples: CheckOptions::default().samples,
            ..Self::default()
        }
    }

    /// Everything that is to be written.
    fn outputs(&self) -> Vec<Output> {
        outputs(&self.format, Platform::here())
    }

    fn shows(&self, wanted: Format) -> bool {
        self.outputs().iter().any(|(format, _)| *format == wanted)
    }

    /// Returns the options of Great Expectations' validation results, if `--format gx` is given.
    fn validation(&self) -> Option<ValidationOptions> {
        self.shows(Format::GreatExpectations).then(|| ValidationOptions {
            result_format: self.gx_result_format.unwrap_or_default(),
            index_columns: self.index_columns.clone(),
            ..ValidationOptions::default()
        })
    }
}

pub(super) fn run(Command { check, staged }: &Command) -> Exit {
    let mut arguments = Arguments { staged: staged.clone(), ..check.clone() };
    arguments.docs = check.docs.clone().or_else(|| project_docs(check));
    // The table stands where other data would.
    arguments.data.data = check.data.data.clone().or_else(|| staged.table.into.clone());
    let arguments = &arguments;
    let exceeded = {
        let arguments = arguments.clone();
        move || say_unjudged(&arguments)
    };
    if let Err(exit) = within_bounds(arguments, exceeded) {
        return exit;
    }
    match judge(arguments) {
        Ok(Judged { mut run, context }) => {
            let remembered = context.history.as_ref().map_or(Ok(()), |history| remember(&mut run, history));
            match show(&mut run, arguments, &context).and(remembered) {
                Ok(()) => Exit::of(&run),
                Err(exit) => exit,
            }
        }
        Err(exit) => {
            say_unjudged(arguments);
            exit
        }
    }
}

/// Keeps the process to the threads and the memory of the arguments. Where it takes more memory, it says so, after `exceeded`, and
/// ends.
pub(super) fn within_bounds(arguments: &Arguments, exceeded: impl Fn() + Send + 'static) -> Result<(), Exit> {
    let memory = arguments.memory.or_else(memory);
    begin_again(arguments.threads, memory)?;
    tell_mistyped();
    if let Some(memory) = memory {
        watch(memory, arguments.threads, exceeded);
    }
    Ok(())
}

/// Finds the one suite that a command is about, and tells it what stands for personal values.
pub(super) fn one_suite(command: &'static str, arguments: &Arguments) -> Result<Found, Exit> {
    let Suites { mut found, unread } = suites::find(command, &arguments.suites)?;
    if let Some(unread) = unread.first() {
        error(&unread.reason, None);
        return Err(Exit::Usage);
    }
    mask(&mut found, arguments.mask)?;
    selects_something(&found, &options(arguments))?;
    let several = found.len();
    if let (Some(found), 1) = (found.pop(), several) {
        return Ok(found);
    }
    let problem = format!("{several} suites are named, and karat {command} is about the rows of one");
    error(&problem, Some("name the suite, as karat check does"));
    Err(Exit::Usage)
}

/// Replaces or removes the output files when no suite was judged, so that a report of an earlier run is not
/// taken for this one's.
fn say_unjudged(arguments: &Arguments) {
    let mut files: Vec<(Format, PathBuf)> = Vec::new();
    for (format, place) in arguments.outputs() {
        match (place, &arguments.output) {
            (Place::File(file), _) => files.push((format, file)),
            (Place::Output, Some(file)) => files.push((format, file.clone())),
            (Place::Output | Place::Log, _) => document(unjudged(format)),
        }
    }
    if let Some(site) = arguments.docs.as_ref().filter(|site| !docs::say_unjudged(site)) {
        files.push((Format::Html, site.join("index.html")));
    }
    for (format, file) in files {
        if format == Format::Html {
            // A failure to write changes nothing: the exit code already says that nothing was judged.
            let _ = write(&file, UNJUDGED);
        } else {
            remove(&file);
        }
    }
}

/// Returns the folder of the project's data docs, which a run of all its suites writes.
fn project_docs(arguments: &Arguments) -> Option<PathBuf> {
    if arguments.suites.suites.is_empty() {
        // A project that cannot be read is told when its suites are looked for.
        let selection = arguments.suites.project.selection();
        project::find(Path::new("karat.yml"), Path::new(""), &selection).ok()?.docs
    } else {
        None
    }
}

/// Fills in what earlier runs say, and names what in the history is no run.
pub(super) fn remember(run: &mut Run, history: &History) -> Result<(), Exit> {
    let skipped = history.remember(run).map_err(|problem| tell(&problem))?;
    tell_skipped(history, &skipped);
    Ok(())
}

/// Returns what a build server is told of a run that judged nothing; standard error says why.
fn unjudged(format: Format) -> &'static str {
    match format {
        Format::Github => "::error title=karat::nothing was judged; the log of this step says why\n",
        Format::Azure => {
            "##vso[task.logissue type=error;]karat: nothing was judged; the log of this task says why\n"
        }
        _ => "",
    }
}

/// What was judged, and what it belongs to.
pub(super) struct Judged {
    pub(super) run: Run,
    pub(super) context: Context,
}

/// What a run belongs to.
pub(super) struct Context {
    /// Where it is kept: as the arguments say, or the project of the first suite, or in the site to which it is added.
    pub(super) history: Option<History>,
    /// The catalogue of that project.
    pub(super) catalogue: Arc<Catalogue>,
    /// What paths are relative to.
    pub(super) home: Home,
}

/// Runs the suites.
pub(super) fn judge(arguments: &Arguments) -> Result<Judged, Exit> {
    if collide(&arguments.outputs()) {
        error("only one format can go to standard output", Some("--format json=report.json"));
        return Err(Exit::Usage);
    }
    if arguments.gx_result_format.is_some() && !arguments.shows(Format::GreatExpectations) {
        error("--gx-result-format is given without --format gx", Some("--format gx=validation.json"));
        return Err(Exit::Usage);
    }
    let Suites { mut found, unread } = suites::find("check", &arguments.suites)?;
    let is_for_one = arguments.data.data.is_some() && arguments.staged.table.into.is_none();
    if is_for_one && found.len() + unread.len() > 1 {
        error("--data is given for several suites", Some("name the one suite that it is for"));
        return Err(Exit::Usage);
    }
    if arguments.staged.publish && !unread.is_empty() {
        error("nothing is published, since not every suite can be read", None);
        return Err(Exit::Usage);
    }
    mask(&mut found, arguments.mask)?;
    // All suites of a run share one start time.
    let started_at = arguments.now.unwrap_or_else(now);
    let options = CheckOptions { now: Some(started_at), ..options(arguments) };
    selects_something(&found, &options)?;
    let start = Instant::now();
    let Ran { mut runs, publication } = running::run_all(&found, arguments, &options)?;
    runs.extend(unread.into_iter().map(|unread| SuiteRun::unread(unread.stand_in, &unread.reason)));
    let context = context(found.first(), arguments);
    let mut run = Run::new(started_at, start.elapsed(), runs);
    run.publication = publication;
    Ok(Judged { run, context })
}

/// Returns what a run belongs to, of which this is the first suite.
pub(super) fn context(first: Option<&Found>, arguments: &Arguments) -> Context {
    let project = first.map(|found| &found.project);
    let of_site = || Some(HistoryPlace::Folder(arguments.docs.as_ref()?.join(docs::HISTORY)));
    let place = arguments.history.clone().or_else(|| project?.history.clone()).or_else(of_site);
    let storage = project.map(|project| project.storage.clone()).unwrap_or_default();
    Context {
        history: place.map(|place| History::of(place, &arguments.data.source.storage(&storage))),
        catalogue: project
            .map_or_else(|| Arc::new(Catalogue::standard().clone()), |of| Arc::clone(&of.catalogue)),
        home: home(project.map(|of| of.root.as_path())),
    }
}

pub(super) fn options(arguments: &Arguments) -> CheckOptions {
    let listed = arguments.validation().map_or(0, |validation| validation.samples());
    CheckOptions {
        // Where none are wanted, none are listed either.
        samples: if arguments.samples == 0 { 0 } else { listed.max(arguments.samples) },
        // Only a page has room for them.
        whole_rows: arguments.samples > 0 && (arguments.shows(Format::Html) || arguments.docs.is_some()),
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
    let checks = found.iter().flat_map(|found| &found.suite.checks);
    NothingSelected::refuse(checks, options).map_err(|none| {
        error(&none.to_string(), Some(&none.help));
        Exit::Usage
    })
}

/// Writes the run in every format that the arguments ask for.
pub(super) fn show(run: &mut Run, arguments: &Arguments, context: &Context) -> Result<(), Exit> {
    if arguments.samples == 0 {
        run.suites.iter_mut().for_each(|suite| suite.keep_samples(0));
    }
    // The validation results come first: they may list more failing rows than any other format.
    let validation =
        arguments.validation().map(|validation| validation_results(run, &validation)).unwrap_or_default();
    run.suites.iter_mut().for_each(|suite| suite.keep_samples(arguments.samples));
    let shown = Shown { run, report: OnceCell::new(), validation, arguments, home: &context.home };
    // A format that cannot be written does not keep the others from being written.
    let mut written = shown.tell();
    for (format, place) in arguments.outputs() {
        if let Place::File(file) = place {
            let one = shown.render(format).and_then(|rendered| write(&file, &plain(format, rendered)));
            written = written.and(one);
        }
    }
    if arguments.shows(Format::Github) {
        written = written.and(summarise(|room| markdown(shown.report(), &checkout(), room)));
    }
    // A report takes its time: it is made only for those who want one.
    if let Some(history) = &context.history {
        let kept = keep(run, shown.report(), history);
        let added = arguments.docs.as_ref().map_or(Ok(()), |site| {
            let mut report = shown.into_report();
            // The history tells runs of one moment apart, and so does the site.
            if let Ok(id) = &kept {
                report.run.id.clone_from(id);
            }
            let page = Site::at(site, &context.catalogue, context.home.clone());
            docs::add(&report, history, &page)?;
            note(&format!("docs: {}", site.join("index.html").display()));
            Ok(())
        });
        written = written.and(kept.map(drop)).and(added);
    }
    written
}

/// Returns what the paths of a page are relative to: the folder of the project, or the working one.
pub(super) fn home(project: Option<&Path>) -> Home {
    // Absolute, and not canonical: paths of suites are as they were given.
    let Ok(working) = std::env::current_dir() else { return Home::default() };
    let folder = project.map_or_else(|| working.clone(), |project| working.join(project));
    Home::at(&folder, &working)
}

/// Adds a run to a history. Returns the id under which it is kept.
pub(super) fn keep(run: &Run, report: &Report, history: &History) -> Result<String, Exit> {
    history.append(run, report).map_err(|problem| tell(&problem))
}

/// Returns text without its styles, and every other format as it is.
fn plain(format: Format, rendered: String) -> String {
    match format {
        Format::Text => anstream::adapter::strip_str(&rendered).to_string(),
        _ => rendered,
    }
}

/// A run with the data that its formats are rendered from.
struct Shown<'a> {
    run: &'a Run,
    /// The report, made when the first format asks for it.
    report: OnceCell<Report>,
    validation: String,
    arguments: &'a Arguments,
    /// What the paths of its page are relative to.
    home: &'a Home,
}

impl Shown<'_> {
    fn report(&self) -> &Report {
        self.report.get_or_init(|| {
            let mut report = Report::from(self.run);
            report.link_suites(&checkout());
            report
        })
    }

    /// Returns the report, which was made before.
    fn into_report(self) -> Report {
        self.report.into_inner().unwrap_or_else(|| Report::from(self.run))
    }

    /// Tells standard output, or the file that is given instead of it, and the log of a build server.
    fn tell(&self) -> Result<(), Exit> {
        let file = self.arguments.output.as_ref();
        let (mut to_output, mut to_log) = (String::new(), String::new());
        for (format, place) in self.arguments.outputs() {
            match place {
                Place::Output if file.is_some() => to_output.push_str(&plain(format, self.render(format)?)),
                Place::Output => to_output.push_str(&self.render(format)?),
                Place::Log => to_log.push_str(&self.render(format)?),
                Place::File(_) => {}
            }
        }
        let written = if let Some(file) = file {
            write(file, &to_output)
        } else {
            document(&to_output);
            Ok(())
        };
        document(&to_log);
        written
    }

    fn render(&self, format: Format) -> Result<String, Exit> {
        let Arguments { quiet, verbose, .. } = *self.arguments;
        match format {
            Format::Text => {
                Ok(text(self.run, TextOptions { width: width(), passed: !quiet, samples: verbose }))
            }
            Format::Json => Ok(json(self.report())),
            Format::Html => html_at(self.report(), self.home).map_err(|problem| {
                error(&chain(&problem), None);
                Exit::Unknown
            }),
            Format::GreatExpectations => Ok(self.validation.clone()),
            Format::Junit => Ok(junit(self.report())),
            Format::Sarif => Ok(sarif(self.report(), &checkout())),
            Format::Markdown => Ok(markdown(self.report(), &checkout(), COMMENT)),
            Format::Github => Ok(github(self.report(), &checkout())),
            Format::Gitlab => Ok(gitlab(self.report(), &checkout())),
            Format::Azure => Ok(azure(self.report(), &checkout())),
        }
    }
}
