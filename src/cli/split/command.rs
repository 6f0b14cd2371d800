//! The arguments of the command, and a split into two places.

use super::in_place;
use super::refused::tell;
use crate::cli::check::{self, Context};
use crate::cli::exit::Exit;
use crate::cli::running::alone;
use crate::cli::suites::Found;
use crate::cli::terminal::note;
use crate::sink::{Destination, Mode, WriteOptions};
use crate::source::{Data, StorageOptions};
use crate::split::{Destinations, Split, SplitOptions, remaining, split};

#[derive(Clone, Debug, clap::Args)]
// The arguments of the check within have the name that this would have.
#[group(id = "split")]
#[command(after_help = "\
Exit codes:
  0    both parts were written, or are there already
  1    nothing was written, since a check with on_fail: stop failed; or both parts were written, and a check that puts no rows
       aside stops the gate
  2    nothing was judged
  3    karat could not tell, and nothing was written; or it says what was")]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    pub(super) check: check::Arguments,
    /// Where valid rows go: a Delta table, which is made if it is not there, or a new Parquet file
    #[arg(long, value_name = "URI", required_unless_present = "in_place")]
    valid: Option<String>,
    /// Where the other rows go, with their reasons in `_karat_errors` and `_karat_warnings`
    #[arg(long, value_name = "URI")]
    pub(super) quarantine: String,
    /// Mark the rows of the quarantine deleted in the Delta table itself, instead of writing the valid ones elsewhere
    #[arg(long, conflicts_with_all = ["valid", "version", "timestamp", "changes", "since_last", "overwrite", "warnings"])]
    in_place: bool,
    /// Only the rows that came to the table since it was last split to these places
    #[arg(long, conflicts_with_all = ["version", "timestamp", "changes"])]
    since_last: bool,
    /// Replace the rows that are there, instead of adding to them
    #[arg(long, conflicts_with_all = ["since_last", "changes"])]
    overwrite: bool,
    /// Add columns that the tables do not have so far
    #[arg(long)]
    pub(super) evolve: bool,
    /// Give valid rows the column `_karat_warnings` too
    #[arg(long)]
    warnings: bool,
}

pub(in crate::cli) fn run(arguments: &Arguments) -> Exit {
    if let Err(exit) = check::within_bounds(&arguments.check, || {}) {
        return exit;
    }
    match split_all(arguments) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn split_all(arguments: &Arguments) -> Result<Exit, Exit> {
    let found = check::one_suite("split", &arguments.check)?;
    let (data, check) = alone(&found, &arguments.check, &check::options(&arguments.check))?;
    let context = check::context(Some(&found), &arguments.check);
    let options = SplitOptions { check, warnings: arguments.warnings };
    let Some(to) = arguments.destinations(&options.check.storage) else {
        return in_place::move_all(arguments, &found, data, &options, &context);
    };
    let mut exit = Exit::Passed;
    for data in arguments.parts(data, &found, &to, &options)? {
        let of_part = split_one(arguments, &found, data, &to, &options, &context)?;
        exit = if of_part == Exit::Passed { exit } else { of_part };
    }
    Ok(exit)
}

/// Splits data, and shows the run and what was written.
fn split_one(
    arguments: &Arguments,
    found: &Found,
    data: Data,
    to: &Destinations,
    options: &SplitOptions,
    context: &Context,
) -> Result<Exit, Exit> {
    let mut split = split(&found.suite, data, options).map_err(|problem| tell(&problem))?;
    let written = split.write(to).map_err(|problem| tell(&problem));
    if let Some(history) = &context.history {
        check::remember(&mut split.run, history)?;
    }
    let shown = check::show(&mut split.run, &arguments.check, context);
    written?;
    shown.map(|()| exit(&split))
}

impl Arguments {
    /// Returns where both parts go; `None` if valid rows stay where they are.
    fn destinations(&self, storage: &StorageOptions) -> Option<Destinations> {
        let valid = self.valid.clone().filter(|_| !self.in_place)?;
        let mode = if self.overwrite { Mode::Overwrite } else { Mode::Append };
        Some(Destinations {
            valid: Destination::new(valid, storage.clone()),
            quarantine: Destination::new(self.quarantine.clone(), storage.clone()),
            options: WriteOptions { mode, evolve: self.evolve, ..WriteOptions::default() },
        })
    }

    /// Returns what is to be split, one after the other.
    fn parts(
        &self,
        data: Data,
        found: &Found,
        to: &Destinations,
        options: &SplitOptions,
    ) -> Result<Vec<Data>, Exit> {
        let Data::Uri { uri, .. } = &data else { return Ok(vec![data]) };
        if !self.since_last {
            return Ok(vec![data]);
        }
        let versions = remaining(&found.suite, uri, to, options).map_err(|problem| tell(&problem))?;
        if versions.is_empty() {
            note("nothing is new: the newest version was split already");
        }
        Ok(versions.into_iter().map(|at| Data::Uri { uri: uri.clone(), at }).collect())
    }
}

/// Returns the exit code once the rows are where they belong: what put rows aside does not stop the gate.
pub(super) fn exit(split: &Split) -> Exit {
    split.gate().map_or(Exit::Unknown, |gate| gate.decision.into())
}
