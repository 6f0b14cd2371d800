//! Suites of Great Expectations, 0.x and 1.x: each expectation becomes the check that a suite of
//! karat would write, and is read as that.

mod aggregates;
mod column_condition;
mod columns;
mod condition;
mod distributions;
mod evaluate;
mod formula;
mod import;
mod kwargs;
mod late;
mod mapping;
mod multi;
mod numbers;
mod origin;
mod pandas_query;
mod parameters;
mod read;
mod row_condition;
mod tables;
mod tokens;
mod type_names;
mod types;
mod unmapped;
mod values;

pub use import::{Imported, LeftOut, import};
pub(super) use late::LateExpectation;
pub use origin::GreatExpectation;
pub(super) use read::{Adopted, recognises, translate};
pub(super) use unmapped::{UNMAPPED, Unmapped};
