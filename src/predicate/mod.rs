//! The language of predicates over one row: the demands of checks, and the rows that checks consider.
//!
//! *sql* parses text into an [`Expression`]. The *types* interpreter resolves names and types against a
//! schema and gives a [`Typed`] tree, from which each engine builds expressions of its own. *bounds* computes
//! from statistics what is certain of rows that are not read; *logic* decides which condition follows from
//! which, before there is a schema; *remarks* explains comparisons. The semantics
//! of nulls, failed casts, overflows, divisions by zero and lengths are defined in
//! `expectations/predicates.md`.

pub mod bounds;
pub(crate) mod calendar;
mod describe;
mod expression;
mod formula;
mod functions;
pub mod logic;
mod pattern;
mod placeholders;
mod python_regex;
mod query;
mod remarks;
pub(crate) mod rounding;
mod semantics;
mod sql;
mod text_tests;
pub(crate) mod texts;
mod typed;
mod types;

pub use expression::{Arithmetic, Branch, Comparison, Expression, Kind};
pub use formula::{Call, Formula, Summary, parse_formula};
pub use functions::Function;
pub use pattern::{LIKE_ESCAPE, check_regex, like_to_regex};
pub use placeholders::placeholders;
pub(crate) use placeholders::{End, end_of};
pub use python_regex::PythonRegex;
pub use query::{
    Aggregation, BoundQuery, Fit, JoinKind, Query, Relation, SetOperation, SortKey, Step, fit, parse_query,
};
pub use remarks::{Remark, remarks};
pub use semantics::SEMANTICS_VERSION;
pub use sql::{MAX_BYTES, parse};
pub use text_tests::{BacktrackingRegex, IpVersion, JsonSchema, Letters, TextTest, TimeFormat, WrongSchema};
pub use typed::{Term, Typed, TypedBranch};
pub use types::{TypeError, check, check_boolean, compared, comparison, same_type};
