//! The catalogue of a dataset's files: their row counts and deletion vectors.
//!
//! [`data_files`] lists each [`data_file`]. Row numbers run through all files, and [`row_starts`] says where
//! those of each file start; a row number identifies a row of the dataset everywhere. Files that were
//! converted from text or Arrow have a [`transcript`] that leads back to the original file, with the
//! [`row_lines`] of its rows. Nothing here reads rows: a scan does.

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
pub(crate) use transcript::{Transcript, TranscriptionCost};
