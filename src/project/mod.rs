//! `karat.yml`: where a project starts, and what stops its layers.

mod config;
mod find;

pub use config::{Project, ProjectError};
pub use find::find;
