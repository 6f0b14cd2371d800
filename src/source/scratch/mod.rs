//! Temporary files: what is fetched from stores, and what is written while data is read.
//!
//! A [`folder`] belongs to one run, nobody else may look into it, and it is removed when the run ends, however it
//! ends. A [`temporary`] file in it notices when the disk is full, which the libraries that write report as something
//! else.

mod folder;
mod temporary;

pub(crate) use folder::private;
pub use folder::remove_spools;
pub(crate) use folder::{Folder, create_scratch};
pub(crate) use temporary::{Full, Temporary, unwritten};
