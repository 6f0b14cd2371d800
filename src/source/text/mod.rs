//! Text: CSV, and NDJSON. Its rows are read one by one and written into Parquet files, which go with
//! the snapshot and are scanned as any others.
//!
//! [`open`] reads each file twice. The first pass infers the types: [`input`] decompresses and decodes, [`window`]
//! gives lines, [`csv`] or [`ndjson`] (with [`json`]) finds [`raw`] values, and [`records`] rows. [`columns`] keeps a
//! [`shape`] of each column, which narrows by [`texts`] and [`numbers`] to a type that loses nothing, unless the
//! suite has [`given`] one; [`nearly`] remembers what alone spoiled a narrower one. The second pass makes values
//! [`fit`] these types, and [`writer`] writes them as [`series`].

mod columns;
mod csv;
mod fit;
mod given;
mod input;
mod json;
mod ndjson;
mod nearly;
mod numbers;
mod open;
mod raw;
mod records;
mod series;
mod shape;
mod texts;
mod window;
mod writer;

pub(super) use open::open;
