//! Great Expectations' own test cases, each with its data: run as a suite of its, and compared
//! with what it answered.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use karat::data::ColumnPath;
use karat::document::{Node, Syntax, parse};
use karat::evaluate::{Outcome, Verdict};
use karat::report::{ResultFormat, ValidationOptions, validation_result};
use karat::{CheckOptions, Run, Suite, check};
use polars::prelude::DataFrame;
use serde_json::Value as Json;

use super::{alike, corpora};
use crate::support::only;
use table::Table;

/// The cases in which karat's answer is another one, with the reason. The list may only shrink.
const DIFFERENT: &str = include_str!("gx_cases/different.txt");

/// A case and the text it stands in.
struct Case<'a> {
    expectation: &'a str,
    node: &'a Node,
    text: &'a str,
}

impl Case<'_> {
    fn get(&self, name: &str) -> Option<&Node> {
        self.node.get(name)
    }

    fn id(&self) -> &str {
        self.get("id").unwrap().text("").unwrap()
    }

    /// A flag at a path; what is null is false.
    fn flag(&self, path: &[&str]) -> bool {
        let node = path.iter().try_fold(self.node, |node, part| node.get(part));
        node.is_some_and(|node| matches!(node.text("").unwrap(), "true" | "True"))
    }

    /// The suite that has this one expectation, in the words of the file.
    fn suite(&self) -> Suite {
        Suite::parse(&self.suite_text(), "case.json", Syntax::Json)
            .unwrap_or_else(|error| panic!("{}: {error}", self.id()))
    }

    fn suite_text(&self) -> String {
        let kwargs = self.get("kwargs").unwrap().span;
        format!(
            r#"{{"name": "{}", "expectations": [{{"type": "{}", "kwargs": {}}}], "meta": {{"great_expectations_version": "1.24.1"}}}}"#,
            self.id(),
            self.expectation,
            &self.text[kwargs.start..kwargs.end],
        )
    }
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn great_expectations_own_cases_agree() {
    let folder = corpora("gx/cases");
    let known: BTreeMap<&str, &str> = DIFFERENT
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .collect();
    let (mut total, mut evaluated, mut agreed) = (0, 0, 0);
    let (mut found, mut wrong) = (BTreeSet::new(), Vec::new());
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let root = parse(&text, Syntax::Json).unwrap();
        let expectation = root.get("expectation_type").unwrap().text("").unwrap();
        for node in root.get("cases").unwrap().list("").unwrap() {
            total += 1;
            let case = Case { expectation, node, text: &text };
            let Some(table) = Table::of(&case) else { continue };
            let run = run(&case, table);
            let outcome = only(&run);
            let raised = case.flag(&["gx", "raised"]);
            let met = met(outcome);
            let succeeded = case.flag(&["gx", "success"]);
            if !raised {
                evaluated += 1;
                agreed += usize::from(met == Some(succeeded));
            }
            let difference = if raised {
                // What it could not evaluate, karat must not pass.
                (met == Some(true)).then(|| "it raised, karat passed".to_owned())
            } else if met == Some(succeeded) {
                case.flag(&["gx_own_expectation_met"]).then(|| details(&case, &run)).flatten()
            } else {
                Some(format!("{} ({:?}), theirs {succeeded}", outcome.verdict.name(), outcome.reason))
            };
            match (difference, known.contains_key(case.id())) {
                (Some(difference), false) => wrong.push(format!("{} {expectation}: {difference}", case.id())),
                (None, true) => wrong.push(format!("{} is listed as different, and agrees", case.id())),
                (Some(_), true) => {
                    found.insert(case.id().to_owned());
                }
                (None, false) => {}
            }
        }
    }
    let gone = known.keys().filter(|id| !found.contains(**id));
    wrong.extend(gone.map(|id| format!("{id} is listed as different, and was not found so")));
    let share = f64::from(agreed as u32) / f64::from(evaluated as u32);
    eprintln!("{total} cases, {evaluated} evaluated, {agreed} agree: {share:.4}");
    assert!(wrong.is_empty(), "{agreed} of {evaluated} agree\n{}", wrong.join("\n"));
    assert_eq!(total, 310);
    assert!(share >= 0.99, "{agreed} of {evaluated}");
}

/// Each case that has a table: its id, its suite as text, and its rows.
pub(super) fn each(mut take: impl FnMut(&str, String, DataFrame)) {
    for entry in std::fs::read_dir(corpora("gx/cases")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let root = parse(&text, Syntax::Json).unwrap();
        let expectation = root.get("expectation_type").unwrap().text("").unwrap();
        for node in root.get("cases").unwrap().list("").unwrap() {
            let case = Case { expectation, node, text: &text };
            if let Some(table) = Table::of(&case) {
                take(case.id(), case.suite_text(), table.frame);
            }
        }
    }
}

fn run(case: &Case<'_>, table: Table) -> Run {
    let told = told(case);
    let options =
        CheckOptions { samples: told.samples(), key: told.index_columns, ..CheckOptions::default() };
    check(&case.suite(), table.frame, &options)
}

/// How the results of a case are written.
fn told(case: &Case<'_>) -> ValidationOptions {
    let keyed = case.flag(&["adds_pk_index"]);
    ValidationOptions {
        result_format: ResultFormat::Complete,
        index_columns: keyed.then(|| ColumnPath::column("pk_index")).into_iter().collect(),
        ..ValidationOptions::default()
    }
}

fn met(outcome: &Outcome) -> Option<bool> {
    match outcome.verdict {
        Verdict::Pass => Some(true),
        Verdict::Fail => Some(false),
        _ => None,
    }
}

/// What differs beyond the verdict, of all that the case keeps of their result.
fn details(case: &Case<'_>, run: &Run) -> Option<String> {
    let theirs = case.get("gx")?.get("result")?.to_json();
    let ours = validation_result(run, &run.suites[0], &told(case));
    let ours = &ours["results"][0]["result"];
    theirs.as_object()?.iter().find_map(|(name, theirs)| {
        let found = ours.get(name).unwrap_or(&Json::Null);
        (!alike(found, theirs)).then(|| format!("{name} is {found}, theirs {theirs}"))
    })
}
