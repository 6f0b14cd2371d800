//! A history in a Delta table: one row for each check and run, one commit for each run.
//!
//! [`columns`] are what is published of it. [`rows`] makes the rows of a run, and [`runs`] makes runs of rows again. [`files`] finds
//! which files of the table hold which runs, and reads them; [`commit`] adds runs and takes them away. [`table`] is the history.

mod columns;
mod commit;
mod files;
mod rows;
mod runs;
#[expect(clippy::module_inception, reason = "the type that gives the part its name")]
mod table;

pub use columns::history_table_schema;
pub(super) use table::Table;
