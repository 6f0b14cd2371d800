//! The predicate language and the checks on values against naive implementations.

mod columns;
mod evaluate;
mod generate;
mod rows;
mod table;
