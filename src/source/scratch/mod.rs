//! Temporary files: local copies of remote files, and files written while data is read.
//!
//! A [`folder`] belongs to one run, only its owner may read it, and it is removed when the run ends, however
//! that happens. A [`temporary`] file in it notices a full disk, which the libraries that write report as
//! another error.

mod folder;
mod temporary;

pub(crate) use folder::private;
pub use folder::remove_spools;
pub(crate) use folder::{Folder, create_scratch};
pub(crate) use temporary::{Full, Temporary, unwritten};
