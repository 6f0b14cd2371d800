//! SQL queries on the table that is checked: the predicate language with groups, aggregates, joins and order,
//! and with the same semantics.
//!
//! Text is parsed into a [`Query`]; syntax that the language does not have is refused at its position. Bound
//! to a schema, the query is a [`Relation`], whose names and types are resolved. An engine computes the
//! relation with its interpreter of predicates, so that no other dialect of SQL ever judges a row.

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
pub use relation::{BoundQuery, JoinKind, Relation, SetOperation, SortKey, Step};
pub use tree::Query;
