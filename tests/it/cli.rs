//! The command line, as its users see it: each expectation below is its whole output.

mod catalogue;
mod check;
mod demo;
mod gates;
mod help;
mod import;
mod inspect;
pub(crate) mod karat;
mod memory;
mod nesting;
mod others;
mod outputs;
pub(crate) mod project;
mod selection;
mod shown;
mod text;
mod unwritable;
mod usage;
mod wrong_files;

pub(crate) use karat::{Karat, Ran, karat, scrubbed};
pub(crate) use project::Project;
