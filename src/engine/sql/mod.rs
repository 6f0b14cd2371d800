//! An engine that asks the system that holds the data, by SQL.
//!
//! A predicate or a metric is printed as SQL of a dialect only if that means exactly what it means in karat, for all values
//! that a row may have: [`print()`] gives an expression, or [`NotPushable`] with the reason. What depends on the rows (a letter
//! beyond ASCII, an integer beyond 2^53) is a guard: a condition that is counted beside the metric, which is an error if a
//! row meets it. Nothing is approximated.
//!
//! ```text
//! dialects      what systems write otherwise
//! print         predicates as SQL; literals, comparisons, casts, numbers, calls, regular expressions
//! metrics       what is selected for a metric, and how its value is read
//! select        statements for many metrics, divided where one fails
//! samples       failing rows, by limited statements
//! fetch         columns of a table, for another engine to judge; batches makes Arrow of them
//! running       statements and sessions that a signal stops
//! engine        the trait that karat knows: opens, prints, measures
//! columns       what a table has, as karat reads it
//! duckdb, postgres, databricks   connections; Redshift speaks the protocol of PostgreSQL
//! spark         tables of Spark over the connection of another crate
//! ```

mod batches;
mod columns;
#[cfg(feature = "databricks")]
pub mod databricks;
mod dialects;
#[cfg(feature = "duckdb")]
pub mod duckdb;
mod engine;
mod fetch;
mod metrics;
mod opened;
mod planned;
#[cfg(feature = "postgres")]
pub mod postgres;
mod print;
mod read_values;
mod running;
mod samples;
mod select;
mod session;
pub mod spark;
mod sql_text;

pub use dialects::{Dialect, DuckDb, MovedBy, Postgres, Redshift, RegexSyntax, Spark};
pub use engine::{Connector, SqlEngine};
pub use print::print;
pub use read_values::{Cell, Unreadable};
pub use running::Running;
#[cfg(feature = "cli")]
pub(crate) use running::stop_statements;
pub use session::{Guarded, Session, SessionError, Table};
pub use sql_text::{Guards, NotPushable, Sql};
