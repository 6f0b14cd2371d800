//! Engine-neutral data: types, schemas and values.

mod dataset;
mod digest;
mod digits;
mod layout;
mod literal;
mod schema;
mod types;
mod value;

pub use dataset::Dataset;
pub(crate) use digest::hex;
pub(crate) use digits::{grouped, thousands};
pub use layout::{Csv, FileFormat, Layout};
pub use literal::{Bound, Literal, LiteralError};
pub use schema::{ColumnPath, Field, ResolveError, Schema};
pub use types::{DataType, TimeUnit, TypeName};
pub use value::{Decimal, Float, Value};
