//! A run as the page shows it.

use serde::Serialize;

use super::anchors::Anchors;
use super::explained::{Explained, explained};
use super::order::place;
use super::paths::Home;
use super::suite::SuitePage;
use crate::evaluate::Verdict;
use crate::report::gate::GateReport;
use crate::report::model::{Report, RunReport, Statistics};
use crate::report::staged::PublicationReport;

/// Up to so many checks, all of the page stands in it as it is, and needs no script.
const WHOLE: usize = 200;
/// On a larger page, the bodies of so many problems do, the first ones.
const WHOLE_PROBLEMS: usize = 12;
/// And so many problems have lines of their own; what is wrong beyond them is one line a column, as what holds.
const LINES: usize = 300;
/// So many problems of a suite are open at first.
const OPEN: usize = 3;
/// With more suites, only those are open that have something to say.
const FEW_SUITES: usize = 3;

/// A run, in the order of the page.
#[derive(Debug, Serialize)]
pub(in crate::report) struct RunPage<'a> {
    run: &'a RunReport,
    verdict: Verdict,
    gate: &'a GateReport,
    statistics: &'a Statistics,
    publication: Option<&'a PublicationReport>,
    /// What is different from the previous run, in counts.
    news: News,
    /// Whether the page needs no script to be read.
    whole: bool,
    /// The suites, what is blocked first.
    suites: Vec<SuitePage<'a>>,
    /// The layers from raw to refined, with the places of their suites in `suites`.
    layers: Vec<LayerPage<'a>>,
    explained: Vec<Explained>,
}

#[derive(Debug, Default, Serialize)]
struct News {
    newly_failing: usize,
    fixed: usize,
    gone: usize,
}

#[derive(Debug, Serialize)]
struct LayerPage<'a> {
    name: Option<&'a str>,
    suites: Vec<usize>,
}

impl<'a> RunPage<'a> {
    /// Puts a report in the order of the page, with paths as a reader elsewhere needs them.
    pub(in crate::report) fn of(report: &'a Report, home: &Home) -> Self {
        let mut anchors = Anchors::default();
        let mut suites: Vec<SuitePage<'a>> =
            report.suites.iter().map(|suite| SuitePage::of(suite, &mut anchors, home)).collect();
        suites.sort_by_key(|suite| (place(suite.gate.verdict), place(suite.verdict)));
        let checks: usize = report.suites.iter().map(|suite| suite.checks.len()).sum();
        let whole = checks <= WHOLE;
        if !whole {
            compress(&mut suites);
        }
        let many = suites.len() > FEW_SUITES;
        for suite in &mut suites {
            suite.open_first(OPEN);
            let blocks = !matches!(suite.gate.verdict, Verdict::Pass | Verdict::Skip);
            suite.open = !many || blocks;
        }
        let names =
            report.suites.iter().flat_map(|suite| &suite.checks).map(|check| check.expectation.as_str());
        Self {
            run: &report.run,
            verdict: report.verdict,
            gate: &report.gate,
            statistics: &report.statistics,
            publication: report.publication.as_ref(),
            news: News::of(report),
            whole,
            layers: layers(report, &suites),
            suites,
            explained: explained(names),
        }
    }
}

/// Leaves the bodies of the first problems in the page, and those of no other check.
fn compress(suites: &mut [SuitePage<'_>]) {
    let groups = suites.iter_mut().flat_map(|suite| &mut suite.groups);
    let mut seen = 0;
    for group in groups {
        if seen >= LINES {
            let held = std::mem::take(&mut group.held);
            group.held = std::mem::take(&mut group.problems);
            group.held.extend(held);
        }
        group.held.iter_mut().for_each(|check| check.whole = false);
        for check in &mut group.problems {
            check.whole = seen < WHOLE_PROBLEMS;
            seen += 1;
        }
    }
}

/// Returns the layers in the order of the run, which is from raw to refined.
fn layers<'a>(report: &'a Report, suites: &[SuitePage<'a>]) -> Vec<LayerPage<'a>> {
    let mut layers: Vec<LayerPage<'a>> = Vec::new();
    for suite in &report.suites {
        let name = suite.layer.as_deref();
        if !layers.iter().any(|layer| layer.name == name) {
            layers.push(LayerPage { name, suites: Vec::new() });
        }
    }
    for (at, suite) in suites.iter().enumerate() {
        if let Some(layer) = layers.iter_mut().find(|layer| layer.name == suite.layer) {
            layer.suites.push(at);
        }
    }
    layers
}

impl News {
    fn of(report: &Report) -> Self {
        let past = report.suites.iter().filter_map(|suite| suite.past.as_ref());
        past.fold(Self::default(), |news, past| Self {
            newly_failing: news.newly_failing + past.newly_failing.len(),
            fixed: news.fixed + past.fixed.len(),
            gone: news.gone + past.gone.len(),
        })
    }
}
