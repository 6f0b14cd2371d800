//! Opens Arrow IPC files and streams. Their batches are checked one by one and written to Parquet files,
//! which live as long as the snapshot and are scanned like any others.
//!
//! [`open`] is the entry point. [`messages`] splits a file into its messages, [`checked`] refuses messages
//! that claim more than they hold, and [`batches`] gives the engine columns of the [`types`] that it reads.

mod batches;
mod checked;
mod messages;
mod open;
mod types;

pub(super) use open::open;
