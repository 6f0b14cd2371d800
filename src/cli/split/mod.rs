//! The command `karat split`: writes the rows that pass and those that fail apart.
//!
//! [`command`] has the arguments, and splits into two places; [`in_place`] deletes the rows of the quarantine where they are instead,
//! and [`told`] says what was done.

mod command;
mod in_place;
mod told;

pub(super) use command::{Arguments, run};
