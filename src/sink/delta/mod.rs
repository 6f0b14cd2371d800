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

pub(super) use sink::{DeltaSink, DeltaWritten};
