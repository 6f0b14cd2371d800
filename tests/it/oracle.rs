//! The predicate language and the checks on values against naive implementations.

mod aggregates;
mod columns;
mod evaluate;
mod generate;
mod input;
mod rows;
mod table;
