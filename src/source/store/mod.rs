//! Object stores (S3, Azure, Google Cloud, web servers), and the local copies of the files that are read from
//! them.
//!
//! [`location`] parses a URI ([`address`]) and connects ([`connect`]) with [`options`] and the environment
//! ([`settings`], [`settings_s3`], [`aws_profile`]), whose values are validated ([`known_options`],
//! [`values`]). Every request goes through [`retrying_client`]: the [`client`] sends credentials only where
//! they belong, [`retry`] decides on retries, [`body`] detects stalled answers, [`traffic`] counts bytes, and
//! [`errors`] turns failures into errors without secrets. [`listing`] finds the files of a folder or a
//! pattern. [`lent`] holds credentials that somebody lends for a time. [`spool`] keeps a sparse local file for each object, which [`fetch`] fills where needed and
//! [`coverage`] tracks: footers first, then the column chunks that a scan reads. While a Delta log is read,
//! [`caching_store`] caches its files, [`web_log`] lists it where the server cannot, and [`only_files`] keeps
//! the kernel from opening pipes. [`copy`] copies objects within a store.

mod address;
mod aws_profile;
mod body;
mod caching_store;
mod client;
mod connect;
mod copy;
mod coverage;
mod errors;
mod fetch;
mod known_options;
mod lent;
mod listed_keys;
mod listing;
mod location;
mod only_files;
mod options;
mod retry;
mod retrying_client;
mod runtime;
#[cfg(feature = "databricks")]
mod service;
mod settings;
mod settings_s3;
mod spool;
mod traffic;
mod trusted;
mod values;
mod web_log;

pub(crate) use copy::{NotCopied, Origin};
pub(crate) use errors::{answer_of_store, is_failing, is_of_store, is_refusal, is_refusal_for_good};
pub use lent::{Lender, Lending, Lent};
pub(crate) use listing::Content;
pub use listing::files_below;
pub(crate) use location::{LocalFiles, Location, Remote, Table};
pub use options::{StorageOptions, UnknownOption};
pub(crate) use runtime::{Running, begin, wait_for, wait_for_blocking};
#[cfg(feature = "databricks")]
pub(crate) use service::{Answer, Request, Service};
pub(crate) use spool::{InitialFetch, Spool};
pub(crate) use traffic::Traffic;
