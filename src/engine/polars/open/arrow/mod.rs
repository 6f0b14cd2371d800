//! Arrow IPC: files and streams. Their batches are checked one by one and written into Parquet files,
//! which go with the snapshot and are scanned as any others.
//!
//! [`open`] is the way in. [`messages`] splits a file into its messages, [`checked`] refuses those that claim more
//! than they hold, and [`handed`] gives the engine the columns of the [`types`] that it reads.

mod checked;
mod handed;
mod messages;
mod open;
mod types;

pub(super) use open::open;
