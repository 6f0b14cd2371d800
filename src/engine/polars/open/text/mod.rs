//! Opens text files. `source::text` reads their rows one by one, and they are written to Parquet files, which
//! live as long as the snapshot and are scanned like any others.
//!
//! [`open`] reads each file twice: the first pass infers the types, the second converts values to them, which
//! [`writer`] writes as [`series`].

mod open;
mod series;
mod writer;

pub(super) use open::open;
