//! The language of one row: what a check demands of it, and which rows it speaks of.
//!
//! Text is parsed into an [`Expression`]; the *types* interpreter checks it against a schema and gives a [`Typed`] tree,
//! of which each engine makes expressions of its own. *sql* gives the canonical text; *bounds* says what is certain of
//! rows that are not read; *logic* says which condition follows from which, before there is a schema; *remarks* says what a comparison means. What nulls, failed casts, overflows, divisions by
//! zero and lengths mean stands in `expectations/predicates.md`.

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
pub use python_regex::PythonRegex;
pub use query::{
    Aggregation, Fit, JoinKind, Query, Relation, Selected, SetOperation, SortKey, Step, fit, parse_query,
};
pub use remarks::{Remark, remarks};
pub use semantics::SEMANTICS_VERSION;
pub use sql::{MAX_BYTES, parse};
pub use text_tests::{BacktrackingRegex, IpVersion, JsonSchema, Letters, TextTest, TimeFormat, WrongSchema};
pub use typed::{Term, Typed, TypedBranch};
pub use types::{TypeError, check, check_boolean, compared, comparison, same_type};
