//! `karat profile`

use std::path::PathBuf;

use indicatif::MultiProgress;

use super::arguments::{ProjectArguments, SourceArguments, bytes, column};
use super::engines::EngineArguments;
use super::environment::begin_again;
use super::exit::Exit;
use super::memory::watch;
use super::output::write;
use super::progress;
use super::suites::{located, open_data, project_here};
use super::terminal::{document, error, out, width};
use crate::data::ColumnPath;
use crate::engine::{Control, Held};
use crate::profile::{Profile, ProfileError, ProfileOptions, profile};
use crate::project::Project;
use crate::report::{ProfileReport, profile_html, profile_json, profile_text};
use crate::run::{chain, memory};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// A dataset of the project by its name, a Delta table, or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
    #[arg(value_name = "URI")]
    uri: String,
    #[command(flatten)]
    pub(super) source: SourceArguments,
    #[command(flatten)]
    pub(super) measuring: MeasuringArguments,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Where to write it, instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Data and their profile.
pub(super) struct Profiled {
    pub(super) data: Held,
    pub(super) profile: Profile,
}

/// What may be shown, and what it may take.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct MeasuringArguments {
    /// A column whose values are personal and not shown, beside those that look so; repeatable
    #[arg(long = "pii", value_name = "COLUMN", value_parser = column)]
    pub(super) personal: Vec<ColumnPath>,
    /// Whether a column of `--pii` need not be there: not every one of several tables has it.
    #[arg(skip)]
    pub(super) of_several: bool,
    /// Show values of columns that look personal by their names or values, but for those of --pii
    #[arg(long)]
    pub(super) show_personal: bool,
    /// How much memory to take at most: 2GB, 512MiB [default: three quarters of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub(super) memory: Option<u64>,
    /// How many threads work at once [default: as many as the machine or its cgroup has processors]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) threads: Option<u16>,
    #[command(flatten)]
    pub(super) project: ProjectArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    // Plain comments: the help of the command stays one line an argument.
    // For people.
    Text,
    // For programs.
    Json,
    // One page.
    Html,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match shown(arguments) {
        Ok(()) => Exit::Passed,
        Err(exit) => exit,
    }
}

fn shown(arguments: &Arguments) -> Result<(), Exit> {
    let Arguments { uri, source, measuring, format, output } = arguments;
    measuring.begin()?;
    let project = project_here(&measuring.project)?;
    let profile = measuring.profile(&project, uri, source, true)?.profile;
    let report = ProfileReport::from(&profile);
    let rendered = match format {
        Format::Text => profile_text(&report, if output.is_some() { None } else { width() }),
        Format::Json => profile_json(&report),
        Format::Html => profile_html(&report).map_err(|problem| {
            error(&chain(&problem), None);
            Exit::Unknown
        })?,
    };
    if let Some(file) = output {
        return write(file, &anstream::adapter::strip_str(&rendered).to_string());
    }
    match format {
        Format::Text => out(&rendered),
        Format::Json | Format::Html => document(&rendered),
    }
    Ok(())
}

impl MeasuringArguments {
    /// Starts the process as it is asked for, and ends it before it takes too much.
    pub(super) fn begin(&self) -> Result<(), Exit> {
        let memory = self.memory.or_else(memory);
        begin_again(self.threads, memory)?;
        if let Some(memory) = memory {
            watch(memory, self.threads, || {});
        }
        Ok(())
    }

    /// Opens data and makes its profile.
    pub(super) fn profile(
        &self,
        project: &Project,
        uri: &str,
        source: &SourceArguments,
        histograms: bool,
    ) -> Result<Profiled, Exit> {
        let engine = EngineArguments::default().of(&located(project, uri), project)?;
        let data = open_data(engine.as_ref(), project, uri, source).map_err(|problem| {
            error(&chain(&problem), problem.help());
            Exit::Unknown
        })?;
        let is_there = |column: &&ColumnPath| !self.of_several || data.schema().resolve(column).is_ok();
        let options = ProfileOptions {
            personal: self.personal.iter().filter(is_there).cloned().collect(),
            show_personal: self.show_personal,
            histograms,
        };
        let bar = progress::bar(&MultiProgress::new(), uri, false);
        let control = Control {
            memory: self.memory.or_else(memory).unwrap_or(u64::MAX),
            progress: &|progress| progress::advance(&bar, progress),
            ..Control::default()
        };
        let found = profile(data.as_ref(), engine.as_ref(), &options, control);
        bar.finish_and_clear();
        match found {
            Ok(profile) => Ok(Profiled { data: Held { engine, opened: data }, profile }),
            Err(problem) => {
                error(&chain(&problem), problem.help());
                let is_usage = matches!(problem, ProfileError::Column { .. });
                Err(if is_usage { Exit::Usage } else { Exit::Unknown })
            }
        }
    }
}
