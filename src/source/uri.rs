//! Parses URIs that name a version: `table@v42`.

use super::store::{Location, StorageOptions};
#[cfg(feature = "databricks")]
use super::{At, SourceError};

/// Returns a URI without its version suffix.
pub(crate) fn unversioned(uri: &str) -> &str {
    versioned(uri).map_or(uri, |(rest, _)| rest)
}

/// Splits a URI into the part before its version suffix, and the version. Returns `None` without a suffix,
/// and if a local path of the whole name exists.
pub(crate) fn versioned(uri: &str) -> Option<(&str, u64)> {
    let (rest, version) = uri.rsplit_once("@v")?;
    let version = version.parse().ok()?;
    let local = Location::of(uri, &StorageOptions::default());
    let is_name = matches!(local, Ok(Location::Local(path)) if path.exists());
    (!is_name).then_some((rest, version))
}

/// Returns a URI without its version suffix, and the version that is to be opened.
///
/// # Errors
/// The URI names a version, and another one is asked for.
#[cfg(feature = "databricks")]
pub(crate) fn versioned_at(uri: &str, at: At) -> Result<(&str, At), SourceError> {
    match (versioned(uri), at) {
        (None, at) => Ok((uri, at)),
        (Some((uri, version)), At::Latest) => Ok((uri, At::Version(version))),
        (Some((uri, version)), At::Version(other)) if version == other => Ok((uri, at)),
        (Some((unversioned, _)), _) => Err(SourceError::Unsupported {
            uri: crate::data::redacted(unversioned),
            reason: "it names a version, and another is asked for".to_owned(),
        }),
    }
}
