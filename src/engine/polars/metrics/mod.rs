//! The computation of each kind of metric: an expression or a query, and the conversion of its result to a
//! [`Measured`](crate::metric::Measured).
//!
//! Counts and other [`scalars`] are expressions of one `select`. Metrics that need exact sums add numbers up
//! while rows pass by ([`sums`], [`running`]), or within groups from [`lists`]. Quantiles are selected by
//! [`quantile_values`], or from lists ([`quantiles`]), and values are counted in [`tallies`]. [`groups`] form groupings beside the `select`, and
//! [`sequences`] sort rows that [`chosen_rows`] select. [`shapes`] converts results to the shape that their
//! metric asks for.

mod chosen_rows;
pub(super) mod groups;
pub(super) mod lists;
pub(super) mod quantile_values;
mod quantiles;
mod running;
mod scalars;
pub(super) mod sequences;
mod shapes;
mod shown_rows;
mod sums;
mod tallies;

pub(super) use chosen_rows::chosen;
pub(super) use quantiles::quantile;
pub(super) use running::{MetricInput, RunningTotals};
pub(super) use scalars::{aggregate, count};
pub(super) use shapes::{key, of_groups, state};
pub(super) use sums::Room;
pub(super) use tallies::Tallies;
