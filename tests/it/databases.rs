//! A suite means the same in a database as it does on Polars, or a check says why it cannot be judged there.

#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod compare;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod database;
#[cfg(feature = "duckdb")]
mod duckdb;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod hostile;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod pages;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod random;
#[cfg(feature = "postgres")]
mod redshift;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod reported;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod stopped;
#[cfg(feature = "postgres")]
mod tls;
#[cfg(any(feature = "duckdb", feature = "postgres"))]
mod written;

#[cfg(not(feature = "postgres"))]
#[test]
#[ignore = "needs cargo test --features postgres"]
fn postgres() {}

#[cfg(not(feature = "duckdb"))]
#[test]
#[ignore = "needs cargo test --features duckdb"]
fn duckdb() {}
