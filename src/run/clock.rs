//! The one place where the clock is read.

use chrono::{DateTime, Utc};

/// Returns the current time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
