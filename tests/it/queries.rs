//! Queries in SQL.

#![allow(
    clippy::cast_possible_wrap,
    clippy::doc_markdown,
    clippy::items_after_statements,
    clippy::match_bool,
    clippy::match_overlapping_arm,
    clippy::single_match_else,
    clippy::too_many_lines,
    reason = "what is made by chance is a list of ways, each a line or two; DuckDB is a name"
)]

mod conditions;
mod differential;
mod expressions;
mod generate;
mod language;
mod matching;
mod random;
mod table;
