//! The command line: arguments, one file a command, exit codes. The only place that prints.

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
mod progress;
mod reference;
mod schema;
mod signals;
mod standard_input;
mod suites;
mod terminal;
mod variables;

pub use arguments::main;
pub use reference::reference;
