//! Parquet files of all codecs, encodings, types and shapes, and folders of files that differ: each is
//! read right or refused. `tests/fixtures/parquet/write.py` wrote them, and what they hold.

mod fixtures;
mod hostile;
mod shapes;

use std::path::PathBuf;

/// The folder of the files.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/parquet")
}
