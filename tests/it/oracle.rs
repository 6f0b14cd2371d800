//! The predicate language and the checks on values against naive implementations.

mod evaluate;
mod generate;
mod rows;
mod table;
