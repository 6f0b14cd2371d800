//! Publishes staged files: they become a part of a Delta table if, and only if, the gates let the table through as it would be
//! with them.
//!
//! [`publish`] judges, copies and commits, and judges again if others have changed the table meanwhile. A `target` is the
//! version of a table to which files are appended: `writable` refuses tables that are not written right, `types` files
//! whose columns others could not read, and `statistics` are what the log will say of them. `copies` are the files in
//! the table's place, which go unless they are committed; `actions` are the lines of the commit, and `commit` puts them
//! at exactly the version behind the one that was judged.

mod actions;
mod commit;
mod copies;
#[expect(clippy::module_inception, reason = "the function that gives the stage its name")]
mod publish;
mod statistics;
mod target;
mod types;
mod writable;

#[cfg(feature = "cli")]
pub(crate) use copies::withdraw_all;
pub use publish::{Published, publish, publish_together};
