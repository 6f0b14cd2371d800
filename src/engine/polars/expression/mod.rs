//! Predicates as expressions of Polars.
//!
//! [`terms`] converts a typed predicate to a vectorised expression. [`lossless`] compares numbers and times
//! of different types without rounding. [`computed`] runs karat's own functions, where Polars has no
//! expression: they never fail within a query, and their failure is reported when the query is done.

mod computed;
mod lossless;
mod terms;

pub(super) use computed::{computed, computed_of, function_of, take_failure};
pub(super) use lossless::{equal_in, within};
pub(super) use terms::{polars_type, to_polars, value_literal, value_series};
