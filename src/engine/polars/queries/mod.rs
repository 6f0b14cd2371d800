//! Queries, each an execution of its own: one that fails is no other check's affair. Their relations
//! are computed with the interpreter of predicates.

mod aggregates;
mod apart;
mod digits;
mod joined;
mod listed;
mod measure;
mod rows;
mod totals;

pub(in crate::engine::polars) use measure::measure;
