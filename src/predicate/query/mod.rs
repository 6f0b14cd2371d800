//! Queries in SQL on the table that is judged: the language of one row with groups, aggregates, joins
//! and order, and with the same meaning.
//!
//! Text is read into a [`Query`], in which what the language does not have is refused at its place;
//! bound to a schema it is a [`Relation`], whose names and types are resolved. An engine computes that
//! with its interpreter of predicates, so that no other dialect of SQL ever judges a row.

mod aggregation;
mod bind;
mod combine;
mod fit;
mod from;
mod grouped;
mod names;
mod placeholders;
mod read;
mod read_select;
mod relation;
mod scope;
mod select;
mod tree;

pub use aggregation::Aggregation;
pub use fit::{Fit, fit};
pub use read::parse_query;
pub use relation::{JoinKind, Relation, Selected, SetOperation, SortKey, Step};
pub use tree::Query;
