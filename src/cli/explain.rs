//! The command `karat explain`: shows the page of an expectation or a topic.

use super::arguments::{CatalogueFormat, ProjectArguments};
use super::catalogue_entry::Entry;
use super::exit::Exit;
use super::page::fitted;
use super::suites::project_here;
use super::terminal::{document, error, out, width};
use crate::document::did_you_mean;
use crate::report::inert_json;
use crate::suite::{Catalogue, CatalogueEntry};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// An expectation, by its id or its name in Great Expectations; or "definitions",
    /// "formats", "great-expectations", "memory", "options", "other-datasets", "outputs",
    /// "predicates", "project", "proof", "queries", "semantics" or "sources"
    name: String,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: CatalogueFormat,
    #[command(flatten)]
    project: ProjectArguments,
}

/// The pages on topics that concern all expectations.
const PAGES: [(&str, &str); 13] = [
    ("definitions", include_str!("../../expectations/definitions.md")),
    ("formats", include_str!("../../expectations/formats.md")),
    ("great-expectations", include_str!("../../expectations/great-expectations.md")),
    ("memory", include_str!("../../expectations/memory.md")),
    ("options", include_str!("../../expectations/options.md")),
    ("other-datasets", include_str!("../../expectations/other-datasets.md")),
    ("outputs", include_str!("../../expectations/outputs.md")),
    ("predicates", include_str!("../../expectations/predicates.md")),
    ("project", include_str!("../../expectations/project.md")),
    ("proof", include_str!("../../expectations/proof.md")),
    ("queries", include_str!("../../expectations/queries.md")),
    ("semantics", include_str!("../../expectations/semantics.md")),
    ("sources", include_str!("../../expectations/sources.md")),
];

pub(super) fn run(arguments: &Arguments) -> Exit {
    let name = arguments.name.as_str();
    if let Some((id, page)) = PAGES.iter().find(|(id, _)| *id == name) {
        show(arguments.format, page, serde_json::json!({ "id": id }));
        return Exit::Passed;
    }
    // The expectations that ship with karat can be explained even if the project has errors.
    let standard = Catalogue::standard();
    if let Some(named) = standard.find(name) {
        expectation(arguments.format, named, standard);
        return Exit::Passed;
    }
    let project = match project_here(&arguments.project) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let Some(named) = project.catalogue.find(name) else {
        error(&format!("no expectation {name:?}"), Some(&help(name, &project.catalogue)));
        return Exit::Usage;
    };
    expectation(arguments.format, named, &project.catalogue);
    Exit::Passed
}

fn expectation(format: CatalogueFormat, named: CatalogueEntry<'_>, catalogue: &Catalogue) {
    let page = match named {
        CatalogueEntry::BuiltIn(definition) => definition.page.to_owned(),
        CatalogueEntry::Composed(composed) => composed.page(),
    };
    show(format, &page, serde_json::json!(Entry::of(named, catalogue)));
}

fn show(format: CatalogueFormat, page: &str, mut entry: serde_json::Value) {
    match format {
        CatalogueFormat::Text => out(&width().map_or_else(|| page.to_owned(), |width| fitted(page, width))),
        CatalogueFormat::Json => {
            entry["page"] = page.into();
            document(&inert_json(&entry));
        }
    }
}

fn help(name: &str, catalogue: &Catalogue) -> String {
    did_you_mean(name, catalogue.ids().chain(PAGES.map(|(id, _)| id)))
        .unwrap_or_else(|| "`karat list` shows the catalogue".to_owned())
}
