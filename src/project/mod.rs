//! `karat.yml`: where a project begins, its layers, datasets, variables and environments, what stops its layers, and which
//! expectations are its own.
//!
//! `find` finds the file above a suite, `settings` and `datasets` read it, and [`Project`] answers what the other
//! stages ask: where data lies, what opens it, which layers there are.

mod datasets;
mod discover;
mod editor_schema;
mod find;
mod lock;
mod locked_types;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod project;
mod settings;

pub use datasets::Dataset;
pub use discover::datasets;
pub use editor_schema::editor_schema;
pub use find::{find, root};
pub use lock::{LOCK, Lock, LockedDataset};
pub use project::{Project, ProjectError, Selection};
pub use settings::Defaults;

/// Keys with their meanings.
type Keys = &'static [(&'static str, &'static str)];

/// The keys of `karat.yml`.
pub const KEYS: Keys = &settings::KEYS;
/// The keys of a layer.
pub const OF_LAYER: Keys = &settings::OF_LAYER;
/// The keys of a dataset.
pub const OF_DATASET: Keys = &datasets::KEYS;
/// The keys of an environment.
pub const OF_ENVIRONMENT: Keys = &settings::OF_ENVIRONMENT;
/// The keys of the defaults.
pub const OF_DEFAULTS: Keys = &settings::OF_DEFAULTS;
