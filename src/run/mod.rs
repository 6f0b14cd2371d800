//! Runs the stages in order: a suite and its data → a [`Run`].

mod bound;
mod check;
mod clock;
mod doubts;
mod error_chain;
mod failing_rows;
mod machine;
mod past;
mod publication;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod run;
mod split_parts;

pub use bound::{Bound, bound};
pub use check::{
    CheckOptions, Judged, check, run_opened, run_opened_together, run_suite, run_together, run_unopened,
    strategy,
};
pub use clock::now;
pub(crate) use error_chain::chain;
pub(crate) use error_chain::untrusted;
pub use failing_rows::{FailingRows, UnknownRows, run_finding_rows};
pub use machine::memory;
pub use past::{Change, Changes, CheckPast, GoneCheck, Past, PreviousRun, Since, Turn};
pub use publication::{NotPublished, Publication, PublicationOutcome};
pub use run::{Run, SuiteRun};
pub use split_parts::{EarlierRun, SplitPart, SplitParts};
