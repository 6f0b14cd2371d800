//! What is known of rows without reading them: from the log of a table, the footers of files
//! and the dictionaries of columns.

mod chunk;
mod claim;
mod compared;
mod cut;
mod decode;
mod dictionary;
mod footer;
mod log;
mod trust;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use chunk::Chunk;
pub use compared::Dispute;
pub(crate) use dictionary::Dictionary;
pub(in crate::source) use log::rows_told;
pub use trust::Trust;
