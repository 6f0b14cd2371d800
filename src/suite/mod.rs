//! Text → [`Suite`]: what a table must be, read strictly, every check with its place.

mod check;
mod editor_schema;
mod error;
mod fingerprint;
mod great_expectations;
mod layer;
mod limit;
mod options;
mod read;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod suite;

pub use check::{Check, Filter, Severity};
pub use editor_schema::editor_schema;
pub use error::SuiteError;
pub use fingerprint::digest;
pub use great_expectations::{Imported, Origin, import};
pub use layer::Layer;
pub use limit::{Limit, Thresholds};
pub use suite::Suite;
