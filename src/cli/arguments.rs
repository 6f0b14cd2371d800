//! The command-line arguments of all commands, and the dispatch to the command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use super::color;
use super::environment::{project_variables, starts_by};
use super::exit::Exit;
use super::signals::end_on_signals;
use super::variables::with_variables;
use super::{
    check, completions, demo, diff, docs, explain, history, import, init, inspect, lint, list, man, plan,
    profile, rows, schema, split, suggest,
};
use crate::data::ColumnPath;
use crate::document::without_credentials;
use crate::privacy::Masking;
use crate::project::Selection;
use crate::report::ResultFormat;
use crate::source::{At, StorageOptions, Trust};
use crate::suite::Variables;

/// The data-quality gate of the lakehouse.
#[derive(Debug, Parser)]
#[command(name = "karat", version, about, after_help = EXIT_CODES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    passed under its policy
  1    the gate failed: the data is not as it must be
  2    nothing was judged: bad usage, a suite that does not parse, an empty selection
  3    karat could not tell: data unreadable, or a check could not be evaluated and none failed
  130  interrupted; 143 and 129: ended by SIGTERM or SIGHUP";

#[derive(Debug, Subcommand)]
enum Command {
    /// Find data, and begin a project with a draft of a suite for each dataset
    Init(init::Arguments),
    /// Judge data by suites
    Check(check::Command),
    /// Show what is known of data, without reading its rows
    Inspect(inspect::Arguments),
    /// Find what is wrong with suites, without reading data
    Lint(lint::Arguments),
    /// Say which checks of suites have become stronger or weaker
    Diff(diff::Arguments),
    /// Show the runs that are kept, one check over time, and what has changed
    History(history::Arguments),
    /// Build the site of the runs that are kept, or show it
    Docs(docs::Arguments),
    /// List all rows that fail, with all their columns and the reasons
    Rows(rows::Arguments),
    /// Write the rows that pass and those that fail apart, to two tables
    Split(split::Arguments),
    /// Show what a suite would measure, without measuring it
    Plan(plan::Arguments),
    /// Show what data holds: nulls, ranges, frequent values, and what is suspicious
    Profile(profile::Arguments),
    /// Draft a suite from what data hold
    Suggest(suggest::Arguments),
    /// List the catalogue of expectations, with the project's own
    List(list::Arguments),
    /// Explain an expectation, or what concerns them all
    Explain(explain::Arguments),
    /// Write a suite of another tool as a suite of karat
    Import(import::Arguments),
    /// Make a small lakehouse with seeded faults, and check it
    Demo(demo::Arguments),
    /// Print the JSON Schema of suites, or of what karat writes
    Schema(schema::Arguments),
    /// Print the completions of a shell
    Completions(completions::Arguments),
    /// Print the manual page, or write those of all commands
    Man(man::Arguments),
}

/// The command line, as it is described.
pub(super) fn command() -> clap::Command {
    Cli::command().arg(color::argument())
}

/// Reads the command line, and the variables that stand for its options.
fn read(arguments: &[OsString]) -> Result<Cli, Exit> {
    let mut with = with_variables(command(), arguments);
    let read = with.command.try_get_matches_from_mut(arguments);
    read.and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        let error = without_values(error, arguments);
        // What is asked for goes to standard output, every error to standard error.
        let text = error.render().ansi().to_string();
        if error.use_stderr() {
            super::terminal::note(text.trim_end_matches('\n'));
        } else {
            super::terminal::out(&text);
        }
        with.say_whence(&error);
        // Help and version are asked for; whatever else clap says is bad usage.
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Passed,
            _ => Exit::Usage,
        }
    })
}

/// Which data, where a suite's own is not meant.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DataArguments {
    /// The data to judge, instead of the suite's own: a Delta table, or a file, folder or glob of
    /// Parquet, CSV, NDJSON or Arrow
    #[arg(long, value_name = "URI", value_parser = data)]
    pub(super) data: Option<String>,
    #[command(flatten)]
    pub(super) source: SourceArguments,
    /// Only the rows that these versions of a Delta table inserted or updated (`3..7`, or `3..`)
    #[arg(long, value_name = "FROM..TO", value_parser = versions, conflicts_with_all = ["version", "timestamp"])]
    pub(super) changes: Option<At>,
}

impl DataArguments {
    /// Returns the version or the range of versions to judge.
    pub(super) fn at(&self) -> At {
        self.changes.unwrap_or_else(|| self.source.at())
    }
}

/// Which version of data, and what opens the store where it lies.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct SourceArguments {
    /// The version of a Delta table
    #[arg(long, value_name = "N", conflicts_with = "timestamp")]
    pub(super) version: Option<u64>,
    /// The version of a Delta table that was current then (RFC 3339)
    #[arg(long, value_name = "T", value_parser = time)]
    pub(super) timestamp: Option<chrono::DateTime<chrono::Utc>>,
    /// What opens an object store, beside the environment (see `karat explain sources`); repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = storage_option)]
    pub(super) storage_option: Vec<(String, String)>,
}

impl SourceArguments {
    /// Returns the version to read.
    pub(super) fn at(&self) -> At {
        match (self.version, self.timestamp) {
            (Some(version), _) => At::Version(version),
            (None, Some(time)) => At::Timestamp(time),
            (None, None) => At::Latest,
        }
    }

    /// Returns the storage options: those of the command line, then the project's.
    pub(super) fn storage(&self, project: &StorageOptions) -> StorageOptions {
        let mut given = StorageOptions::default();
        for (name, value) in &self.storage_option {
            // The name and the value were validated when the argument was parsed.
            let _ = given.set(name, value);
        }
        given.or(project)
    }
}

/// The format in which the catalogue is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CatalogueFormat {
    // Plain comments: the help of the command stays one line an argument.
    // For people.
    Text,
    // For programs.
    Json,
}

/// The verdict that stops a gate.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    // Plain comments: the help of the command stays one line an argument.
    // Failed checks, and those that could not be evaluated.
    Error,
    // Warnings too.
    Warn,
}

/// What stands for values of personal columns.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum MaskWith {
    // Plain comments: the help of the command stays one line an argument.
    // Nothing.
    Withhold,
    // Hashes with the key of KARAT_MASK_KEY.
    Hash,
}

impl From<MaskWith> for Masking {
    fn from(with: MaskWith) -> Self {
        match with {
            MaskWith::Withhold => Self::Withhold,
            MaskWith::Hash => Self::Hash,
        }
    }
}

/// Which values the project's variables have.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ProjectArguments {
    /// The environment, one of those of karat.yml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// The value of a variable, ${NAME} in suites and karat.yml; repeatable, and given by `KARAT_VAR_NAME` too
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
}

impl ProjectArguments {
    /// Returns what is selected of the project. Arguments take precedence over environment variables.
    pub(super) fn selection(&self) -> Selection {
        let mut selection = Selection { environment: self.env.clone(), ..Selection::default() };
        for (name, value) in project_variables().iter().chain(&self.variables) {
            // The names of arguments were checked when they were read; no suite can refer to another one.
            let _ = selection.variables.set(name, value);
        }
        selection
    }
}

/// Where suites are.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct SuiteArguments {
    /// Suites, or folders of suites; - reads one from standard input [default: those of the project]
    #[arg(value_name = "SUITE|DIR")]
    pub(super) suites: Vec<PathBuf>,
    /// Only the suites of a layer: bronze, silver or gold, or one of the project
    #[arg(long, value_name = "LAYER")]
    pub(super) layer: Option<String>,
    #[command(flatten)]
    pub(super) project: ProjectArguments,
    /// A value for a parameter of Great Expectations suites; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub(super) parameter: Vec<(String, String)>,
}

/// Parses where data lies. Data is read more than once, which standard input cannot be.
fn data(text: &str) -> Result<String, String> {
    match text {
        "-" => Err("data is read from files; write what is piped into one".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Parses `NAME=VALUE`.
pub(super) fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a parameter is NAME=VALUE".to_owned()),
    }
}

/// Parses `NAME=VALUE`. Errors do not repeat the value, which may be a secret.
pub(super) fn storage_option(text: &str) -> Result<(String, String), String> {
    let (name, value) = parameter(text).map_err(|_| "a storage option is NAME=VALUE".to_owned())?;
    StorageOptions::default().set(&name, &value).map_err(|error| match error.help {
        Some(help) => format!("{}; {help}", error.message),
        None => error.message,
    })?;
    Ok((name, value))
}

/// Removes possible secrets from an error of clap, which repeats the values of arguments.
fn without_values(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    if let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidValue) {
        let shown = if argument.starts_with("--storage-option") {
            "…".to_owned()
        } else {
            without_credentials(given)
        };
        error.insert(ContextKind::InvalidValue, ContextValue::String(shown));
    }
    // In `--storage-option NAME VALUE`, clap takes the value for a suite.
    let given: Vec<_> = arguments.iter().map(|given| given.to_string_lossy()).collect();
    let is_apart =
        given.windows(2).any(|pair| pair[0].starts_with("--storage-option") && !pair[1].contains('='));
    for kind in [ContextKind::InvalidArg, ContextKind::SuggestedArg] {
        if let Some(ContextValue::String(given)) = error.get(kind) {
            let is_value = is_apart && !given.starts_with('-');
            let shown = if is_value { "…".to_owned() } else { without_credentials(given) };
            error.insert(kind, ContextValue::String(shown));
        }
    }
    error
}

/// `NAME=VALUE`, of which the name is that of a variable.
fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = parameter(text).map_err(|_| "a variable is NAME=VALUE".to_owned())?;
    Variables::default().set(&name, &value)?;
    Ok((name, value))
}

/// Parses the level of detail of a validation result.
pub(super) fn result_format(text: &str) -> Result<ResultFormat, String> {
    ResultFormat::parse(text)
        .ok_or_else(|| "a result format is BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE".to_owned())
}

/// Parses `FROM..TO` or `FROM..`.
fn versions(text: &str) -> Result<At, String> {
    let wrong = || "versions are written 3..7, both included, or 3.. up to the newest".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let version = |text: &str| text.parse::<u64>().map_err(|_| wrong());
    let (from, to) = (version(from)?, if to.is_empty() { None } else { Some(version(to)?) });
    match to {
        Some(to) if to < from => Err(format!("there is nothing from {from} to {to}")),
        _ => Ok(At::Changes { from, to }),
    }
}

/// Parses the name of a column.
pub(super) fn column(text: &str) -> Result<ColumnPath, String> {
    match ColumnPath::parse(text)? {
        path if path.parts().iter().any(String::is_empty) => Err("the column's name is missing".to_owned()),
        path => Ok(path),
    }
}

/// Parses a size: a whole number followed by a unit.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
    ];
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes);
    let size = number.parse::<u64>().ok().zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    size.filter(|size| *size > 0)
        .ok_or_else(|| "a size is a number with kB, MB, GB, TB, KiB, MiB, GiB or TiB".to_owned())
}

/// Parses a point in time.
pub(super) fn time(text: &str) -> Result<chrono::DateTime<chrono::Utc>, String> {
    text.parse().map_err(|_| "a time is written 2026-01-31T10:00:00Z".to_owned())
}

/// Runs the command line of this process and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    run(&arguments, None).into()
}

/// Runs the command line with arguments, the first of which names the program, and returns the exit code. `again` is the
/// command that starts the program anew, if it is not the file of this process with the arguments of this process.
///
/// It is for a process that is all karat's: it hears signals, which end the process, and may start it anew.
#[must_use]
pub fn run(arguments: &[OsString], again: Option<Vec<OsString>>) -> u8 {
    super::panics::say_no_more_than_errors();
    if let Some(again) = again {
        starts_by(again);
    }
    command_line(arguments).code()
}

fn command_line(arguments: &[OsString]) -> Exit {
    if let Err(exit) = color::choose(arguments) {
        return exit;
    }
    if let Err(error) = end_on_signals() {
        super::terminal::note(&format!("signals end karat without its exit code: {error}"));
    }
    let cli = match read(arguments) {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    let exit = match cli.command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::History(arguments) => history::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Rows(arguments) => rows::run(&arguments),
        Command::Split(arguments) => split::run(&arguments),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Profile(arguments) => profile::run(&arguments),
        Command::Suggest(arguments) => suggest::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    // If the results could not be written, no verdict was shown.
    if super::terminal::is_lost() { Exit::Unknown } else { exit }
}

/// Parses the kind of statistics that may replace reading rows.
pub(super) fn trust(argument: &str) -> Result<Trust, String> {
    Trust::parse(argument).ok_or_else(|| "it is log, footer or none".to_owned())
}
