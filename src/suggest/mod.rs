//! A [`Profile`](crate::profile::Profile) → the [`Draft`] of a suite.
//!
//! Rules make suggestions of what is known of columns: `columns` of each, `texts`, `numbers` and `times` of their values,
//! `keys` of columns that name a row or a row of another table, `declared` of what a table says of itself. All of them are
//! then held against the data by a run of their own (`prove`), in one more scan: what does not pass is dropped, or demanded
//! of as many rows as it holds for. What is left is written as YAML (`draft`).

mod columns;
mod confidence;
mod declared;
mod draft;
mod keys;
mod layers;
mod names;
mod numbers;
mod prove;
#[expect(clippy::module_inception, reason = "the function that gives the stage its name")]
mod suggest;
mod suggestion;
mod texts;
mod times;
mod yaml;

pub use draft::Draft;
pub use layers::layer_of;
pub use names::dataset_name;
pub use prove::Opening;
pub use suggest::{OtherTable, SuggestOptions, suggest};
