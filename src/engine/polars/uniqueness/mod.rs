//! Finds duplicate keys without grouping all rows.
//!
//! [`uniqueness`] is the entry point, and describes how the parts work together. A [`recorder`] sees the keys
//! of every row that a scan reads: as long as they ascend, [`sorted_stretches`] keep the first and last key
//! of each stretch; otherwise [`hashes`] hold eight bytes a row, spilled where memory ends. Repeated hashes
//! may be [`collisions`] until their keys are compared, and [`spilled_keys`] groups keys that are too many
//! for memory.

pub(super) mod collisions;
mod hashes;
mod recorder;
mod sorted_stretches;
mod spilled_keys;
#[expect(clippy::module_inception, reason = "the part that gives the folder its name")]
mod uniqueness;

pub(super) use uniqueness::{Recording, Resolved, Uniqueness};
