//! Time.

pub(super) mod fresh;
