//! Several columns of a row.

pub(super) mod pair;
pub(super) mod rows;
