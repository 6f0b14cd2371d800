//! The dialects of SQL: one small file of differences each.

mod dialect;
mod duckdb;
mod postgres;

pub use dialect::{Dialect, MovedBy, RegexSyntax};
pub use duckdb::DuckDb;
pub use postgres::Postgres;
