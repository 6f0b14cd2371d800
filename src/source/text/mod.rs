//! Reads the rows of text files: CSV and NDJSON.
//!
//! Each file is read twice. The first pass infers the types: [`input`] decompresses and decodes, [`window`]
//! gives lines, [`csv`] or [`ndjson`] (with [`json`]) parses [`raw`] values, and [`records`] gives rows.
//! [`columns`] keeps a [`shape`] of each column; [`texts`] and [`numbers`] find a type that holds its values
//! without loss, unless the suite gives one ([`suite_types`]), and [`kind_counts`] remembers the first value
//! that ruled out a type. The second pass converts values to these types with [`fit`].

mod columns;
mod csv;
mod fit;
mod input;
mod json;
mod kind_counts;
mod ndjson;
mod numbers;
mod raw;
mod records;
mod shape;
mod suite_types;
mod texts;
mod window;

pub(crate) use columns::{Columns, Refused};
pub(crate) use fit::fit;
pub(crate) use input::{FileDigest, TextFile};
pub(crate) use records::{Cells, Record, Records};
pub(crate) use suite_types::SuiteTypes;
pub(crate) use texts::{Place, TextRules};
