//! All integration tests in one binary, so that they share one compile and link.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking, and clippy does not know the helpers of integration tests as tests"
)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests run the binary, ask the engine themselves, look at their environment, and say what they left out"
)]
#![allow(
    unreachable_pub,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    reason = "nothing of a test is seen from outside, and none needs to be fast"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "the oracle computes with small numbers in doubles, as plainly as it can"
)]

mod arrow;
mod cases;
mod catalogue;
mod cli;
mod comparisons;
mod contradictions;
mod corpora;
mod damaged_tables;
mod databases;
mod decoders;
mod delta_answers;
mod delta_fixtures;
mod delta_rows;
mod elements;
mod engines;
mod every_scan;
mod foreseen;
mod formats;
mod fuzz;
mod great_expectations;
mod groups;
mod history;
mod hostile;
mod integrations;
mod layers;
mod naive;
mod oracle;
mod parquet;
mod partitions;
mod places;
mod plans;
mod profile;
mod publish;
mod queries;
mod reports;
mod review;
mod scans;
mod sink;
mod site;
mod split;
mod store;
mod suggest;
mod suites;
mod support;
mod text;
mod uniqueness;
#[cfg(feature = "databricks")]
mod warehouse;
mod ways;
mod wide;
mod writers;
