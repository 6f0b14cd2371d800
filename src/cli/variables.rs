//! Variables of the environment that stand for options: `KARAT_FAIL_ON=warn` for `--fail-on warn`. What the command
//! line says, or what it says that excludes them, is stronger.

use std::ffi::{OsStr, OsString};

use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};

use super::arguments::command;
use super::environment::{MASK_KEY, PROJECT_VARIABLE, begun_again, given, names};
use super::terminal::note;
use crate::document::nearest;

const PREFIX: &str = "KARAT_";
/// The commands whose options all have a variable.
const COMMANDS: [&str; 3] = ["check", "lint", "plan"];
/// The options that have one in every command.
const EVERYWHERE: [&str; 5] = ["color", "env", "history", "storage-option", "var"];

/// What the help of those commands says of it.
pub(super) const HELP: &str = "\
Variables stand for options that are not given: KARAT_DATA=URI for --data URI
(see `karat explain reference`).";

/// The variable that stands for an option of a command, where there is one.
pub(super) fn variable(command: &str, option: &Arg) -> Option<String> {
    let long = option.get_long().filter(|long| *long != "help")?;
    let has_one = COMMANDS.contains(&command) || EVERYWHERE.contains(&long);
    has_one.then(|| format!("{PREFIX}{}", long.replace('-', "_").to_uppercase()))
}

/// A command line that knows what the environment says, and the variables that it may take something from.
pub(super) struct WithVariables {
    pub(super) command: Command,
    used: Vec<(String, String)>,
}

/// Lets variables stand for the options that are not given, of the commands that have them. Those that are empty are
/// none.
pub(super) fn with_variables(command: Command, arguments: &[OsString]) -> WithVariables {
    let mut used = Vec::new();
    let asked: Vec<_> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .filter(|name| arguments.iter().any(|argument| argument.to_str() == Some(name)))
        .collect();
    let command = asked.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |command| of_command(command, arguments, &mut used))
    });
    WithVariables { command, used }
}

fn of_command(command: Command, arguments: &[OsString], used: &mut Vec<(String, String)>) -> Command {
    let is_written = |option: &Arg| arguments.iter().any(|argument| is_of(option, argument));
    let options: Vec<&Arg> = command.get_arguments().collect();
    // Of two options that exclude each other, one may be the only to say so.
    let excludes = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|excluded| excluded.get_id() == other.get_id())
    };
    let is_excluded = |option: &Arg| {
        options.iter().any(|other| is_written(other) && (excludes(option, other) || excludes(other, option)))
    };
    let mut taken = Vec::new();
    for option in &options {
        let Some(variable) = variable(command.get_name(), option) else { continue };
        if given(&variable).is_some() && !is_written(option) && !is_excluded(option) {
            taken.push((option.get_id().clone(), variable.clone()));
            used.extend(option.get_long().map(|long| (format!("--{long}"), variable)));
        }
    }
    taken.into_iter().fold(command, |command, (id, variable)| {
        command.mut_arg(id, |option| {
            let option = option.env(variable).hide_env(true).hide_env_values(true);
            match option.get_action() {
                ArgAction::SetTrue => option.value_parser(BoolishValueParser::new()),
                // Values hold commas, spaces and colons, but no line breaks.
                ArgAction::Append if option.get_value_delimiter().is_none() => option.value_delimiter('\n'),
                _ => option,
            }
        })
    })
}

/// Returns whether an argument gives an option: `--fail-on`, `--fail-on=warn`, `-v`, or `-qv`.
fn is_of(option: &Arg, argument: &OsStr) -> bool {
    let argument = argument.to_string_lossy();
    match argument.strip_prefix("--") {
        Some(long) => option.get_long() == Some(long.split_once('=').map_or(long, |(name, _)| name)),
        None => argument
            .strip_prefix('-')
            .is_some_and(|shorts| option.get_short().is_some_and(|short| shorts.contains(short))),
    }
}

impl WithVariables {
    /// Says which variable an error of the command line comes from, if it does.
    pub(super) fn say_whence(&self, error: &clap::Error) {
        for kind in [ContextKind::InvalidArg, ContextKind::PriorArg] {
            let Some(ContextValue::String(argument)) = error.get(kind) else { continue };
            let option = argument.split([' ', '=']).next();
            if let Some((option, variable)) = self.used.iter().find(|(used, _)| Some(used.as_str()) == option)
            {
                note(&format!("note: {option} comes from the variable {variable}"));
            }
        }
    }
}

/// Tells of variables that look like one of karat's and are none. A process that has begun again has told it before.
pub(super) fn tell_mistyped() {
    if begun_again() {
        return;
    }
    let known = known(&command());
    let is_option = |name: &String| name.starts_with(PREFIX) && !name.starts_with(PROJECT_VARIABLE);
    for name in names().into_iter().filter(is_option) {
        if let Some(meant) = meant(&name, &known) {
            note(&format!("note: karat reads no variable {name:?}; did you mean {meant}?"));
        }
    }
}

/// All variables that are read: those that stand for options, and the one that is none's.
fn known(command: &Command) -> Vec<String> {
    let commands = std::iter::once(command).chain(command.get_subcommands());
    let mut known: Vec<String> = commands
        .flat_map(|command| command.get_arguments().filter_map(|option| variable(command.get_name(), option)))
        .collect();
    known.push(MASK_KEY.to_owned());
    known.sort();
    known.dedup();
    known
}

/// The variable that a mistyped one most likely meant. All begin alike, so that only the rest tells them apart.
fn meant<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    if known.iter().any(|known| known == name) {
        return None;
    }
    let rests = known.iter().filter_map(|known| known.strip_prefix(PREFIX));
    let meant = nearest(name.strip_prefix(PREFIX)?, rests)?;
    known.iter().find(|known| known.strip_prefix(PREFIX) == Some(meant)).map(String::as_str)
}
