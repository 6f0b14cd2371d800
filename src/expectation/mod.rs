//! The catalogue: one file an expectation, named by its id in its family's folder.
//!
//! An expectation reads its arguments (a [`Definition`] says which it has) and, when a check is
//! bound to a schema, lowers to a [`Lowered`] form that the plan can share scans of.

mod aggregate;
mod arguments;
mod beside_text;
mod bounds;
mod claim;
mod column;
mod condition;
mod cross;
mod definition;
mod demand;
mod duration;
mod elements;
mod lowered;
mod missing;
mod multi;
mod other_types;
mod others;
mod registry;
mod site;
mod table;
mod time;
mod values;
mod within;

pub use arguments::Arguments;
pub(crate) use arguments::{column_of, columns_of};
pub use bounds::Bounds;
pub use claim::{Claim, Need};
pub use condition::Condition;
pub use definition::{Definition, Expectation, Family, Parameter, ParameterKind, Scope};
pub use demand::Demand;
pub(crate) use elements::{claim_on, lower_on};
pub use lowered::{Facts, Failing, Judgement, LowerError, Lowered, Nature, Place, RowRule};
pub use others::Others;
pub use registry::{all, find};
pub use site::Site;
pub(crate) use site::filter;
