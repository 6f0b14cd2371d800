//! The scan of a dataset's files: one frame of its rows, as the engine reads them.

pub(super) mod by_row;
mod convert;
mod int96;
mod layout;
mod stand_ins;

pub(super) use layout::{Layout, StoredColumn, layout_of};
pub(super) use stand_ins::{Made, StandIns};
