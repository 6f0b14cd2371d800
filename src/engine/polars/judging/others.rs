//! Reads what the judging pass needs of other datasets beforehand, in one scan of each.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, LazyFrame};

use super::joins::{keys_there, rows_there, unmatched_rows};
use super::judging::{Judging, JudgingRequest, JudgingResult};
use crate::data::{ColumnPath, Dataset};
use crate::engine::polars::memory::Allotment;
use crate::engine::polars::query::{QueryCost, guarded, isolate_failed, readable};
use crate::engine::polars::snapshot::Snapshot;
use crate::engine::{Control, EngineError, MetricError, OtherRead, OtherScans};
use crate::metric::{Correspondence, Lookup, Measured, Metric, MetricId, PerMetric};
use crate::plan::Plan;

/// The results of reading other datasets.
#[derive(Default)]
pub(in crate::engine::polars) struct Others<'a> {
    /// The results of metrics that are measured on another dataset.
    pub(in crate::engine::polars) values: BTreeMap<MetricId, Measured>,
    /// The metrics that failed because another dataset could not be read.
    pub(in crate::engine::polars) failed: BTreeMap<MetricId, MetricError>,
    joined: Vec<(Joined<'a>, DataFrame)>,
    /// The cost of reading each dataset.
    pub(in crate::engine::polars) reads: Vec<OtherRead>,
}

/// Data that is fetched to be joined with this dataset.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joined<'a> {
    Keys(&'a Lookup),
    Rows(&'a Correspondence),
}

/// All questions of a plan to one dataset.
struct Questions<'a> {
    /// The metrics to measure on it.
    metrics: PerMetric<Metric>,
    /// Their ids in the plan.
    ids: PerMetric<MetricId>,
    joined: Vec<Joined<'a>>,
}

/// One question, by its index among those of its kind.
#[derive(Clone, Copy)]
enum Question {
    Metric(MetricId),
    Joined(usize),
}

impl<'a> Others<'a> {
    /// Reads what metrics need of other datasets. A dataset that cannot be read fails only the metrics that
    /// need it.
    pub(in crate::engine::polars) fn read(
        plan: &'a Plan,
        wanted: &[OtherScans],
        snapshots: &BTreeMap<Dataset, &Snapshot>,
        room: &Allotment,
        control: Control<'_>,
    ) -> Result<Self, EngineError> {
        let mut others = Self::default();
        for OtherScans { dataset, .. } in wanted {
            let Some(snapshot) = snapshots.get(dataset) else { continue };
            let asked = Questions::of(&plan.metrics, dataset);
            let mut cost = QueryCost::default();
            let failed = match others.read_one(&asked, snapshot, room, control, &mut cost) {
                Ok(failed) => failed,
                Err(EngineError::Cancelled) => return Err(EngineError::Cancelled),
                Err(error) => vec![(asked.all(), error)],
            };
            for (questions, error) in failed {
                for question in questions {
                    others.fail_question(&asked, question, plan, &error);
                }
            }
            // Text and Arrow were already read once, to be transcribed to what is scanned.
            let before = snapshot.transcription_cost();
            others.reads.push(OtherRead {
                dataset: dataset.to_string(),
                uri: snapshot.identity.uri.clone(),
                version: snapshot.identity.version,
                scans: before.scans + cost.scans,
                rows_read: before.rows + cost.rows,
                network: snapshot.network(),
            });
        }
        Ok(others)
    }

    /// Answers all questions to one dataset, and returns those that failed, with their errors.
    fn read_one(
        &mut self,
        asked: &Questions<'a>,
        snapshot: &Snapshot,
        room: &Allotment,
        control: Control<'_>,
        cost: &mut QueryCost,
    ) -> Result<Vec<(Vec<Question>, EngineError)>, EngineError> {
        let none = Self::default();
        let judging = Judging { snapshot, metrics: &asked.metrics, others: &none, room, control };
        let all = asked.all();
        let ask = |questions: &[Question], cost: &mut QueryCost| {
            let frame = snapshot.frame(&[snapshot.all_rows()], false)?;
            let (mut wanted, mut joined, mut further) = (Vec::new(), Vec::new(), Vec::new());
            for question in questions {
                match *question {
                    Question::Metric(index) => wanted.push(index),
                    Question::Joined(index) => {
                        joined.push(asked.joined[index]);
                        further.push(asked.joined[index].fetch(&frame, asked.metrics.len() + index));
                    }
                }
            }
            let asked = JudgingRequest { frame: &frame, wanted: &wanted, recorders: Vec::new(), further };
            let JudgingResult { values, fetched, .. } = judging.measure(asked, cost)?;
            Ok::<_, EngineError>((values, joined, fetched))
        };
        let (found, failed) = match guarded(|| ask(&all, cost)) {
            Ok(found) => (vec![found], Vec::new()),
            Err(error) if !error.is_of_query() => return Err(error),
            Err(error) => {
                readable(&asked.columns(), snapshot, control, cost)?;
                let isolated = isolate_failed(&all, error, &mut |questions| ask(questions, cost))?;
                (isolated.found, isolated.failed)
            }
        };
        for (values, joined, fetched) in found {
            self.values.extend(values.into_iter().map(|(index, state)| (asked.ids[index], state.finish())));
            self.joined.extend(joined.into_iter().zip(fetched));
        }
        Ok(failed.into_iter().map(|(question, error)| (vec![question], error)).collect())
    }

    /// Fails the metrics that depend on a question.
    fn fail_question(
        &mut self,
        asked: &Questions<'a>,
        question: Question,
        plan: &'a Plan,
        error: &EngineError,
    ) {
        let ids: Vec<MetricId> = match question {
            Question::Metric(index) => vec![asked.ids[index]],
            Question::Joined(index) => {
                let needs = |metric: &Metric| Joined::of(metric) == Some(asked.joined[index]);
                plan.metrics.ids().filter(|id| needs(&plan.metrics[*id])).collect()
            }
        };
        for id in ids {
            let error = MetricError::failed(&plan.metrics[id], error);
            self.failed.insert(id, error);
        }
    }

    /// Returns the keys fetched for a lookup.
    pub(in crate::engine::polars) fn keys(&self, lookup: &Lookup) -> Result<&DataFrame, EngineError> {
        self.frame(|joined| *joined == Joined::Keys(lookup))
    }

    /// Selects the numbers of the rows that a lookup does not find, of a frame that numbers its rows. `query` must be unique among
    /// the queries of one execution.
    pub(in crate::engine::polars) fn unmatched_rows(
        &self,
        frame: &LazyFrame,
        lookup: &Lookup,
        query: usize,
    ) -> Result<LazyFrame, EngineError> {
        Ok(unmatched_rows(frame, lookup, self.keys(lookup)?, query))
    }

    /// Returns the rows fetched for a correspondence.
    pub(in crate::engine::polars) fn rows(
        &self,
        correspondence: &Correspondence,
    ) -> Result<&DataFrame, EngineError> {
        self.frame(|joined| *joined == Joined::Rows(correspondence))
    }

    fn frame(&self, is: impl Fn(&Joined<'_>) -> bool) -> Result<&DataFrame, EngineError> {
        let found = self.joined.iter().find(|(joined, _)| is(joined)).map(|(_, frame)| frame);
        found.ok_or_else(|| EngineError::Query { reason: "another dataset was not read".into() })
    }
}

impl<'a> Questions<'a> {
    fn of(metrics: &'a PerMetric<Metric>, dataset: &Dataset) -> Self {
        let mut asked = Self { metrics: PerMetric::default(), ids: PerMetric::default(), joined: Vec::new() };
        for (id, metric) in metrics.entries() {
            if metric.dataset() != Some(dataset) {
                continue;
            }
            if let Metric::OtherDataset { metric, .. } = metric {
                asked.ids.push(id);
                asked.metrics.push(metric.as_ref().clone());
            }
            asked.joined.extend(Joined::of(metric).filter(|joined| !asked.joined.contains(joined)));
        }
        asked
    }

    fn all(&self) -> Vec<Question> {
        let metrics = self.metrics.ids().map(Question::Metric);
        metrics.chain((0..self.joined.len()).map(Question::Joined)).collect()
    }

    /// Returns the columns of the other dataset that are read.
    fn columns(&self) -> BTreeSet<String> {
        let mut columns = BTreeSet::new();
        let mut see = |path: &ColumnPath| {
            columns.insert(path.root().to_owned());
        };
        for metric in &self.metrics {
            metric.each_column(&mut see);
        }
        for joined in &self.joined {
            let (filter, terms): (_, Vec<_>) = match joined {
                Joined::Keys(lookup) => (&lookup.filter, lookup.there.iter().collect()),
                Joined::Rows(of) => {
                    (&of.there, of.keys.iter().chain(&of.values).map(|(_, there)| there).collect())
                }
            };
            filter.each_column(&mut see);
            for term in terms {
                term.each_column(&mut see);
            }
        }
        columns
    }
}

impl<'a> Joined<'a> {
    /// Returns the data that a metric joins with, if any.
    fn of(metric: &'a Metric) -> Option<Self> {
        match metric {
            Metric::Unmatched { lookup, .. } => Some(Self::Keys(lookup)),
            Metric::Differences(correspondence) => Some(Self::Rows(correspondence)),
            _ => None,
        }
    }

    fn fetch(self, frame: &LazyFrame, query: usize) -> LazyFrame {
        match self {
            Self::Keys(lookup) => keys_there(frame, lookup, query),
            Self::Rows(correspondence) => rows_there(frame, correspondence, query),
        }
    }
}
