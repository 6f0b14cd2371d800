//! Deletes the rows of the quarantine where they are.

use super::command::{Arguments, exit};
use super::refused::tell;
use crate::cli::check::{self, Context};
use crate::cli::exit::Exit;
use crate::cli::suites::Found;
use crate::cli::terminal::note;
use crate::run::chain;
use crate::sink::{Destination, WriteOptions};
use crate::source::{At, Data, versioned};
use crate::split::{InPlace, SplitError, SplitOptions, split};

/// Puts rows aside, and deletes them. What an earlier run has left half done comes first.
pub(super) fn move_all(
    arguments: &Arguments,
    found: &Found,
    data: Data,
    options: &SplitOptions,
    context: &Context,
) -> Result<Exit, Exit> {
    let refused = |reason: &str| tell(&SplitError::NotInPlace(reason.to_owned()));
    let Data::Uri { uri, at } = data else { return Err(refused("the data is in no place")) };
    if at != At::Latest || versioned(&uri).is_some() {
        return Err(refused("a version is named, and rows are deleted from the newest one"));
    }
    let quarantine = Destination::new(arguments.quarantine.clone(), options.check.storage.clone());
    let write = WriteOptions { evolve: arguments.evolve, ..WriteOptions::default() };
    let task = Task { arguments, found, uri, options, context, to: InPlace { quarantine, options: write } };
    match task.move_rows(At::Latest)? {
        Moved::Done(exit) => Ok(exit),
        Moved::Withdrawn => Err(Exit::Unknown),
        Moved::Unfinished { version } => {
            note(&format!("completing what was put aside of version {version}"));
            let of_version = task.move_rows(At::Version(version))?;
            match (of_version, task.move_rows(At::Latest)?) {
                (Moved::Done(Exit::Passed) | Moved::Withdrawn, Moved::Done(exit)) => Ok(exit),
                (Moved::Done(exit), Moved::Done(_)) => Ok(exit),
                _ => Err(Exit::Unknown),
            }
        }
    }
}

struct Task<'a> {
    arguments: &'a Arguments,
    found: &'a Found,
    uri: String,
    options: &'a SplitOptions,
    context: &'a Context,
    to: InPlace,
}

enum Moved {
    Done(Exit),
    /// The rows of an earlier version are in the quarantine, and still in the table.
    Unfinished {
        version: u64,
    },
    /// They cannot be deleted any more, and were taken out of the quarantine again.
    Withdrawn,
}

impl Task<'_> {
    /// Puts the rows of a version aside, deletes them, and shows the run and what was done.
    fn move_rows(&self, at: At) -> Result<Moved, Exit> {
        let data = Data::Uri { uri: self.uri.clone(), at };
        let mut split = split(&self.found.suite, data, self.options).map_err(|problem| tell(&problem))?;
        let moved = match split.quarantine_in_place(&self.to) {
            Err(SplitError::Unfinished { version, .. }) if at == At::Latest => {
                return Ok(Moved::Unfinished { version });
            }
            Err(problem @ SplitError::Withdrawn { .. }) if at != At::Latest => {
                note(&chain(&problem));
                return Ok(Moved::Withdrawn);
            }
            moved => moved.map_err(|problem| tell(&problem)),
        };
        if let Some(history) = &self.context.history {
            check::remember(&mut split.run, history)?;
        }
        let shown = check::show(&mut split.run, &self.arguments.check, self.context);
        if moved?.is_none() {
            note("no row goes to the quarantine: nothing was written");
        }
        shown.map(|()| Moved::Done(exit(&split)))
    }
}
