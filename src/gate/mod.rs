//! Verdicts and a policy → a decision: the data passes or stops. The stage reads nothing else.

mod decide;
mod policy;

pub(crate) use decide::tally;
pub use decide::{Decision, Gate, decide, verdict};
pub use policy::{Policies, Policy};
