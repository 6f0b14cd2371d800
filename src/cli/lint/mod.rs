//! `karat lint`

mod command;
mod drift;
mod fit;
mod locked;

pub(super) use command::{Arguments, run};
