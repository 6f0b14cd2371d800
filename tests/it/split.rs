//! Failing rows, all of them: found, listed, and written apart.

mod command;
mod dirty;
mod full_disk;
pub mod in_place;
mod killed;
mod listed;
mod selection;
mod written;
