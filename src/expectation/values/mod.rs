//! Values, row by row.

pub(super) mod between;
pub(super) mod decreasing;
pub(super) mod in_set;
pub(super) mod increasing;
pub(super) mod length_between;
pub(super) mod length_equal;
mod listed;
pub(super) mod matches;
pub(super) mod not_in_set;
pub(super) mod not_matches;
pub(super) mod not_null;
pub(super) mod not_outlier;
pub(super) mod null;
mod ordered;
mod relative;
pub(super) mod unique;
pub(super) mod z_score;

pub(super) use listed::listed;
