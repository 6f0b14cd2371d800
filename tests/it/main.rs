//! All integration tests in one binary, so that they share one compile and link.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and clippy does not know the helpers of integration tests as tests"
)]

mod cli;
mod reports;
