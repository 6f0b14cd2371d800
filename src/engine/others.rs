//! What the judging pass needs of other datasets, read before it: one scan of each.

use std::collections::BTreeMap;
use std::ops::Range;

use polars::prelude::{DataFrame, LazyFrame};

use super::joins::{keys_there, rows_there};
use super::locate::locate;
use super::measurements::OtherRead;
use super::uniqueness::Uniqueness;
use super::{EngineError, judging};
use crate::data::{Dataset, Value};
use crate::metric::{Correspondence, Lookup, Metric};
use crate::source::Snapshot;

/// What other datasets gave.
#[derive(Default)]
pub(super) struct Others<'a> {
    /// The values of metrics that are another dataset's, by their positions in the plan.
    pub(super) values: BTreeMap<usize, Value>,
    joined: Vec<(Joined<'a>, DataFrame)>,
    /// What reading them took.
    pub(super) reads: Vec<OtherRead>,
}

/// What is fetched to be joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined<'a> {
    Keys(&'a Lookup),
    Rows(&'a Correspondence),
}

impl<'a> Others<'a> {
    /// Reads what metrics need of other datasets.
    pub(super) fn read(
        metrics: &'a [Metric],
        snapshots: &BTreeMap<Dataset, Snapshot>,
    ) -> Result<Self, EngineError> {
        let mut others = Self::default();
        for (dataset, snapshot) in snapshots {
            let asked = |metric: &&Metric| metric.dataset() == Some(dataset);
            if metrics.iter().any(|metric| asked(&metric)) {
                others.read_one(metrics, dataset, snapshot)?;
            }
        }
        Ok(others)
    }

    fn read_one(
        &mut self,
        metrics: &'a [Metric],
        dataset: &Dataset,
        snapshot: &Snapshot,
    ) -> Result<(), EngineError> {
        let (mut positions, mut own, mut joined) = (Vec::new(), Vec::new(), Vec::new());
        for (position, metric) in
            metrics.iter().enumerate().filter(|(_, metric)| metric.dataset() == Some(dataset))
        {
            let wanted = match metric {
                Metric::Of { metric, .. } => {
                    positions.push(position);
                    own.push(metric.as_ref().clone());
                    continue;
                }
                Metric::Unmatched { lookup, .. } => Joined::Keys(lookup),
                Metric::Differences(correspondence) => Joined::Rows(correspondence),
                _ => continue,
            };
            if !joined.contains(&wanted) {
                joined.push(wanted);
            }
        }
        let all: Vec<usize> = (0..own.len()).collect();
        let read = |rows: &[Range<u64>]| {
            let frame = snapshot.frame(rows, false)?;
            let fetched =
                joined.iter().enumerate().map(|(index, joined)| joined.fetch(&frame, own.len() + index));
            judging::measure(
                (snapshot, &frame),
                (&own, &all),
                (&Others::default(), &Uniqueness::default()),
                fetched.collect(),
            )
        };
        let rows = [snapshot.all_rows()];
        let judged =
            read(&rows).map_err(|error| locate(error, snapshot, &rows, |rows| read(rows).map(drop)))?;
        self.values.extend(positions.into_iter().zip(judged.values));
        self.joined.extend(joined.into_iter().zip(judged.fetched));
        self.reads.push(OtherRead {
            dataset: dataset.to_string(),
            uri: snapshot.identity.uri.clone(),
            version: snapshot.identity.version,
            scans: judged.executed.scans,
            rows_read: judged.executed.rows,
        });
        Ok(())
    }

    /// The keys that a lookup finds there.
    pub(super) fn keys(&self, lookup: &Lookup) -> Result<&DataFrame, EngineError> {
        self.frame(|joined| *joined == Joined::Keys(lookup))
    }

    /// The rows that correspond.
    pub(super) fn rows(&self, correspondence: &Correspondence) -> Result<&DataFrame, EngineError> {
        self.frame(|joined| *joined == Joined::Rows(correspondence))
    }

    fn frame(&self, is: impl Fn(&Joined<'_>) -> bool) -> Result<&DataFrame, EngineError> {
        let found = self.joined.iter().find(|(joined, _)| is(joined)).map(|(_, frame)| frame);
        found.ok_or_else(|| EngineError::Query { reason: "another dataset was not read".to_owned() })
    }
}

impl Joined<'_> {
    fn fetch(self, frame: &LazyFrame, query: usize) -> LazyFrame {
        match self {
            Self::Keys(lookup) => keys_there(frame, lookup, query),
            Self::Rows(correspondence) => rows_there(frame, correspondence, query),
        }
    }
}
