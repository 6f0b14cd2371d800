//! Prints typed expressions as SQL: exactly what they mean, or the reason why not.

mod calls;
mod casts;
mod comparisons;
mod literals;
mod numbers;
mod printer;
mod regex;

pub(in crate::engine::sql) use printer::Printer;
pub use printer::print;
