//! Parses URIs that name a version: `table@v42`.

use super::store::{Location, StorageOptions};

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
