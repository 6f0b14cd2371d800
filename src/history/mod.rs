//! Keeps every run, and says what earlier runs came to.
//!
//! A history is a [folder](History) with one file for each run, which nobody changes once it is there: so several writers
//! need no lock, and one that is killed leaves no run half written. A file has two lines. The first is the
//! [record](RunRecord) of the run, small enough that thousands are read at once: each check with its verdict, its numbers, and how it fared in the runs
//! before, so that the next run has to look at one record only. The second is the whole report.
//!
//! Checks are followed from run to run by suite and id; where the id has changed, by what they demand.

mod compare;
mod demand;
mod error;
mod folder;
mod follow;
mod record;
mod text;
mod timeline;

pub use compare::{RunDiff, SuiteRunDiff, compare};
pub use error::{HistoryError, Skipped};
pub use folder::{History, Listing};
pub use record::{CheckRecord, RunRecord, SuiteRecord, history_schema};
pub use text::{diff_text, runs_text, timeline_text};
pub use timeline::{CheckAt, Timeline, timelines};
