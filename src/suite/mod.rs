//! Text → [`Suite`]: what a table must be, read strictly, every check with its place.

mod adopted;
mod check;
mod composed;
mod dialect;
mod editor_schema;
mod error;
mod expand;
mod file;
mod fingerprint;
mod foreign;
mod great_expectations;
mod import;
mod item;
pub mod keys;
mod layer;
mod limit;
mod options;
mod read;
mod reading;
mod shown;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod suite;
mod tool;

pub use adopted::Origin;
pub use check::{Check, Filter, Severity};
pub use composed::{Catalogue, Composed, DefinedIn, Named, OwnParameter, Takes};
pub use editor_schema::editor_schema;
pub use error::SuiteError;
pub use fingerprint::digest;
pub use import::{Imported, LeftOut, import};
pub use layer::Layer;
pub use limit::{Limit, Thresholds};
pub use reading::Reading;
pub use suite::Suite;
pub use tool::Tool;
