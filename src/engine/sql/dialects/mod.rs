//! The dialects of SQL: one small file of differences each.

mod databricks;
mod dialect;
mod duckdb;
mod postgres;
mod redshift;
mod spark;

pub(super) use dialect::DAY_OF_WEEK;
pub use dialect::{Dialect, MovedBy, RegexSyntax};
pub use duckdb::DuckDb;
pub use postgres::Postgres;
pub use redshift::Redshift;
pub use spark::Spark;
