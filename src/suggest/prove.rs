//! Holding suggestions against the data: those that do not pass are dropped, or demanded of as many rows as they hold for.

use std::collections::HashMap;

use super::confidence::Confidence;
use super::draft::sections;
use super::suggestion::Suggestion;
use crate::document::Syntax;
use crate::engine::Execution;
use crate::evaluate::{Outcome, Verdict};
use crate::run::{CheckOptions, run_opened};
use crate::source::Opened;
use crate::suite::{Catalogue, Suite};

/// A check that may be broken by some rows holds for so many of them at least.
const LEAST_SHARE: f64 = 0.9;

/// Opened data, and where they lie.
pub struct Opening<'a> {
    /// The data.
    pub data: Box<dyn Opened>,
    /// Their URI, if they have any.
    pub uri: Option<&'a str>,
}

/// What held.
pub(super) struct Proved {
    pub(super) held: Vec<Suggestion>,
    /// What it took, if anything was read.
    pub(super) execution: Option<Execution>,
    /// Why nothing could be told.
    pub(super) error: Option<String>,
}

/// Runs all suggestions as one suite, and keeps those that hold.
pub(super) fn prove(
    mut suggestions: Vec<Suggestion>,
    personal: &str,
    data: Opening<'_>,
    options: &CheckOptions,
) -> Proved {
    let mut suite = parsed(&suggestions, personal);
    if suite.is_none() {
        // One that is no check at all costs itself alone: a type that suites cannot name, SQL of another dialect.
        suggestions.retain(|one| parsed(std::slice::from_ref(one), personal).is_some());
        suite = parsed(&suggestions, personal);
    }
    let Some(suite) = suite else {
        return Proved {
            held: Vec::new(),
            execution: None,
            error: Some("the suggestions are no suite".to_owned()),
        };
    };
    let options = CheckOptions { samples: 0, ..options.clone() };
    let run = run_opened(&suite, data.data, data.uri, &options);
    let outcomes: HashMap<&str, &Outcome> =
        suite.checks.iter().map(|check| check.id.as_str()).zip(&run.outcomes).collect();
    let held = suggestions
        .into_iter()
        .enumerate()
        .filter_map(|(index, suggestion)| judged(suggestion, outcomes.get(id(index).as_str())?));
    let held = held.collect();
    let error = run.error.map(|error| error.to_string());
    Proved { held, execution: run.execution.map(|(_, execution)| execution), error }
}

fn id(index: usize) -> String {
    format!("suggestion_{index}")
}

fn parsed(suggestions: &[Suggestion], personal: &str) -> Option<Suite> {
    let ids: Vec<String> = (0..suggestions.len()).map(id).collect();
    let with_ids = |index: usize| ids.get(index).map(String::as_str);
    let text = format!("suite: suggestions\n{personal}{}", sections(suggestions, &with_ids, &|_| None));
    Suite::parse_with(&text, "suggestions", Syntax::Yaml, Catalogue::standard()).ok()
}

fn judged(suggestion: Suggestion, outcome: &Outcome) -> Option<Suggestion> {
    let confidence = outcome.counts.map(Confidence::of);
    match (outcome.uncapped, confidence) {
        (Verdict::Pass, _) if outcome.vacuous => None,
        (Verdict::Pass, confidence) => Some(Suggestion { confidence, ..suggestion }),
        (Verdict::Fail, Some(confidence))
            if suggestion.may_be_mostly && confidence.share() >= LEAST_SHARE =>
        {
            let mostly = Some(confidence.mostly()).filter(|mostly| *mostly >= LEAST_SHARE / 2.0);
            mostly.map(|_| Suggestion { mostly, confidence: Some(confidence), ..suggestion })
        }
        _ => None,
    }
}
