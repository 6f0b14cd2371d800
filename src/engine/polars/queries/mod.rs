//! SQL queries, each an execution of its own, so that one that fails affects no other check. Their relations
//! become lazy frames, whose predicates are converted like those of metrics.

mod aggregates;
mod difference;
mod digits;
mod joined;
mod listed;
mod measure;
mod rows;
mod totals;

pub(in crate::engine::polars) use measure::measure;
