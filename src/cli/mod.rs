//! The command line: the arguments, one file for each command, and the exit codes. No other module prints.

mod arguments;
mod catalogue_entry;
mod check;
mod demo;
mod diagnostics;
mod environment;
mod exit;
mod explain;
mod formats;
mod import;
mod inspect;
mod lint;
mod list;
mod memory;
mod mistaken;
mod output;
mod page;
mod panics;
mod plan;
mod platform;
mod progress;
mod running;
mod signals;
mod suites;
mod terminal;

pub use arguments::main;
