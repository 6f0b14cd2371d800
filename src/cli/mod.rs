//! The command line: arguments, one file a command, exit codes. The only place that prints.

mod arguments;
mod catalogue_entry;
mod check;
mod demo;
mod diagnostics;
mod environment;
mod exit;
mod explain;
mod import;
mod init;
mod inspect;
mod lint;
mod list;
mod memory;
mod mistaken;
mod output;
mod page;
mod panics;
mod plan;
mod profile;
mod progress;
mod signals;
mod suggest;
mod suites;
mod terminal;

pub use arguments::main;
