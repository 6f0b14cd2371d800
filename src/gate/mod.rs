//! Outcomes and a policy → go or stop. Pure.

mod decide;
mod policy;

pub use decide::{Decision, Gate, decide, verdict};
pub use policy::{Policies, Policy};
