//! Makes rows fit a Delta table: [`types`] says which type a column gets, [`schema`] which columns a table has after the write,
//! and [`convert`] converts the values, without loss or not at all.

mod convert;
mod schema;
mod types;

pub(super) use schema::{Fit, Misfit, fit};
