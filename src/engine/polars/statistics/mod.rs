//! Provides the statistics that may replace reading rows: from a table's log, the footers of its files, and
//! the dictionaries of columns.
//!
//! [`chunk`] is the entry point. It takes the statistics of each file from [`delta_log`] and those of each
//! row group from [`row_groups`], weakens them by what deletion vectors remove, and adds partition values.
//! Both sources give [`column_statistics`], which are validated before use: [`writer`] knows which programs
//! write wrong statistics, [`truncated`] finds an upper bound for a truncated text, and [`decode`] decodes
//! single values as Parquet stores them. [`contradictions`] then compares the log with the footers as far as
//! they are trusted, and [`dictionary`] reads the distinct values of a row group, which bounds alone do not
//! give.
//!
//! Statistics that are not certain to be right prove nothing: the rows are read instead.

mod column_statistics;
mod contradictions;
mod decode;
mod delta_log;
mod dictionary;
mod row_chunk;
mod row_groups;
mod truncated;
mod writer;

#[cfg(test)]
mod tests;

pub(in crate::engine::polars) use delta_log::row_count;
pub(crate) use dictionary::Dictionary;
pub(crate) use row_chunk::RowChunk;
