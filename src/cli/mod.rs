//! The command line: arguments, one file a command, exit codes. The only place that prints.

mod arguments;
mod check;
mod demo;
mod diagnostics;
mod entry;
mod exit;
mod explain;
mod import;
mod inspect;
mod lint;
mod list;
mod mistaken;
mod output;
mod page;
mod panics;
mod plan;
mod progress;
mod signals;
mod suites;
mod terminal;
mod threads;

pub use arguments::main;
