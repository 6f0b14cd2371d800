//! Text: its rows are read one by one by `source::text`, and written into Parquet files, which go with the snapshot
//! and are scanned as any others.
//!
//! [`open`] reads each file twice: the first pass infers the types, the second makes values fit them, which [`writer`]
//! writes as [`series`].

mod open;
mod series;
mod writer;

pub(super) use open::open;
