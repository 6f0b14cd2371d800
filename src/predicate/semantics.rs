//! The version of what expressions mean.

/// Raise it when an expression or a query gives another value than before for the same row: a term, a
/// function, a text test, also when a crate that these stand on knows other codes, zones or calendars. What
/// was measured before then counts no more, see [`Metric::fingerprint`](crate::metric::Metric::fingerprint).
pub const SEMANTICS_VERSION: u32 = 1;
