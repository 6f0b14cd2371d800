//! Text: CSV, and NDJSON. Its rows are read one by one and written into Parquet files, which go with
//! the snapshot and are scanned as any others.

mod columns;
mod csv;
mod fit;
mod given;
mod input;
mod json;
mod lines;
mod ndjson;
mod nearly;
mod numbers;
mod open;
mod raw;
mod records;
mod series;
mod shape;
mod texts;
mod transcript;
mod window;

pub(super) use open::open;
pub use transcript::{Malformed, MalformedRow};
pub(crate) use transcript::{Took, Transcript};
