//! The judging pass: measures every metric that is not proved, as one execution over one scan.
//!
//! [`judging`] builds the queries and reads their results. Data of other datasets is read beforehand
//! ([`others`], by a judging pass over each) and joined ([`joins`]); [`members`] excludes the rows whose keys
//! the other dataset has.

pub(super) mod joins;
#[expect(clippy::module_inception, reason = "the part that gives the folder its name")]
mod judging;
mod members;
mod others;

pub(super) use judging::{Judging, JudgingRequest, is_measured};
pub(super) use others::Others;
