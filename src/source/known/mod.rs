//! What is known of rows without reading them: from the log of a table, the footers of files
//! and the dictionaries of columns.

mod chunk;
mod claim;
mod decode;
mod dictionary;
mod footer;
mod log;
mod trust;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use chunk::Chunk;
pub use trust::Trust;
