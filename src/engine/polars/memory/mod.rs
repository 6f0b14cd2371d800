//! The memory of a run: [`budget`] divides it, and [`spill`] writes what exceeds it to files.

mod budget;
mod spill;

pub(super) use budget::{Allotment, Budget};
pub(super) use spill::Spilled;
#[cfg(test)]
pub(super) use spill::Spills;
