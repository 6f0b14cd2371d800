//! Object stores: S3, Azure, Google Cloud and web servers, and what of them is fetched.

mod address;
mod answers;
mod aws_profile;
mod connect;
mod coverage;
mod fetch;
mod listing;
mod location;
mod options;
mod runtime;
mod spool;
mod spools;
mod web_log;

pub(super) use answers::{is_failing, is_of_store};
pub(super) use listing::Holds;
pub(super) use location::{Here, Location, Placed, Remote, Table};
pub use options::{StorageOptions, UnknownOption};
pub(super) use runtime::wait_for_blocking;
pub(super) use spool::{First, Spool};
pub(super) use spools::create_private;
pub use spools::remove_spools;
pub(crate) use spools::{Folder, create_scratch};
