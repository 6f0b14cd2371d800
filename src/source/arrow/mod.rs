//! Arrow IPC: files and streams. Their batches are checked one by one and written into Parquet files,
//! which go with the snapshot and are scanned as any others.

mod checked;
mod handed;
mod messages;
mod open;
mod types;

pub(super) use open::open;
