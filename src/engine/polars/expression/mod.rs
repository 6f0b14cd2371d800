//! Predicates as expressions of Polars.
//!
//! [`terms`] makes the vectorised expression of a typed predicate. [`lossless`] compares numbers and times of
//! different types without rounding. [`computed`] holds what no expression of Polars says: functions that never fail
//! within a query, whose failure is reported when the query is done.

mod computed;
mod lossless;
mod terms;

pub(super) use computed::{computed, computed_of, function_of, take_failure};
pub(super) use lossless::{equal_in, within};
pub(super) use terms::{polars_type, to_polars, value_literal, value_series};
