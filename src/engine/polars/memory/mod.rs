//! The memory that a run may take: [`budget`] divides it, and what has no place in it is written by [`spill`].

mod budget;
mod spill;

pub(super) use budget::{Allotment, Budget};
pub(super) use spill::Spilled;
#[cfg(test)]
pub(super) use spill::Spills;
