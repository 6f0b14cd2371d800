//! karat: the data-quality gate of the lakehouse.

#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod document;
pub mod engine;
pub mod evaluate;
pub mod expectation;
pub mod gate;
pub mod metric;
pub mod plan;
pub mod predicate;
pub mod project;
pub mod report;
pub mod run;
pub mod source;
pub mod suite;

pub use run::{CheckOptions, Data, Run, SuiteRun, check};
pub use suite::Suite;
