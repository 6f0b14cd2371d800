//! Expectations that compare with another dataset, or with another version of the same table.

mod counterparts;
mod distance;
pub(super) mod exists_in;
pub(super) mod query_matches;
pub(super) mod row_count_change;
pub(super) mod row_count_same_as;
pub(super) mod same_as;
pub(super) mod same_rows_as;
