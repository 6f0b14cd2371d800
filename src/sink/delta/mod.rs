//! Writes rows to a Delta table: [`table`] opens its log and refuses what [`features`] cannot be written right, [`sink`] writes
//! the data files of each partition ([`partitions`]) with their [`statistics`], and [`commit`] commits them: [`lines`] makes the
//! text of the commit, [`removes`] takes files away, [`others`] looks at what others have committed meanwhile, [`earlier`] at what is there already.

mod commit;
mod earlier;
mod features;
mod file;
mod lines;
mod others;
mod partitions;
mod removes;
mod sink;
mod statistics;
mod table;

pub(crate) use commit::checkpoint;
pub(crate) use features::refusal;
pub(crate) use file::AddedFile;
pub(crate) use lines::{add_time, added, begun};
pub(super) use sink::{DeltaSink, DeltaWritten};
pub(crate) use statistics::statistics_of_others;
pub(crate) use table::{WithStatistics, checkpoint_interval};
