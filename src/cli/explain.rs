//! The command `karat explain`: shows the page of an expectation or a topic.

use std::fmt::Write as _;

use super::arguments::{CatalogueFormat, ProjectArguments};
use super::catalogue_entry::Entry;
use super::exit::Exit;
use super::page::fitted;
use super::suites::project_here;
use super::terminal::{document, error, out, width};
use crate::document::did_you_mean;
use crate::report::{inert_json, wrapped};
use crate::suite::{Catalogue, CatalogueEntry};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// An expectation, by its id or its name in Great Expectations, or a topic [default: a list of both]
    name: Option<String>,
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: CatalogueFormat,
    #[command(flatten)]
    project: ProjectArguments,
}

/// A page on a topic that concerns all expectations.
struct Topic {
    name: &'static str,
    summary: &'static str,
    page: &'static str,
}

macro_rules! topics {
    ($($name:literal: $summary:literal,)+) => {
        [$(Topic {
            name: $name,
            summary: $summary,
            page: include_str!(concat!("../../expectations/", $name, ".md")),
        }),+]
    };
}

const TOPICS: [Topic; 30] = topics! {
    "databricks": "tables of Databricks: in a SQL warehouse, or read where Unity Catalog lets karat read",
    "definitions": "expectations of a project's own",
    "diff": "which checks have become stronger or weaker",
    "docs": "the site of a lake: what can be trusted now, and since when",
    "duckdb": "tables of a DuckDB database, judged where they are",
    "engines": "what is judged where the data is, and what is not",
    "formats": "what data may be: Delta, Parquet, CSV, NDJSON, Arrow IPC",
    "great-expectations": "what becomes of suites of Great Expectations",
    "history": "runs that are kept, and what they say of those after",
    "lint": "what is wrong with suites before a row is read, and schema.lock",
    "memory": "how much a check may take, and which checks keep to it",
    "options": "what may stand beside any expectation, group_by among it",
    "other-datasets": "checks that look beyond their table, and what scans there are",
    "outputs": "what build servers read: JUnit, SARIF, annotations, summaries",
    "personal": "values that are not shown, and hashes that stand for them",
    "postgres": "tables of a PostgreSQL database, judged where they are",
    "predicates": "the language of rows and where",
    "profile": "what data hold, before there is a suite",
    "project": "karat.yml: layers, datasets, variables and environments",
    "proof": "what statistics decide without a row being read, and whom to trust",
    "publish": "write, audit, publish: new files that become a part of a table only if its gate lets them",
    "python": "karat in Python: frames, notebooks, pipelines",
    "queries": "the language of unexpected_rows and query_matches",
    "redshift": "tables of Redshift, judged where they are",
    "reference": "every command, option, variable and key",
    "semantics": "what the words mean here and in other tools",
    "sources": "where data may lie, what opens an object store, and what is fetched of it",
    "spark": "tables of Spark, judged where they are, over Spark Connect",
    "split": "failing rows: all of them listed, put aside, or kept from being written",
    "suggest": "drafts of suites from what data hold, and how a project begins",
};

/// Returns the names that can be explained without a project.
pub(super) fn names() -> Vec<&'static str> {
    TOPICS.iter().map(|topic| topic.name).chain(Catalogue::standard().ids()).collect()
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let Some(name) = arguments.name.as_deref() else { return overview(arguments) };
    if let Some(Topic { name, page, .. }) = TOPICS.iter().find(|topic| topic.name == name) {
        show(arguments.format, page, serde_json::json!({ "id": name }));
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

/// Shows what there is to explain: topics, and the expectations of each family.
fn overview(arguments: &Arguments) -> Exit {
    let project = match project_here(&arguments.project) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let entries = Entry::all(&project.catalogue);
    let families: Vec<(&str, Vec<&str>)> = entries
        .chunk_by(|one, next| one.family() == next.family())
        .filter_map(|of| Some((of.first()?.family(), of.iter().map(Entry::id).collect())))
        .collect();
    match arguments.format {
        CatalogueFormat::Text => out(&listed(&families, width())),
        CatalogueFormat::Json => {
            let topics: Vec<_> = TOPICS
                .iter()
                .map(|topic| serde_json::json!({ "id": topic.name, "summary": topic.summary }))
                .collect();
            let families: serde_json::Map<_, _> =
                families.into_iter().map(|(family, ids)| (family.to_owned(), ids.into())).collect();
            document(&inert_json(&serde_json::json!({ "topics": topics, "families": families })));
        }
    }
    Exit::Passed
}

/// Formats the list in lines that fit the terminal, or a page where there is none.
fn listed(families: &[(&str, Vec<&str>)], width: Option<usize>) -> String {
    const PAGE: usize = 100;
    let topics = TOPICS.iter().map(|topic| (topic.name, topic.summary.to_owned()));
    let families = families.iter().map(|(family, ids)| (*family, ids.join(" ")));
    let mut text = String::new();
    let bold = anstyle::Style::new().bold();
    for (title, entries) in [("topics", topics.collect::<Vec<_>>()), ("expectations", families.collect())] {
        let _ = writeln!(text, "{bold}{title}{bold:#}");
        let names = entries.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let room = width.unwrap_or(PAGE).saturating_sub(names + 4).max(24);
        for (name, summary) in entries {
            let summary = wrapped(&summary, room).join(&format!("\n{:1$}", "", names + 4));
            let _ = writeln!(text, "  {name:names$}  {summary}");
        }
        text.push('\n');
    }
    text.push_str("`karat explain NAME` says more of each; `karat list` says what every expectation asks.\n");
    text
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
    did_you_mean(name, catalogue.ids().chain(TOPICS.iter().map(|topic| topic.name)))
        .unwrap_or_else(|| "`karat list` shows the catalogue".to_owned())
}
