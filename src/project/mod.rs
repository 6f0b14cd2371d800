//! `karat.yml`: where a project begins, its layers, datasets, variables and environments, what stops its layers, and which
//! expectations are its own.
//!
//! [`find`] finds the file above a suite, `settings` and `datasets` read it, and [`Project`] answers what the other
//! stages ask: where data lies, what opens it, which layers there are.

mod datasets;
mod editor_schema;
mod find;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod project;
mod settings;

pub use datasets::Dataset;
pub use editor_schema::editor_schema;
pub use find::{find, root};
pub use project::{Project, ProjectError, Selection};
pub use settings::Defaults;
