//! Writes rows to a Delta table: [`table`] opens its log and refuses what [`features`] cannot be written right, [`sink`] writes
//! the data files of each partition ([`partitions`]) with their [`statistics`], and [`commit`] commits them: [`lines`] makes the
//! text of the commit, [`logged`] takes files away, [`others`] looks at what others have committed meanwhile, [`earlier`] at what is there already.
//! [`deletion`] marks rows of files deleted instead, by [`vectors`], which leaves the files and most of their statistics ([`wide`]);
//! [`withdraw`] takes rows out again whose deletion elsewhere has failed.

mod commit;
mod deletion;
mod earlier;
mod features;
mod file;
mod lines;
mod logged;
mod others;
mod partitions;
mod sink;
mod statistics;
mod table;
mod vectors;
mod wide;
mod withdraw;

pub(crate) use commit::checkpoint;
pub use deletion::{Deletion, Marked, MarkedRows};
pub(crate) use features::refusal;
pub(crate) use file::AddedFile;
pub(crate) use lines::{add_time, added, begun};
pub(super) use sink::{DeltaSink, DeltaWritten};
pub(crate) use statistics::statistics_of_others;
pub(crate) use table::{WithStatistics, checkpoint_interval};
pub use withdraw::withdraw;
