//! What is said of suites without data, held against what comes of them with data.

mod catalogue;
mod contradictions;
mod drifts;
mod generate;
mod limits_of_proof;
mod sound;
mod table;
