//! Reads a text strictly into a [`Suite`]: the checks on one dataset, each with its place in the text. Uses
//! of composed expectations are expanded to built-in ones, and suites of other tools are translated.

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
mod on_fail;
mod options;
mod read;
mod reading;
mod shown;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod suite;
mod tool;
mod unread;
mod variables;

pub use adopted::Origin;
pub use check::{Check, Filter, Severity};
pub use composed::{ArgumentKind, Catalogue, CatalogueEntry, Composed, ComposedParameter, DefinedIn};
pub(crate) use dialect::read_dialect;
pub(crate) use editor_schema::dialect_schema;
pub use editor_schema::editor_schema;
pub use error::SuiteError;
pub use fingerprint::digest;
pub use import::{Imported, LeftOut, import};
pub use layer::{Layer, Layers};
pub use limit::{Limit, Thresholds};
pub use on_fail::OnFail;
pub use reading::Reading;
pub use suite::Suite;
pub use tool::Tool;
pub use variables::Variables;
