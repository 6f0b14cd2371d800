//! A suite and a schema → a [`Plan`]: names and types resolved, metrics shared. No row is read.

mod bind;
mod error;
mod meanings;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod plan;

pub use bind::{BindOptions, bind};
pub use error::BindError;
pub use plan::{FailingCount, Form, Plan, PlannedCheck, Relative};
