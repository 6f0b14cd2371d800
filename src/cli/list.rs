//! The command `karat list`: lists the catalogue of expectations.

use std::fmt::Write as _;

use super::arguments::{CatalogueFormat, ProjectArguments};
use super::catalogue_entry::Entry;
use super::exit::Exit;
use super::suites::project_here;
use super::terminal::{document, out, width};
use crate::report::{display_width, inert_json, wrapped};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// How to show it
    #[arg(long, value_enum, default_value = "text")]
    format: CatalogueFormat,
    #[command(flatten)]
    project: ProjectArguments,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let project = match project_here(&arguments.project) {
        Ok(project) => project,
        Err(exit) => return exit,
    };
    let entries = Entry::all(&project.catalogue);
    match arguments.format {
        CatalogueFormat::Text => out(&text(&entries, width())),
        CatalogueFormat::Json => document(&inert_json(&serde_json::json!({ "expectations": entries }))),
    }
    Exit::Passed
}

/// Formats one entry a line, wrapped to the width of the terminal if that is known.
fn text(entries: &[Entry<'_>], width: Option<usize>) -> String {
    let mut text = String::new();
    let bold = anstyle::Style::new().bold();
    let widest = |width: fn(&Entry<'_>) -> usize| entries.iter().map(width).max().unwrap_or_default();
    let (ids, scopes) = (widest(|entry| entry.id().len()), widest(|entry| entry.columns()[0].len()));
    let natures = widest(|entry| entry.columns()[1].len());
    let mut family = "";
    for entry in entries {
        if entry.family() != family {
            family = entry.family();
            let _ = writeln!(text, "{bold}{family}{bold:#}");
        }
        let [scope, nature, summary] = entry.columns();
        let head = format!("  {:<ids$}  {scope:<scopes$}  {nature:<natures$}  ", entry.id());
        let room = width.map_or(usize::MAX, |width| width.saturating_sub(display_width(&head)).max(24));
        let indent = " ".repeat(display_width(&head));
        let _ = writeln!(text, "{head}{}", wrapped(&summary, room).join(&format!("\n{indent}")));
    }
    text.push_str(
        "\nEach stands on a column, the table or either, and judges rows, a value or the\n\
         schema. `karat explain NAME` says more of one, `karat explain options` what may\n\
         stand beside it.\n",
    );
    text
}
