//! What the page of a run shows, in its order: the template in `reports/` only writes it down.

mod anchors;
mod check;
mod command;
mod explained;
mod order;
mod parts;
mod paths;
mod run;
mod suite;

pub(crate) use anchors::anchor;
pub(super) use explained::code;
pub(super) use order::worst_first;
pub(super) use parts::Parts;
pub use paths::Home;
pub(super) use run::RunPage;
