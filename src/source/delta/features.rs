//! Refuses tables whose protocol asks for unsupported reader features.

use delta_kernel::snapshot::Snapshot as KernelSnapshot;
use delta_kernel::table_features::TableFeature;

use super::log::LogError;

/// Why a table of a catalog is not read.
pub(super) const KEPT_BY_CATALOG: &str =
    "its commits are kept by a catalog, without which the newest are not known (catalogManaged)";

/// Refuses reader features that would be read incorrectly, by name. The kernel itself refuses those that it
/// does not support, when a scan is built.
pub(crate) fn refuse(snapshot: &KernelSnapshot) -> Result<(), LogError> {
    let protocol = snapshot.table_configuration().protocol();
    for feature in protocol.reader_features().unwrap_or_default() {
        match feature {
            TableFeature::CatalogManaged | TableFeature::CatalogOwnedPreview => {
                return Err(LogError::Feature(KEPT_BY_CATALOG.to_owned()));
            }
            TableFeature::Unknown(name) => {
                return Err(LogError::Feature(format!(
                    "it needs the reader feature {name}, which is not known"
                )));
            }
            _ => {}
        }
    }
    Ok(())
}
