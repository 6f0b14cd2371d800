//! Columns that the engine does not decode, or not right. Another decoder reads them, and a scan of the
//! engine finds them in a stand-in: a temporary file with the same rows, in shapes that it reads right.

mod arrays;
mod decode;
mod fit;
mod format;
mod plain;
mod stand_ins;
mod types;
mod write;

pub(super) use fit::{Fit, Recoded, Unread, fit, unread};
pub(super) use format::{encrypted, repaired, without};
pub(super) use stand_ins::{Made, StandIns};
