//! `karat lint`

mod command;
mod drift;
mod locked;
mod told;

pub(super) use command::{Arguments, run};
