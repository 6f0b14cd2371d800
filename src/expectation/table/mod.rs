//! Expectations on the table as a whole.

pub(super) mod column_count;
pub(super) mod columns;
pub(super) mod readable;
pub(super) mod row_count;
pub(super) mod unexpected_rows;
