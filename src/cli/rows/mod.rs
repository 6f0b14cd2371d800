//! The command `karat rows`: all failing rows, with their reasons.
//!
//! [`command`] judges and reads them, [`output`] writes them in a format, a batch at a time; [`table`] is the format for people,
//! and [`flat`] turns what is nested into text, for formats that know no lists.

mod command;
mod flat;
mod output;
mod table;

pub(super) use command::{Arguments, run};
