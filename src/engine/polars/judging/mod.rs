//! The judging pass: every metric that is not proved, as one execution over one scan.
//!
//! [`judging`] makes its queries and reads their results. What it needs of other datasets is read before it
//! ([`others`], with a judging pass of theirs) and joined ([`joins`]); [`members`] leaves out the rows whose keys the
//! other dataset has.

pub(super) mod joins;
#[expect(clippy::module_inception, reason = "the part that gives the folder its name")]
mod judging;
mod members;
mod others;

pub(super) use judging::{Asked, Judging, is_measured};
pub(super) use others::Others;
