//! URIs that name a version: `table@v42`.

use super::store::{Location, StorageOptions};

/// A URI without the version that it names.
pub(crate) fn unversioned(uri: &str) -> &str {
    versioned(uri).map_or(uri, |(rest, _)| rest)
}

/// A URI without the version that it names, and that; none where something lies here that is called so.
pub(crate) fn versioned(uri: &str) -> Option<(&str, u64)> {
    let (rest, version) = uri.rsplit_once("@v")?;
    let version = version.parse().ok()?;
    let local = Location::of(uri, &StorageOptions::default());
    let is_name = matches!(local, Ok(Location::Local(path)) if path.exists());
    (!is_name).then_some((rest, version))
}
