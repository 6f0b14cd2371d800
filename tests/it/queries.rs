//! Queries in SQL.

mod conditions;
mod differential;
mod expressions;
mod generate;
mod language;
mod matching;
mod random;
mod table;
