//! The command `karat import`: translates a suite of another tool.

use std::path::PathBuf;

use super::exit::Exit;
use super::mistaken::Mistaken;
use super::terminal::{document, note};
use super::{diagnostics, output, standard_input};
use crate::data::{counted, thousands};
use crate::suite::{Catalogue, Suite, Tool, import};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// What the suite is written for
    #[arg(value_enum)]
    from: From,
    /// The suite; - reads it from standard input
    file: PathBuf,
    /// Where karat's suite is written [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The tool for which the suite is written.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum From {
    // Great Expectations, 0.x and 1.x.
    Gx,
}

/// Exits with `Exit::Unknown` if an expectation is left out, as a check does that could not be evaluated.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let tool = match arguments.from {
        From::Gx => Tool::GreatExpectations,
    };
    let is_piped = standard_input::is_meant(&arguments.file);
    let suite =
        if is_piped { standard_input::suite(Catalogue::standard()) } else { Suite::open(&arguments.file) };
    let imported = match suite.and_then(|suite| import(&suite, tool)) {
        Ok(imported) => imported,
        Err(problem) => {
            match Mistaken::file(&arguments.file).filter(|_| !is_piped) {
                Some(what) => what.show(&arguments.file, "SUITE"),
                None => diagnostics::show(&problem),
            }
            return Exit::Usage;
        }
    };
    match &arguments.output {
        None => document(&imported.yaml),
        Some(path) => {
            if let Err(exit) = output::write(path, &imported.yaml) {
                return exit;
            }
        }
    }
    if imported.left_out.is_empty() {
        return Exit::Passed;
    }
    for left_out in &imported.left_out {
        note(&format!("left out {}: {}", left_out.id, left_out.reason));
    }
    let (left_out, all) = (imported.left_out.len(), imported.expectations);
    let all = counted(all as u64, "expectation", "expectations");
    let stand = if left_out == 1 {
        "is left out, and stands as a comment"
    } else {
        "are left out, and stand as comments"
    };
    note(&format!("{} of {all} {stand}", thousands(&left_out.to_string())));
    Exit::Unknown
}
