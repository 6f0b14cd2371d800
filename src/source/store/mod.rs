//! Object stores: S3, Azure, Google Cloud and web servers, and what of them is fetched.

mod address;
mod answers;
mod aws_profile;
mod body;
mod client;
mod connect;
mod coverage;
mod fetch;
mod kept;
mod known_options;
mod listed_keys;
mod listing;
mod location;
mod only_files;
mod options;
mod patience;
mod patient;
mod runtime;
mod settings;
mod settings_s3;
mod spool;
mod traffic;
mod trusted;
mod values;
mod web_log;

pub(super) use answers::{is_failing, is_of_store};
pub(super) use listing::Holds;
pub(super) use location::{Location, Placed, Remote, Table};
pub use options::{StorageOptions, UnknownOption};
pub(super) use runtime::wait_for_blocking;
pub(super) use spool::{First, Spool};
pub(super) use traffic::Traffic;
