//! The bounds interpreter: computes from statistics, without reading a row, on how many rows a condition is
//! true.
//!
//! Each column is null or has a value on every row. Where both are possible, the rows fall into two *worlds*,
//! and so on for the next column. In a world, an expression is a `Scalar`, which covers all values that the
//! expression can have, and maybe more. Whatever is not certain is unknown.

mod calls;
mod column;
mod count;
mod evaluate;
mod range;
mod scalar;
mod truth_values;
mod values;

pub use count::{ProvedCount, count};
