//! Composed expectations, defined as data: the packs that ship with karat, and a project's own.

mod argument_kind;
mod catalogue;
#[expect(clippy::module_inception, reason = "the type that gives the folder its name")]
mod composed;
mod fill;
mod packs;
mod page;
mod read;
mod validate;

pub use argument_kind::ArgumentKind;
pub use catalogue::{Catalogue, CatalogueEntry};
pub use composed::{Composed, ComposedParameter, DefinedIn};
pub(super) use fill::{Substitution, fill, fill_item, is_sql};
