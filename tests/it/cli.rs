//! The command line, as its users see it: each expectation below is its whole output.

mod catalogue;
mod check;
mod color;
mod demo;
mod diff;
mod gates;
mod help;
mod import;
mod inspect;
pub(crate) mod karat;
mod karat_yml;
mod lint;
mod memory;
mod nesting;
mod no_suites;
mod others;
mod outputs;
mod platforms;
pub(crate) mod project;
mod reference;
pub(crate) mod runners;
mod schema;
mod selection;
mod shells;
mod shown;
mod standard_input;
mod text;
mod unwritable;
mod usage;
mod variables;
mod wrong_files;

pub(crate) use karat::{Karat, Ran, karat, scrubbed};
pub(crate) use project::Project;
