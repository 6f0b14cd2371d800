//! The catalogue of a dataset's files: which there are, how many rows each has, which of these are deleted.
//!
//! [`data_files`] is the list of each [`data_file`]. Their rows are numbered through, and [`row_starts`] says where
//! those of each file start; a place in the dataset is such a number everywhere. Files that were written from text
//! or Arrow have a [`transcript`] that leads back to the original, [`row_lines`] among it. Nothing here reads rows:
//! a scan does.

mod data_file;
mod data_files;
mod row_lines;
mod row_starts;
mod transcript;

pub use data_file::DataFile;
pub use data_files::DataFiles;
pub(crate) use data_files::{About, CHANGE_TYPE};
pub(crate) use row_lines::RowLines;
pub(crate) use row_starts::{ROW_COLUMN, overlap};
pub(crate) use row_starts::{RowStarts, RowsOfFile};
pub use transcript::{Malformed, MalformedRow};
pub(crate) use transcript::{Took, Transcript};
