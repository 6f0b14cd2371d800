//! `karat man`

use std::path::PathBuf;

use clap::Command;
use clap_mangen::Man;

use super::arguments::command;
use super::exit::Exit;
use super::output;
use super::terminal::{error, out};
use crate::run::chain;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// A folder for the pages of all commands [default: the page of karat itself, on standard output]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    if let Some(file) = arguments.folder.as_ref().filter(|folder| folder.exists() && !folder.is_dir()) {
        error(&format!("{} is no folder", file.display()), Some("karat man pages writes them into a folder"));
        return Exit::Usage;
    }
    let mut command = command();
    // Gives commands their full names: karat-check.
    command.build();
    let written = match &arguments.folder {
        None => page(command).map(|(_, page)| out(&page)),
        Some(folder) => pages(&command).and_then(|pages| {
            pages.into_iter().try_for_each(|(name, page)| output::write(&folder.join(name), &page))
        }),
    };
    written.err().unwrap_or(Exit::Passed)
}

/// The pages of karat and of all its commands, with the names of their files.
fn pages(command: &Command) -> Result<Vec<(String, String)>, Exit> {
    let commands = command.get_subcommands().filter(|command| command.get_name() != "help").cloned();
    let with_parts = |command: Command| {
        let parts = command.get_subcommands().filter(|part| part.get_name() != "help").cloned();
        parts.collect::<Vec<_>>().into_iter().chain([command])
    };
    let all: Vec<Command> = commands.flat_map(with_parts).chain([command.clone()]).collect();
    all.into_iter().map(page).collect()
}

fn page(command: Command) -> Result<(String, String), Exit> {
    let page = Man::new(command).manual("karat");
    let mut text = Vec::new();
    page.render(&mut text).map_err(|problem| {
        error(&chain(&problem), None);
        Exit::Unknown
    })?;
    Ok((page.get_filename(), String::from_utf8_lossy(&text).into_owned()))
}
