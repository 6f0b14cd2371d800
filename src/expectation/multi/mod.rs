//! Expectations on several columns of a row.

pub(super) mod equal_columns;
mod equality;
pub(super) mod pair;
pub(super) mod pair_in_set;
pub(super) mod row_sum;
pub(super) mod rows;
pub(super) mod unique_within_row;
