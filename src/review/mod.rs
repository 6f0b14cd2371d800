//! What suites say of each other and of themselves, told without data: how two versions compare, what can never hold,
//! and how a schema has drifted from the one that was locked.

mod aspects;
mod compared;
mod diff;
mod drift;
mod findings;
mod limits;
mod model;
mod needs;
mod pairing;
mod schemas;
mod strength;
mod types;

pub use diff::{Side, diff};
pub use drift::{Change, Column, Drift, drift};
pub use findings::{Finding, Level, findings};
pub use model::{AspectDiff, CheckDiff, Counts, Diff, Kind, SuiteDiff, SuiteIs, diff_schema};
pub use schemas::of_rule;
pub use strength::{Strength, compare};
