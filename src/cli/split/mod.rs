//! The command `karat split`: writes the rows that pass and those that fail apart.
//!
//! [`command`] has the arguments, and splits into two places; [`in_place`] deletes the rows of the quarantine where they are instead,
//! and [`refused`] says why a table was not split.

mod command;
mod in_place;
mod refused;

pub(super) use command::{Arguments, run};
