//! The logic interpreter: what follows from a condition before a schema gives types.
//!
//! A three-valued condition becomes a [`Formula`] of two values, "it is true", whose negation is one again. Whether one
//! formula implies another is asked by looking for a row on which the one holds and the other does not. None is found
//! only where there is none, whatever the types of the columns are, as long as the conditions fit them at all. What is
//! not seen to follow is taken not to follow.

mod formula;
mod point;
mod prove;
mod typed;
mod values;
mod written;

pub use formula::{Atom, Condition, Formula, Regex, Sides, Subject, Test};
pub use point::{Point, Standing};
pub use prove::{can_hold, implies};
