//! What is known of rows without reading them: from the log of a table, and from the footers of files.

mod chunk;
mod claim;
mod decode;
mod footer;
mod log;
mod trust;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use chunk::Chunk;
pub use trust::Trust;
