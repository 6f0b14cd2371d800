//! Deletes the rows of the quarantine from the table itself, and rewrites no data file.
//!
//! The quarantine is committed first, so that no row is deleted that is not there; then the rows are marked deleted. A run that ends
//! in between is completed by the next one, as of [`write`](super::write), and only if the very same rows would be deleted.

use std::ops::ControlFlow;

use arrow::record_batch::RecordBatch;

use super::write::{Finished, Open, commit, finish, open_part};
use super::{Side, Split, SplitError};
use crate::run::SplitParts;
use crate::sink::{
    Deletion, Destination, Marked, Mode, Part, Provenance, Sink, SinkError, WriteOptions, withdraw,
};

/// The place to which rows go that are deleted from the table.
#[derive(Clone, Debug)]
pub struct InPlace {
    /// The place of the rows, with their reasons.
    pub quarantine: Destination,
    /// The way in which they are written.
    pub options: WriteOptions,
}

/// The rows that were put aside, and deleted.
#[derive(Clone, Debug)]
pub struct MovedParts {
    /// The rows in the quarantine.
    pub quarantine: Side,
    /// The commit that has deleted them: as many rows; its files are those with such rows, and its bytes those of their vectors.
    pub deleted: Side,
}

impl Split {
    /// Puts the rows of the quarantine aside, tells so in the run, and marks them deleted in the table that was judged, by deletion
    /// vectors. No data file is rewritten. Returns `None` if there are no such rows; then nothing is written.
    ///
    /// What others have appended since to the table, and what they did to other files, does not matter.
    ///
    /// # Errors
    /// The data is no version of a Delta table that keeps deletion vectors; the quarantine cannot be written; or others have changed
    /// files with such rows: what was put aside is taken back then ([`SplitError::Withdrawn`]). No row is deleted that is not in the
    /// quarantine; the error [`SplitError::Half`] says that there are rows in both.
    pub fn quarantine_in_place(&mut self, to: &InPlace) -> Result<Option<MovedParts>, SplitError> {
        let moved = self.moved(to)?;
        if let Some(MovedParts { quarantine, deleted }) = &moved {
            self.run.split = Some(SplitParts {
                valid: None,
                quarantine: quarantine.told(to.quarantine.shown()),
                deleted: Some(deleted.told(self.identity()?.uri.clone())),
                gate: self.gate()?,
            });
        }
        Ok(moved)
    }

    fn moved(&self, to: &InPlace) -> Result<Option<MovedParts>, SplitError> {
        let Some((marked, version)) = self.marked()?.zip(self.identity()?.version) else {
            return Err(not(
                "only a version of a Delta table has rows that can be deleted, and changes or staged files are none",
            ));
        };
        let Some(place) = &self.place else { return Err(not("the data is in no place")) };
        if to.options.mode == Mode::Overwrite {
            return Err(not("rows that were put aside before would be lost by overwriting them"));
        }
        self.refuse_input(&[&to.quarantine])?;
        let deletion = Deletion::open(place, version)?;
        if self.quarantined() == 0 {
            return Ok(None);
        }
        let aside = Provenance { in_place: true, ..self.provenance(Part::Quarantine)? };
        let deleted = Provenance { part: Part::Deleted, ..aside.clone() };
        let mut quarantine = self.open_beside(to, &deletion, &aside, &deleted)?;
        let (earlier, last) = (deletion.already(&deleted)?, deletion.last_input_version(&deleted)?);
        self.refuse_other_rows(&quarantine, &to.quarantine, &aside)?;
        if let Some(earlier) = earlier {
            let Open::Earlier(aside) = quarantine else {
                return Err(not("these rows were deleted already, and are not in that quarantine"));
            };
            return Ok(Some(MovedParts {
                quarantine: Side::Earlier(aside),
                deleted: Side::Earlier(earlier),
            }));
        }
        let rows = self.fill(&mut quarantine)?;
        let mut marked: Marked = deletion.mark(marked, &deleted)?;
        if rows != self.quarantined() || marked.rows() != rows {
            let valid = self.identity()?.rows.unwrap_or_default().saturating_sub(marked.rows());
            return Err(SplitError::Miscounted {
                valid,
                quarantined: rows,
                rows: self.identity()?.rows.unwrap_or_default(),
            });
        }
        // All is uploaded before either is committed: from here on, little can fail.
        let quarantine: Finished = finish(quarantine)?;
        if let Finished::Written(_) = &quarantine {
            marked.look(&deleted)?;
        }
        let quarantine = commit(quarantine, &aside)?;
        let deleted = match marked.commit(&deleted) {
            Ok(committed) => Side::Written(committed),
            // Another run has found these rows in the quarantine, and has deleted them.
            Err(SinkError::Already { earlier, .. }) if earlier.rows_digest == deleted.rows_digest => {
                Side::Earlier(*earlier)
            }
            Err(source) => return Err(give_up(to, &aside, last, source)),
        };
        Ok(Some(MovedParts { quarantine, deleted }))
    }

    /// Opens the quarantine, where no rows may be that another split has failed to delete.
    fn open_beside(
        &self,
        to: &InPlace,
        deletion: &Deletion,
        aside: &Provenance,
        deleted: &Provenance,
    ) -> Result<Open, SplitError> {
        let sink = Sink::open(&to.quarantine, self.quarantine_schema()?, &to.options)?;
        if sink.is_into(deletion) {
            return Err(SplitError::Places(format!("{} is what is split", to.quarantine)));
        }
        let last = sink.last_input_version(aside)?;
        if let Some(version) = last.filter(|version| Some(*version) != aside.input_version)
            && deletion.last_input_version(deleted)?.is_none_or(|deleted| deleted < version)
        {
            return Err(SplitError::Unfinished { to: to.quarantine.shown(), version });
        }
        Ok(open_part(sink, aside)?)
    }

    /// Refuses a quarantine that has other rows of the same version: those that are deleted would be nowhere.
    fn refuse_other_rows(
        &self,
        quarantine: &Open,
        to: &Destination,
        aside: &Provenance,
    ) -> Result<(), SplitError> {
        self.refuse_different(quarantine, to)?;
        let Open::Earlier(earlier) = quarantine else { return Ok(()) };
        if earlier.rows_digest.is_some() && earlier.rows_digest == aside.rows_digest {
            return Ok(());
        }
        let run = earlier.run_id.as_deref().unwrap_or("unknown");
        let what = match earlier.rows_digest {
            Some(_) => format!("run {run}, for which other rows have failed"),
            None => format!("run {run}, and does not say which rows of the table they are"),
        };
        Err(SplitError::Different { to: to.shown(), what })
    }

    /// Writes the rows of the quarantine, if they are not there yet, and returns how many these are.
    fn fill(&self, quarantine: &mut Open) -> Result<u64, SplitError> {
        let Open::Sink(sink) = quarantine else { return Ok(self.quarantined()) };
        let (mut rows, mut failed) = (0, None);
        self.read_quarantined(&mut |parts| {
            let Some(batch): Option<RecordBatch> = parts.quarantine else { return ControlFlow::Continue(()) };
            rows += batch.num_rows() as u64;
            match sink.write(&batch) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        failed.map_or(Ok(rows), |error| Err(error.into()))
    }
}

/// Takes the rows out of the quarantine again, if they were not deleted where they were, and never can be any more: that is what a
/// conflict says.
fn give_up(to: &InPlace, aside: &Provenance, last: Option<u64>, source: SinkError) -> SplitError {
    if matches!(source, SinkError::Unknown { .. }) {
        return source.into();
    }
    let (quarantine, version) = (to.quarantine.shown(), aside.input_version.unwrap_or_default());
    let is_over = matches!(source, SinkError::Conflict { .. });
    let source = Box::new(source);
    match is_over.then(|| withdraw(&to.quarantine, aside, last)) {
        Some(Ok(Some(_))) => SplitError::Withdrawn { to: quarantine, version, source },
        _ => SplitError::Half { to: quarantine, version, source },
    }
}

fn not(reason: &str) -> SplitError {
    SplitError::NotInPlace(reason.to_owned())
}
