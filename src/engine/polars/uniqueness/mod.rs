//! Whether keys come twice, without grouping all rows.
//!
//! [`uniqueness`] is the way in, and says how the parts work together. A [`recorder`] sees the keys of every row that a
//! scan reads: as long as they rise, [`sorted_stretches`] remember the first and last key of each stretch; from then
//! on [`hashes`] hold eight bytes a row, spilled where memory ends. Hashes that come twice are [`collisions`] until
//! their keys are compared, and [`spilled_keys`] groups keys that are too many for memory.

pub(super) mod collisions;
mod hashes;
mod recorder;
mod sorted_stretches;
mod spilled_keys;
#[expect(clippy::module_inception, reason = "the part that gives the folder its name")]
mod uniqueness;

pub(super) use uniqueness::{Recording, Resolved, Uniqueness};
