//! Hashes of files, suites and checks.

use sha2::{Digest as _, Sha256};

/// Formats a hash as reports show it: `sha256:…`.
pub(crate) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"))
}
