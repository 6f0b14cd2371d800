//! Composed expectations, defined as data: the packs that ship with karat, and a project's own.

mod catalogue;
#[expect(clippy::module_inception, reason = "the type that gives the folder its name")]
mod composed;
mod fill;
mod packs;
mod page;
mod prove;
mod read;
mod takes;

pub use catalogue::{Catalogue, Named};
pub use composed::{Composed, DefinedIn, OwnParameter};
pub(super) use fill::{Filling, is_sql};
pub use takes::Takes;
