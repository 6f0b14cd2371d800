//! Text: CSV, and NDJSON. Its rows are read one by one and written into Parquet files, which go with
//! the snapshot and are scanned as any others.

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
