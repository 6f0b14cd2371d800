//! How each kind of metric is computed: an expression or a query for it, and what it gives as
//! [`Measured`](crate::metric::Measured).
//!
//! Counts and other [`scalars`] are expressions of one `select`. What takes exact sums adds them up while rows pass by
//! ([`sums`], [`running`]) or of [`lists`]; quantiles are selected of [`ranks`], or of lists ([`quantiles`]), and values are counted in [`tallies`]. [`groups`]
//! are groupings beside the `select`, and [`sequences`] put rows in order, both of [`chosen_rows`] alone. [`shapes`] gives
//! results the shape that their metric asks for.

mod chosen_rows;
pub(super) mod groups;
pub(super) mod lists;
mod quantiles;
pub(super) mod ranks;
mod running;
mod scalars;
pub(super) mod sequences;
mod shapes;
mod sums;
mod tallies;

pub(super) use chosen_rows::chosen;
pub(super) use quantiles::quantile;
pub(super) use running::{Numbers, Running};
pub(super) use scalars::{aggregate, count};
pub(super) use shapes::{key, of_groups, state};
pub(super) use sums::Room;
pub(super) use tallies::Tallies;
