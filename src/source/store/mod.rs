//! Object stores (S3, Azure, Google Cloud, web servers), and the local copies of what is read from them.
//!
//! [`location`] parses a URI ([`address`]) and connects ([`connect`]) with [`options`] and the environment
//! ([`settings`], [`settings_s3`], [`aws_profile`]), whose values are checked ([`known_options`], [`values`]). Every
//! request goes through [`patient`]: the [`client`] shows credentials only where they belong, [`patience`] says when to
//! repeat, [`body`] watches what comes, [`traffic`] counts it, and [`answers`] turns failures into errors without secrets.
//! [`listing`] finds the files of a folder or a pattern. [`spool`] keeps a sparse local file for each object, of which
//! [`fetch`] fills what is needed and [`coverage`] remembers what is there: footers first, then column chunks that
//! a scan reads. While a Delta log is read, [`kept`] holds its files, [`web_log`] lists it where the server cannot, and
//! [`only_files`] keeps the kernel from opening pipes.

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

pub(crate) use answers::{is_failing, is_of_store};
pub(crate) use listing::Holds;
pub use listing::files_below;
pub(crate) use location::{Location, Placed, Remote, Table};
pub use options::{StorageOptions, UnknownOption};
pub(crate) use runtime::wait_for_blocking;
pub(crate) use spool::{First, Spool};
pub(crate) use traffic::Traffic;
