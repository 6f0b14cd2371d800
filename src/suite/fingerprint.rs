//! Digests of a suite's text and of a check's canonical form.

use sha2::{Digest as _, Sha256};

use super::{Check, Limit};
use crate::data::hex;

/// Returns the SHA-256 of bytes as `sha256:…`.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

impl Check {
    /// Returns the digest of the check's demand, wherever the check stands and whatever its id: expectation,
    /// columns, arguments by name, `where`, thresholds, severity and `group_by`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let limit = |limit: Option<Limit>| limit.map(|limit| limit.to_string());
        let columns: Vec<_> = self.column.iter().map(ToString::to_string).collect();
        let canonical = serde_json::json!([
            self.definition.id,
            columns,
            sorted(&self.arguments),
            self.condition().map(|condition| condition.to_string()),
            [limit(self.thresholds.warn), limit(self.thresholds.fail)],
            self.severity.name(),
            self.group_by.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ]);
        digest(canonical.to_string().as_bytes())
    }
}

/// The same with the entries of each object in the order of their names.
pub(super) fn sorted(json: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match json {
        Json::Object(entries) => {
            let mut sorted_entries: Vec<_> =
                entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            sorted_entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            Json::Object(sorted_entries.into_iter().collect())
        }
        Json::Array(items) => Json::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
