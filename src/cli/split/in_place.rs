//! Deletes the rows of the quarantine where they are.

use super::command::{Arguments, exit};
use super::refused::tell;
use crate::cli::check::{self, Context};
use crate::cli::exit::Exit;
use crate::cli::suites::Found;
use crate::cli::terminal::note;
use crate::run::chain;
use crate::sink::{Destination, WriteOptions};
use crate::source::{At, Data};
use crate::split::{InPlace, MovedParts, Split, SplitError, SplitOptions, split_in_place};

/// Puts rows aside, and deletes them. What an earlier run has left half done comes first.
pub(super) fn move_all(
    arguments: &Arguments,
    found: &Found,
    data: Data,
    options: &SplitOptions,
    context: &Context,
) -> Result<Exit, Exit> {
    let Data::Uri { uri, at: At::Latest } = data else {
        let reason = "the data is in no place, or a version of it is named";
        return Err(tell(&SplitError::NotInPlace(reason.to_owned())));
    };
    let quarantine = Destination::new(arguments.quarantine.clone(), options.check.storage.clone());
    let write = WriteOptions { evolve: arguments.evolve, ..WriteOptions::default() };
    let to = InPlace { quarantine, options: write };
    let told = split_in_place(&found.suite, &uri, options, &to, |at, split, moved| {
        told(at, split, moved, arguments, context)
    });
    told.map_err(|problem| tell(&problem))?.into_iter().try_fold(Exit::Passed, |worst, exit| {
        let exit = exit?;
        Ok(if worst == Exit::Passed { exit } else { worst })
    })
}

/// Shows the run of a version, and what was done.
fn told(
    at: At,
    mut split: Split,
    moved: Result<Option<MovedParts>, SplitError>,
    arguments: &Arguments,
    context: &Context,
) -> Result<Exit, Exit> {
    if let At::Version(version) = at {
        note(&format!("completing what was put aside of version {version}"));
        if let Err(problem @ SplitError::Withdrawn { .. }) = &moved {
            note(&chain(problem));
            return Ok(Exit::Passed);
        }
    }
    let moved = moved.map_err(|problem| tell(&problem));
    if let Some(history) = &context.history {
        check::remember(&mut split.run, history)?;
    }
    let shown = check::show(&mut split.run, &arguments.check, context);
    if moved?.is_none() {
        note("no row goes to the quarantine: nothing was written");
    }
    shown.map(|()| exit(&split))
}
