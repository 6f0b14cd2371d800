//! The version of the semantics of expressions.

/// The version of the semantics of expressions and queries. Raise it when one of them gives another value
/// than before for the same row: by a change of a term, a function or a text test, or by a dependency that
/// knows other codes, zones or calendars. Earlier measurements no longer count then, see
/// [`Metric::fingerprint`](crate::metric::Metric::fingerprint).
pub const SEMANTICS_VERSION: u32 = 1;
