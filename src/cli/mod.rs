//! The command line: the arguments, one file for each command, and the exit codes. No other module prints.

mod arguments;
mod catalogue_entry;
mod check;
mod color;
mod completions;
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
mod man;
mod memory;
mod mistaken;
mod no_suites;
mod output;
mod page;
mod panics;
mod plan;
mod platform;
mod progress;
mod reference;
mod running;
mod schema;
mod signals;
mod standard_input;
mod suites;
mod terminal;
mod variables;

pub use arguments::main;
pub use reference::reference;
