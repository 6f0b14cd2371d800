//! The command `karat inspect`: shows what is known of data without reading rows.

use super::arguments::{CatalogueFormat, ProjectArguments, SourceArguments};
use super::engines::EngineArguments;
use super::exit::Exit;
use super::suites::{located, open_data, project_here};
use super::terminal::{document, error, out, width};
use crate::report::{Inspection, inspection_json, inspection_text};
use crate::run::chain;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// A dataset of the project by its name, a Delta table, or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
    #[arg(value_name = "URI")]
    uri: String,
    #[command(flatten)]
    source: SourceArguments,
    #[command(flatten)]
    engine: EngineArguments,
    #[command(flatten)]
    project: ProjectArguments,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: CatalogueFormat,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let project = match project_here(&arguments.project) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let Arguments { uri, source, format, .. } = arguments;
    let engine = match arguments.engine.of(&located(&project, uri), &project) {
        Ok(engine) => engine,
        Err(exit) => return exit,
    };
    let opened = open_data(engine.as_ref(), &project, uri, source);
    let details = match opened.and_then(|opened| opened.details()) {
        Ok(details) => details,
        Err(problem) => {
            error(&chain(&problem), problem.help());
            return Exit::Unknown;
        }
    };
    let inspection = Inspection::from(&details);
    match format {
        CatalogueFormat::Text => out(&inspection_text(&inspection, width())),
        CatalogueFormat::Json => document(&inspection_json(&inspection)),
    }
    Exit::Passed
}
