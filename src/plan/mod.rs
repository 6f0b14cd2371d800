//! Plans: binds a suite to a schema, resolves names and types and shares metrics, and gives a [`Plan`]. Reads
//! no rows.

mod bind;
mod error;
mod meanings;
mod moved;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod plan;
mod subset;
mod union;

pub use bind::{BindOptions, bind};
pub use error::BindError;
pub use plan::{DependentCount, FailingCount, JudgedBy, Plan, PlannedCheck, RowKey};
pub use subset::Subset;
pub use union::{Part, Union};
