//! Queries in SQL.

mod differential;
mod expressions;
mod generate;
mod language;
mod matching;
mod random;
mod table;
