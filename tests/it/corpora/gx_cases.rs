//! Great Expectations' own test cases, each with its data: run as a suite of its, and compared
//! with what it answered.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use karat::data::Value;
use karat::document::{Node, Syntax, parse};
use karat::evaluate::{Outcome, Verdict};
use karat::{CheckOptions, Suite, check};
use serde_json::Value as Json;

use super::corpora;
use super::great_expectations::{counts, observed};
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
        let kwargs = self.get("kwargs").unwrap().span;
        let suite = format!(
            r#"{{"name": "{}", "expectations": [{{"type": "{}", "kwargs": {}}}], "meta": {{"great_expectations_version": "1.24.1"}}}}"#,
            self.id(),
            self.expectation,
            &self.text[kwargs.start..kwargs.end],
        );
        Suite::parse(&suite, "case.json", Syntax::Json)
            .unwrap_or_else(|error| panic!("{}: {error}", self.id()))
    }
}

#[test]
fn great_expectations_own_cases_agree() {
    let Some(folder) = corpora("gx/cases") else { return };
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
            let outcome = run(&case, table);
            let raised = case.flag(&["gx", "raised"]);
            let met = met(&outcome);
            let succeeded = case.flag(&["gx", "success"]);
            if !raised {
                evaluated += 1;
                agreed += usize::from(met == Some(succeeded));
            }
            let difference = if raised {
                // What it could not evaluate, karat must not pass.
                (met == Some(true)).then(|| "it raised, karat passed".to_owned())
            } else if met == Some(succeeded) {
                case.flag(&["gx_own_expectation_met"]).then(|| details(&case, &outcome)).flatten()
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

fn run(case: &Case<'_>, table: Table) -> Outcome {
    let options = CheckOptions { samples: 10_000, ..CheckOptions::default() };
    let mut run = check(case.suite(), table.frame, &options);
    run.suites.remove(0).outcomes.remove(0)
}

fn met(outcome: &Outcome) -> Option<bool> {
    match outcome.verdict {
        Verdict::Pass => Some(true),
        Verdict::Fail => Some(false),
        _ => None,
    }
}

/// What differs beyond the verdict.
fn details(case: &Case<'_>, outcome: &Outcome) -> Option<String> {
    let result = case.get("gx")?.get("result")?.to_json();
    let suite = case.suite();
    let expectation = suite.checks[0].definition.id;
    counts(outcome, &result)
        .or_else(|| observed(expectation, outcome, &result))
        .or_else(|| unexpected_list(case, outcome, &result))
        .or_else(|| unexpected_index_list(case, outcome, &result))
}

/// The values of failing rows, in any order.
fn unexpected_list(case: &Case<'_>, outcome: &Outcome, result: &Json) -> Option<String> {
    outcome.counts?;
    let theirs = result.get("unexpected_list")?.as_array()?;
    let kwargs = case.get("kwargs")?;
    let name = |kwarg: &str| kwargs.get(kwarg).map(|node| node.text("").unwrap().to_owned());
    let pair = name("column_A").zip(name("column_B"));
    let rows = outcome.samples.rows.iter().map(|row| {
        let value = |column: &str| {
            let found = row.values.iter().find(|(name, _)| name.trim_matches('`') == column);
            found.map_or_else(|| "(not sampled)".to_owned(), |(_, value)| plain(value))
        };
        match (&pair, kwargs.get("column_list")) {
            (Some((left, right)), _) => format!("{}, {}", value(left), value(right)),
            (_, Some(list)) => {
                let names = list.list("").unwrap().iter().map(|name| value(name.text("").unwrap()));
                names.collect::<Vec<_>>().join(", ")
            }
            _ => row.values.first().map_or_else(String::new, |(_, value)| plain(value)),
        }
    });
    let mut ours: Vec<String> = rows.collect();
    let mut theirs: Vec<String> = theirs
        .iter()
        .map(|item| match (item, kwargs.get("column_list")) {
            (Json::Array(items), _) => items.iter().map(plain_json).collect::<Vec<_>>().join(", "),
            (Json::Object(fields), Some(list)) => {
                let names = list.list("").unwrap().iter();
                let values = names.map(|name| plain_json(&fields[name.text("").unwrap()]));
                values.collect::<Vec<_>>().join(", ")
            }
            (value, _) => plain_json(value),
        })
        .collect();
    ours.sort();
    theirs.sort();
    (ours != theirs).then(|| format!("unexpected_list is {ours:?}, theirs {theirs:?}"))
}

/// The places of failing rows, in any order.
fn unexpected_index_list(case: &Case<'_>, outcome: &Outcome, result: &Json) -> Option<String> {
    outcome.counts?;
    let theirs = result.get("unexpected_index_list")?.as_array()?;
    let keyed = case.flag(&["adds_pk_index"]);
    let place = |item: &Json| if keyed { item["pk_index"].as_u64() } else { item.as_u64() };
    let theirs: Option<BTreeSet<u64>> = theirs.iter().map(place).collect();
    let ours: BTreeSet<u64> = outcome.samples.rows.iter().filter_map(|row| row.row).collect();
    (theirs.as_ref() != Some(&ours)).then(|| format!("unexpected_index_list is {ours:?}, theirs {theirs:?}"))
}

/// A value as both write it: numbers to nine digits, times with a `T`.
fn plain(value: &Value) -> String {
    match value.as_f64() {
        Some(number) => format!("{number:.9e}"),
        None => value.to_string(),
    }
}

fn plain_json(value: &Json) -> String {
    match value {
        Json::String(text)
            if text.get(10..11) == Some(" ") && text.parse::<chrono::NaiveDateTime>().is_err() =>
        {
            text.replacen(' ', "T", 1)
        }
        Json::String(text) => text.clone(),
        Json::Number(number) => format!("{:.9e}", number.as_f64().unwrap()),
        other => other.to_string(),
    }
}
