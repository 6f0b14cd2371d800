//! `karat.yml`: where a project starts, what stops its layers, and which expectations are its own.

mod config;
mod discover;
mod find;

pub use config::{Project, ProjectError};
pub use discover::datasets;
pub use find::{find, root};
