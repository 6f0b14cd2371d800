//! Text: CSV, and NDJSON, whose rows are read one by one.
//!
//! Each file is read twice. The first pass infers the types: [`input`] decompresses and decodes, [`window`] gives lines, [`csv`] or [`ndjson`] (with [`json`]) finds [`raw`] values, and [`records`] rows. [`columns`] keeps a
//! [`shape`] of each column, which narrows by [`texts`] and [`numbers`] to a type that loses nothing, unless the
//! suite has [`given`] one; [`nearly`] remembers what alone spoiled a narrower one. The second pass makes values
//! [`fit`] these types.

mod columns;
mod csv;
mod fit;
mod given;
mod input;
mod json;
mod ndjson;
mod nearly;
mod numbers;
mod raw;
mod records;
mod shape;
mod texts;
mod window;

pub(crate) use columns::{Columns, Refused};
pub(crate) use fit::fit;
pub(crate) use given::Given;
pub(crate) use input::{FileDigest, TextFile};
pub(crate) use records::{Cells, Record, Records};
pub(crate) use texts::{Place, Reading};
