//! Keeps every run, and says what earlier runs came to.
//!
//! A [history](History) is a folder with one file for each run, which nobody changes once it is there: so several writers
//! need no lock, and one that is killed leaves no run half written. A file has two lines. The first is the
//! [record](RunRecord) of the run, small enough that thousands are read at once: each check with its verdict, its numbers, and how it fared in the runs
//! before, so that the next run has to look at one record only. The second is the whole report.
//!
//! Or it is a Delta table with one row for each check and run, and one commit for each run, for those who ask by SQL.
//!
//! Checks are followed from run to run by suite and id; where the id has changed, by what they demand.

mod compare;
mod demand;
mod error;
mod folder;
mod follow;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod history;
mod place;
mod record;
mod table;
mod text;
mod timeline;

pub use compare::{RunDiff, SuiteRunDiff, compare};
pub use error::{HistoryError, Skipped};
pub use history::{History, Listing, Reports};
pub use place::Place;
pub use record::{CheckRecord, RunRecord, SuiteRecord, history_schema};
pub use table::history_table_schema;
pub use text::{diff_text, runs_text, timeline_text};
pub use timeline::{CheckAt, Timeline, timelines};
