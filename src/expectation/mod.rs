//! The catalogue of expectations, with one file for each expectation, named by its id in its family's folder.
//!
//! An expectation reads its arguments, as its [`Definition`] describes them. Bound to a schema, an
//! expectation becomes a [`Lowered`] check, whose scans the plan can share with other checks.

mod aggregate;
mod arguments;
mod bounds;
mod claim;
mod column;
mod condition;
mod cross;
mod definition;
mod demand;
mod duration;
mod elements;
mod ignore_row_if;
mod lowered;
mod multi;
mod other_schemas;
mod other_types;
mod registry;
mod site;
mod table;
mod text_literals;
mod time;
mod values;
mod within;

pub use arguments::Arguments;
pub(crate) use arguments::{column_of, columns_of};
pub use bounds::Bounds;
pub(crate) use claim::schema_at;
pub use claim::{Claim, Need};
pub use condition::Condition;
pub use definition::{Definition, Expectation, Family, Parameter, ParameterKind, Scope};
pub use demand::Demand;
pub(crate) use elements::{claim_on, lower_on};
pub use lowered::{FailureRule, Judgement, JudgementInput, LowerError, Lowered, Nature, Place, RowRule};
pub use other_schemas::OtherSchemas;
pub use registry::{all, find};
pub use site::Site;
pub(crate) use site::filter;
