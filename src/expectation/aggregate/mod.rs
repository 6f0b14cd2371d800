//! Expectations on one value that is aggregated over rows.

mod bins;
pub(super) mod chi_square;
mod combinations;
pub(super) mod correlation;
pub(super) mod cramers_phi;
pub(super) mod distinct_count;
pub(super) mod distinct_ratio;
pub(super) mod distinct_values;
pub(super) mod distinctness;
mod distribution;
pub(super) mod entropy;
pub(super) mod formula;
pub(super) mod kl_divergence;
mod kolmogorov;
pub(super) mod ks_test;
pub(super) mod max;
pub(super) mod mean;
pub(super) mod measure;
pub(super) mod median;
pub(super) mod min;
pub(super) mod most_common;
pub(super) mod non_null_ratio;
pub(super) mod number;
mod one_value;
mod partition;
pub(super) mod quantiles;
pub(super) mod ratio;
mod shares;
pub(super) mod stddev;
pub(super) mod sum;
pub(super) mod uniqueness;
mod value_counts;

use one_value::{distinct_groups, double, one_value, size};
use ratio::ratio;
