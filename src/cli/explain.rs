//! `karat explain`

use super::arguments::CatalogueFormat;
use super::catalogue_entry::Entry;
use super::exit::Exit;
use super::page::fitted;
use super::suites::project_here;
use super::terminal::{error, out, width};
use crate::document::did_you_mean;
use crate::suite::{Catalogue, Named};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// An expectation, by its id or its name in Great Expectations; or "definitions",
    /// "formats", "great-expectations", "memory", "options", "other-datasets", "predicates",
    /// "profile", "proof", "queries", "semantics", "sources" or "suggest"
    name: String,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: CatalogueFormat,
}

/// The pages of what concerns all expectations.
const PAGES: [(&str, &str); 13] = [
    ("definitions", include_str!("../../expectations/definitions.md")),
    ("formats", include_str!("../../expectations/formats.md")),
    ("great-expectations", include_str!("../../expectations/great-expectations.md")),
    ("memory", include_str!("../../expectations/memory.md")),
    ("options", include_str!("../../expectations/options.md")),
    ("other-datasets", include_str!("../../expectations/other-datasets.md")),
    ("predicates", include_str!("../../expectations/predicates.md")),
    ("profile", include_str!("../../expectations/profile.md")),
    ("proof", include_str!("../../expectations/proof.md")),
    ("queries", include_str!("../../expectations/queries.md")),
    ("semantics", include_str!("../../expectations/semantics.md")),
    ("sources", include_str!("../../expectations/sources.md")),
    ("suggest", include_str!("../../expectations/suggest.md")),
];

pub(super) fn run(arguments: &Arguments) -> Exit {
    let name = arguments.name.as_str();
    if let Some((id, page)) = PAGES.iter().find(|(id, _)| *id == name) {
        show(arguments.format, page, serde_json::json!({ "id": id }));
        return Exit::Passed;
    }
    // What ships with karat can be read while the project's own are wrong.
    let standard = Catalogue::standard();
    if let Some(named) = standard.find(name) {
        expectation(arguments.format, named, standard);
        return Exit::Passed;
    }
    let project = match project_here() {
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

fn expectation(format: CatalogueFormat, named: Named<'_>, catalogue: &Catalogue) {
    let page = match named {
        Named::BuiltIn(definition) => definition.page.to_owned(),
        Named::Composed(composed) => composed.page(),
    };
    show(format, &page, serde_json::json!(Entry::of(named, catalogue)));
}

fn show(format: CatalogueFormat, page: &str, mut entry: serde_json::Value) {
    match format {
        CatalogueFormat::Text => out(&width().map_or_else(|| page.to_owned(), |width| fitted(page, width))),
        CatalogueFormat::Json => {
            entry["page"] = page.into();
            out(&format!("{entry:#}\n"));
        }
    }
}

fn help(name: &str, catalogue: &Catalogue) -> String {
    did_you_mean(name, catalogue.ids().chain(PAGES.map(|(id, _)| id)))
        .unwrap_or_else(|| "`karat list` shows the catalogue".to_owned())
}
