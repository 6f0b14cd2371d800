//! The bounds interpreter: on how many rows a condition is true, told from what is known of them
//! without reading one.
//!
//! Each column is null or a value on every row. Where either is possible, the rows fall into two
//! *worlds*, and so on for the next column. In a world, an expression is a `Scalar`: what
//! it may be, never less than it can be. Whatever is not certain comes out as unknown.

mod calls;
mod column;
mod count;
mod evaluate;
mod range;
mod scalar;
mod truth;
mod values;

pub use count::{Told, count};
