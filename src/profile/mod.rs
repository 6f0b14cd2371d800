//! Data → a [`Profile`]: what its columns hold, told by metrics of a plan of its own.
//!
//! [`questions`](Questions) says what is measured of each column, all of it in one judging pass. Only how the numbers
//! and times of columns with many different values are spread is counted in a second, narrow scan: the bounds of its
//! parts are known only after the first. `columns` finds the columns, `formats` and `shapes` look at texts, `remarks`
//! says what is suspicious, and `histogram` parts values into classes.

mod columns;
mod formats;
mod histogram;
mod measure;
mod placeholders;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod profile;
mod questions;
mod remarks;
mod shapes;

pub use formats::Format;
pub use histogram::Histogram;
pub use measure::{ProfileError, ProfileOptions, profile};
pub use profile::{ColumnProfile, Distinct, FormatShare, Lengths, Profile, Values};
pub use questions::Questions;
pub use remarks::{Remark, RemarkKind};
