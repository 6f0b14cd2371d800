//! A suite means the same in a database as it does on Polars, or a check says why it cannot be judged there.

#[cfg(feature = "duckdb")]
mod compare;
#[cfg(feature = "duckdb")]
mod duckdb;
#[cfg(feature = "duckdb")]
mod pages;
#[cfg(feature = "duckdb")]
mod written;

#[cfg(not(feature = "duckdb"))]
#[test]
#[ignore = "needs cargo test --features duckdb"]
fn duckdb() {}
