//! Digests of files and of what they hold.

use sha2::{Digest as _, Sha256};

/// The name of a digest in reports.
pub(super) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"))
}
