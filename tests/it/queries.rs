//! Queries in SQL.

mod differential;
mod expressions;
mod generate;
mod random;
mod table;
