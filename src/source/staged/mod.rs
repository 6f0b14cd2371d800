//! Parquet files that are to become a part of a Delta table.
//!
//! [`staged`] names them, and [`batch`] is what lies there: the files, each with a digest of its bytes. An engine that has
//! opened a table with them says in [`appended`] how they would stand in its log. [`names`] gives new files of a table their
//! names, by which those are known that no commit names.

mod appended;
mod batch;
mod names;
#[expect(clippy::module_inception, reason = "the type that gives the part its name")]
mod staged;

pub use appended::Appended;
pub(crate) use appended::AppendedFile;
pub(crate) use batch::{Batch, StagedFile};
pub(crate) use names::{is_leftover, new_name};
pub use staged::Staged;
