//! Publishes staged files: they become a part of a Delta table if, and only if, the gates let the table through as it would be
//! with them.
//!
//! [`publish`] judges, copies and commits, and judges again if others have changed the table meanwhile. A `target` is the
//! version of a table to which files are appended, if the table is written right, and `types` says whether others would read
//! their columns. `copies` are the files in the table's place, which go unless they are committed; `actions` are the
//! lines of the commit, and `commit` puts them at exactly the version behind the one that was judged.

mod actions;
mod commit;
mod copies;
#[expect(clippy::module_inception, reason = "the function that gives the stage its name")]
mod publish;
mod target;
mod types;

pub use publish::{Published, publish, publish_together};
