//! The commands `karat docs build` and `karat docs serve`, and what `karat check --docs` does.

mod command;
mod serve;
mod update;

pub(super) use command::{Arguments, run};
pub(super) use update::{HISTORY, add, say_unjudged};
