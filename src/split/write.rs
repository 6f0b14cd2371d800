//! Writes both parts of a split, each in one commit, and never the same rows twice.
//!
//! The quarantine is committed first, so that no valid rows are there without those that were put aside. A run that ends in
//! between is completed by the next one: the part that is there already is recognised by the data, the suite and the time that it
//! speaks of, and only the other one is written.

use std::ops::ControlFlow;

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;

use super::{Split, SplitError};
use crate::evaluate::Verdict;
use crate::gate::{Gate, decide};
use crate::run::{EarlierRun, SplitPart, SplitParts};
use crate::sink::{
    Committed, Destination, Earlier, Part, Provenance, Sink, SinkError, WriteOptions, Written,
};
use crate::suite::OnFail;

/// The places to which the parts of a split are written.
#[derive(Clone, Debug)]
pub struct Destinations {
    /// The place of the valid rows.
    pub valid: Destination,
    /// The place of the other rows, with their reasons.
    pub quarantine: Destination,
    /// The way in which both are written.
    pub options: WriteOptions,
}

/// The parts of a split, as they were written.
#[derive(Clone, Debug)]
pub struct WrittenParts {
    /// The valid rows.
    pub valid: Side,
    /// The other rows.
    pub quarantine: Side,
}

/// A part of a split, as it was written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Side {
    /// By this split.
    Written(Committed),
    /// By an earlier split of the same data, so that it was not written again.
    Earlier(Earlier),
}

/// A part that is to be written, or is there already.
pub(super) enum Open {
    Sink(Box<Sink>),
    Earlier(Earlier),
}

impl Split {
    /// Writes both parts, and tells in the run what was written. Either is whole, or as it was before; if this fails between the
    /// two, the same split completes it.
    ///
    /// # Errors
    /// A destination cannot be written, has rows of another split of the same data, or the data has changed since it was judged.
    pub fn write(&mut self, to: &Destinations) -> Result<WrittenParts, SplitError> {
        let written = self.written(to)?;
        self.run.split = Some(SplitParts {
            valid: Some(written.valid.told(to.valid.shown())),
            quarantine: written.quarantine.told(to.quarantine.shown()),
            deleted: None,
            gate: self.gate()?,
        });
        Ok(written)
    }

    fn written(&self, to: &Destinations) -> Result<WrittenParts, SplitError> {
        self.refuse_same_places(to)?;
        let (aside, kept) = (self.provenance(Part::Quarantine)?, self.provenance(Part::Valid)?);
        let mut quarantine = open(&to.quarantine, self.quarantine_schema()?, &aside, &to.options)?;
        let mut valid = open(&to.valid, self.valid_schema()?, &kept, &to.options)?;
        if let (Open::Earlier(valid), Open::Earlier(quarantine)) = (&valid, &quarantine) {
            let (valid, quarantine) = (Side::Earlier(valid.clone()), Side::Earlier(quarantine.clone()));
            return Ok(WrittenParts { valid, quarantine });
        }
        self.refuse_different(&quarantine, &to.quarantine)?;
        self.refuse_different(&valid, &to.valid)?;
        let (mut valid_rows, mut quarantined, mut failed) = (0, 0, None);
        self.read(&mut |parts| {
            let add = |batch: Option<RecordBatch>, to: &mut Open, rows: &mut u64| {
                let Some(batch) = batch else { return Ok(()) };
                *rows += batch.num_rows() as u64;
                match to {
                    Open::Sink(sink) => sink.write(&batch),
                    Open::Earlier(_) => Ok(()),
                }
            };
            let added = add(parts.quarantine, &mut quarantine, &mut quarantined);
            match added.and_then(|()| add(parts.valid, &mut valid, &mut valid_rows)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        self.verify(valid_rows, quarantined)?;
        // All is uploaded before either is committed: from here on, little can fail.
        let (quarantine, valid) = (finish(quarantine)?, finish(valid)?);
        Ok(WrittenParts { quarantine: commit(quarantine, &aside)?, valid: commit(valid, &kept)? })
    }

    /// Returns what the gate decides of the valid rows: what puts rows aside does not stop it.
    ///
    /// # Errors
    /// The run has no suite.
    pub fn gate(&self) -> Result<Gate, SplitError> {
        let suite = self.suite_run()?;
        let checks = suite.suite.checks.iter().zip(&suite.outcomes);
        let left: Vec<Verdict> = checks
            .map(|(check, outcome)| match check.on_fail {
                OnFail::Quarantine => Verdict::Pass,
                OnFail::Keep | OnFail::Stop => outcome.verdict,
            })
            .collect();
        let layer = suite.suite.layer.as_ref();
        Ok(decide(layer, self.options.check.policies.of(layer), &left))
    }

    /// Returns what the commit of a part says of its rows.
    pub(super) fn provenance(&self, part: Part) -> Result<Provenance, SplitError> {
        let (suite, identity) = (&self.suite_run()?.suite, self.identity()?);
        let rows_digest = if part == Part::Valid { None } else { self.rows_digest()? };
        Ok(Provenance {
            run_id: self.run.id.clone(),
            suite: suite.name.clone(),
            suite_digest: suite.digest.clone(),
            part,
            input_uri: identity.uri.clone(),
            input_version: identity.version,
            input_from: identity.changes_from,
            input_digest: identity.digest.clone(),
            rows_digest,
            in_place: false,
            now: self.run.started_at,
        })
    }

    /// Refuses to complete a split whose other part was made by another suite or for another time: the two would not fit.
    pub(super) fn refuse_different(&self, part: &Open, to: &Destination) -> Result<(), SplitError> {
        let Open::Earlier(earlier) = part else { return Ok(()) };
        let own = self.suite_run()?;
        let same_suite = earlier.suite_digest.as_ref().is_none_or(|digest| *digest == own.suite.digest);
        let same_time = earlier.now.is_none_or(|now| self.rows.are_same_at(now, own, &self.options.check));
        if same_suite && same_time {
            return Ok(());
        }
        let run = earlier.run_id.as_deref().unwrap_or("unknown");
        let what = match (same_suite, earlier.now) {
            (true, Some(now)) => format!("run {run}, for which it was {} (--now)", now.to_rfc3339()),
            _ => format!("run {run} with another version of the suite"),
        };
        Err(SplitError::Different { to: to.shown(), what })
    }

    fn refuse_same_places(&self, to: &Destinations) -> Result<(), SplitError> {
        if plain(&to.valid.uri) == plain(&to.quarantine.uri) {
            return Err(SplitError::Places(
                "valid rows and the quarantine cannot go to one place".to_owned(),
            ));
        }
        self.refuse_input(&[&to.valid, &to.quarantine])
    }

    /// Refuses to write into what is split.
    pub(super) fn refuse_input(&self, to: &[&Destination]) -> Result<(), SplitError> {
        let input = plain(&self.identity()?.uri);
        if to.iter().any(|to| plain(&to.uri) == input) {
            return Err(SplitError::Places(format!(
                "{input} is what is split: its rows would come back to it"
            )));
        }
        Ok(())
    }

    /// Verifies that both parts together are the data.
    fn verify(&self, valid: u64, quarantined: u64) -> Result<(), SplitError> {
        let identity = self.identity()?;
        // Files of changes hold more than the rows that are judged.
        let known = identity.rows.filter(|_| identity.changes_from.is_none());
        let rows = known.unwrap_or(valid + quarantined);
        if quarantined == self.quarantined() && valid + quarantined == rows {
            return Ok(());
        }
        Err(SplitError::Miscounted { valid, quarantined, rows })
    }
}

impl Side {
    /// Returns what a run says of this part.
    pub(super) fn told(&self, to: String) -> SplitPart {
        match self {
            Self::Written(Committed { rows, version, .. }) => {
                SplitPart { to, rows: Some(*rows), version: *version, earlier: None }
            }
            Self::Earlier(Earlier { rows, version, run_id, .. }) => {
                let earlier = Some(EarlierRun { id: run_id.clone() });
                SplitPart { to, rows: *rows, version: *version, earlier }
            }
        }
    }
}

fn plain(uri: &str) -> &str {
    uri.trim_end_matches('/')
}

fn open(
    to: &Destination,
    schema: SchemaRef,
    provenance: &Provenance,
    options: &WriteOptions,
) -> Result<Open, SinkError> {
    open_part(Sink::open(to, schema, options)?, provenance)
}

/// Finds out whether a part is there already, and be it from a split of the other kind: in place, or not.
pub(super) fn open_part(sink: Sink, provenance: &Provenance) -> Result<Open, SinkError> {
    let mut earlier = sink.already(provenance)?;
    if earlier.is_none() && provenance.part == Part::Quarantine {
        let other = Provenance { in_place: !provenance.in_place, ..provenance.clone() };
        earlier = sink.already(&other)?;
    }
    Ok(match earlier {
        Some(earlier) => Open::Earlier(earlier),
        None => Open::Sink(Box::new(sink)),
    })
}

/// A part whose rows are all uploaded, or is there already.
pub(super) enum Finished {
    Written(Box<Written>),
    Earlier(Earlier),
}

pub(super) fn finish(part: Open) -> Result<Finished, SinkError> {
    Ok(match part {
        Open::Sink(sink) => Finished::Written(Box::new(sink.finish()?)),
        Open::Earlier(earlier) => Finished::Earlier(earlier),
    })
}

pub(super) fn commit(part: Finished, provenance: &Provenance) -> Result<Side, SinkError> {
    Ok(match part {
        Finished::Written(written) => Side::Written(written.commit(provenance)?),
        Finished::Earlier(earlier) => Side::Earlier(earlier),
    })
}
