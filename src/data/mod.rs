//! Engine-neutral data: types, schemas and values.

mod caught;
mod clock;
mod column_bounds;
mod common_type;
mod dataset;
mod dialect;
mod digest;
mod digits;
mod doubt;
mod encoding;
mod exact;
mod literal;
mod moment;
mod nearest_double;
mod number;
mod numeral;
mod schema;
mod serialize;
mod types;
mod uri;
mod value;
mod words;

pub(crate) use caught::caught;
#[cfg(feature = "cli")]
pub(crate) use caught::is_caught;
pub use column_bounds::{ColumnBound, KnownColumn, KnownRows};
pub use common_type::{Common, Incomparable};
pub(crate) use common_type::{
    EXACT_IN_DOUBLE, MAX_COMPUTED, MAX_DIGITS, common_number, decimal_of, is_wide, signed_bits,
};
pub use dataset::Dataset;
pub use dialect::{Csv, Dialect, FileFormat, Spelling};
pub(crate) use digest::hex;
pub(crate) use digits::{counted, grouped, reads_as_other, thousands};
pub use doubt::{Doubts, MixedColumn};
pub use encoding::Encoding;
pub use exact::Exact;
pub(crate) use exact::power_of_ten;
pub(crate) use literal::integer_range;
pub use literal::{Bound, Literal, LiteralError};
pub use moment::Moment;
pub use number::Number;
pub use schema::{ColumnPath, Field, ResolveError, Schema};
pub(crate) use serialize::as_floats;
pub use types::{DataType, TimeUnit, TypeName};
pub(crate) use uri::{redacted, split_query};
pub use value::{Decimal, Float, Value};
pub(crate) use words::words;
