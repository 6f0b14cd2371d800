//! What is wrong with the checks of a suite, or worth knowing, before any data is looked at.

mod finding;
mod members;
mod pairs;
mod single;

pub use finding::{Finding, Level, findings};
