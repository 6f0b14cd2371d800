//! The stages in order: a suite and its data → a [`Run`].

mod bound;
mod chain;
mod check;
mod clock;
mod doubts;
mod machine;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod run;

pub use bound::{Bound, bound};
#[cfg(feature = "cli")]
pub(crate) use chain::chain;
pub(crate) use chain::untrusted;
pub use check::{CheckOptions, check, run_suite, strategy};
pub use clock::now;
pub use machine::memory;
pub use run::{Run, SuiteRun};
