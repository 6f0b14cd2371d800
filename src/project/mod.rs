//! `karat.yml`: where a project starts, what stops its layers, and which expectations are its own.

mod config;
mod find;
mod lock;
mod locked_types;

pub use config::{Project, ProjectError};
pub use find::{find, root};
pub use lock::{LOCK, Lock, LockedDataset};
