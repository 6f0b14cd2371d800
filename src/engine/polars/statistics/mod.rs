//! The statistics that may replace reading rows: from a table's log, the footers of its files, and the
//! dictionaries of columns.
//!
//! [`chunk`] is the way in. It asks [`delta_log`] for the statistics of each file and [`row_groups`] for
//! those of each row group, weakens them by what deletion vectors remove, and adds partition values. Both
//! state [`column_statistics`], which are checked before they are used: [`writer`] knows which programs write
//! wrong ones, [`truncated`] finds a bound above a text that was truncated, and [`decode`] reads single values
//! as Parquet stores them. [`contradictions`] then compares the log with the footers for as much as [`trust`]
//! allows, and [`dictionary`] reads the distinct values of a row group, which bounds alone do not give.
//!
//! Whatever is not known to be right proves nothing: the rows are read instead.

mod chunk;
mod column_statistics;
mod contradictions;
mod decode;
mod delta_log;
mod dictionary;
mod row_groups;
mod truncated;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use chunk::Chunk;
pub(in crate::engine::polars) use delta_log::row_count;
pub(crate) use dictionary::Dictionary;
