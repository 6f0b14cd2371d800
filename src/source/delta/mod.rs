//! Delta Lake: what the log says, through the kernel that deltalake stands on.

mod blame;
mod changes;
mod checkpoint;
mod columns;
mod details;
mod features;
mod log;
mod partition;
mod schema;
mod table;

pub(super) use table::open;
