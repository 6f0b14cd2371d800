//! Runs queries of Polars, and measures them.
//!
//! [`execute`] optimises queries together, so that they share their scans, has their files made ready, runs
//! them, and counts what they read. A query that fails is bisected until the metric that fails is alone
//! ([`isolate`]), and if the data cannot be read, [`blame`] finds the file. [`workers`] ensures that threads
//! are left to run the next query, [`gate`] ends a query that is cancelled, and [`tracking`] has Polars count its tasks. [`values`] and [`keys`]
//! convert cells to karat's values and keys. [`first_rows`] keeps the first rows for which a condition holds
//! while an expression is evaluated, and [`every_row`] the numbers of all.

mod blame;
mod every_row;
mod execute;
mod first_rows;
mod gate;
mod isolate;
mod keys;
mod tracking;
mod values;
mod workers;

pub(super) use blame::readable;
pub(super) use every_row::EveryRow;
pub(super) use execute::{OTHER, QueryCost, execute_counted, execute_in_memory, guarded, nothing_given};
pub(super) use first_rows::{COUNTED, FirstRows, NUMBER};
pub(super) use isolate::{isolate, isolate_failed};
#[cfg(test)]
pub(super) use keys::Hashed;
pub(super) use keys::{Hash, Rows, encoded, hash, of_rows};
pub(super) use values::{as_count, as_high, cell, count, value};
