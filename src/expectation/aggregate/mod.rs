//! One value computed of a column.

pub(super) mod distinct_count;
pub(super) mod distinct_ratio;
pub(super) mod distinct_values;
pub(super) mod max;
pub(super) mod mean;
pub(super) mod measure;
pub(super) mod median;
pub(super) mod min;
mod number;
mod one_value;
pub(super) mod quantiles;
pub(super) mod stddev;
pub(super) mod sum;

use one_value::{distinct_groups, one_value};
