//! `karat inspect`

use super::arguments::{CatalogueFormat, SourceArguments};
use super::exit::Exit;
use super::suites::project_here;
use super::terminal::{document, error, out, width};
use crate::data::Dialect;
use crate::engine::{Engine as _, PolarsEngine};
use crate::report::{Inspection, inspection_json, inspection_text};
use crate::run::chain;
use crate::source::Data;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// A Delta table, or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
    #[arg(value_name = "URI")]
    uri: String,
    #[command(flatten)]
    source: SourceArguments,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: CatalogueFormat,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let project = match project_here() {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let Arguments { uri, source, format } = arguments;
    let data = Data::Uri { uri: uri.clone(), at: source.at() };
    let opened = PolarsEngine::default().open(data, &source.storage(&project), &Dialect::default());
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
