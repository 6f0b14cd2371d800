//! Splits a table into the rows that pass and those that do not, each with its reasons.
//!
//! [`split`] judges data by a suite and finds every failing row. The [`Split`] that it returns knows which rows go to the
//! quarantine, by what each check says with `on_fail`, and reads the rows of both parts; `reasons` are the columns that say why.
//! [`write`] writes both parts, each in one commit of its own, and never the same rows twice. [`failing_rows`] gives failing rows
//! alone, as they may be shown.
//!
//! `in_place` deletes the rows of the quarantine from the table itself instead of writing the valid ones elsewhere; `marked` says
//! where they are in its files. `completing` does so with what an earlier split has left half done.

mod completing;
mod error;
mod failing;
mod in_place;
mod marked;
mod options;
mod part;
pub(crate) mod reasons;
mod remaining;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod split;
mod write;

pub use completing::split_in_place;
pub use error::SplitError;
pub use failing::{AllFailing, failing_rows};
pub use in_place::{InPlace, MovedParts};
pub use options::SplitOptions;
pub use part::{PartBatch, Parts};
pub use reasons::{ERRORS, WARNINGS};
pub use remaining::remaining;
pub use split::{Split, split};
pub use write::{Destinations, Side, WrittenParts};
