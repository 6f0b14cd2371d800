//! Random predicates on random tables, judged through the public API.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use karat::evaluate::{Counts, Verdict};
use karat::predicate::{Expression, check_boolean, parse};
use karat::{CheckOptions, Suite, check};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};

use super::evaluate::{Row, now};
use super::generate::condition;
use super::table::{Table, schema, table};
use crate::naive::Naive;

/// Errors with which the type checker may refuse a well-typed expression: its values may leave the type.
const REFUSALS: [&str; 10] = [
    // A product of integers where an integer is required.
    "cannot take a value of type decimal",
    "may have",
    " beside ",
    "the other has no zone",
    "may overflow",
    "cannot be compared",
    "does not fit the type",
    "a value of type null",
    "no value of",
    // Of more digits than any decimal has.
    "cannot be cast to decimal",
];

/// The error of a check in which `greatest` or `least` meets more digits than a decimal has.
const TOO_MANY_DIGITS: &str = "more than the 38 of a decimal";

#[derive(Clone)]
pub struct Check {
    pub predicate: Expression,
    pub filter: Option<Expression>,
    nulls_pass: bool,
}

/// Formats a check as its text, since the trees are long.
impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&written(self))
    }
}

pub fn checks() -> impl Strategy<Value = Vec<Check>> {
    let one = (condition(), proptest::option::of(condition()), any::<bool>())
        .prop_map(|(predicate, filter, nulls_pass)| Check { predicate, filter, nulls_pass });
    prop::collection::vec(one, 10)
}

/// Quotes text so that both YAML and JSON can read it.
pub fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
            format!("\\u{:04x}", u32::from(c))
        }
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// Returns options with the oracle's time.
pub fn options() -> CheckOptions {
    CheckOptions { now: Some(now()), ..CheckOptions::default() }
}

/// Returns options for each engine, with the oracle's time.
pub fn over_each_engine() -> [CheckOptions; 2] {
    [options(), CheckOptions { engine: Arc::new(Naive), ..options() }]
}

/// Returns a suite of checks, each on its column, or on the table if none is given.
pub fn suite(checks: impl IntoIterator<Item = (Option<String>, String)>) -> Suite {
    let checks = checks.into_iter().enumerate();
    let items = checks
        .map(|(index, (column, check))| (column, format!("{{id: c{index}, {check}}}")))
        .collect::<Vec<_>>();
    let on = |wanted: &Option<String>| {
        let items = items.iter().filter(|(column, _)| column == wanted).map(|(_, item)| item.as_str());
        items.collect::<Vec<_>>().join(", ")
    };
    let columns: BTreeSet<_> = items.iter().filter_map(|(column, _)| column.clone()).collect();
    let columns = columns.into_iter().map(|column| format!("  {column}: [{}]\n", on(&Some(column.clone()))));
    let columns = columns.collect::<String>();
    let part = |key: &str, of: String| if of.is_empty() { of } else { format!("{key}: {of}\n") };
    let table = part(
        "table",
        if items.iter().any(|(column, _)| column.is_none()) {
            format!("[{}]", on(&None))
        } else {
            String::new()
        },
    );
    let columns = part("columns", if columns.is_empty() { columns } else { format!("\n{columns}") });
    let text = format!("suite: oracle\n{columns}{table}");
    Suite::from_yaml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Returns whether the type checker refuses an expression after it was written and parsed: `-(300)` becomes a
/// literal.
pub fn refused(expression: &Expression) -> bool {
    let read = parse(&expression.to_string()).unwrap();
    match check_boolean(&read, &schema(), now()) {
        Ok(_) => false,
        Err(error) => {
            assert!(REFUSALS.iter().any(|known| error.message.contains(known)), "{expression}: {error}");
            true
        }
    }
}

pub fn expected(check: &Check, table: &Table) -> (Counts, Vec<u64>) {
    let schema = schema();
    let mut counts = Counts { rows: 0, considered: 0, failing: 0 };
    let mut failing = Vec::new();
    for (index, values) in table.rows.iter().enumerate() {
        let row = Row { schema: &schema, values };
        if check.filter.as_ref().is_some_and(|filter| row.holds(filter) != Some(true)) {
            continue;
        }
        counts.rows += 1;
        counts.considered += 1;
        if !row.holds(&check.predicate).unwrap_or(check.nulls_pass) {
            counts.failing += 1;
            failing.push(index as u64);
        }
    }
    (counts, failing)
}

pub fn written(check: &Check) -> String {
    let filter = check
        .filter
        .as_ref()
        .map_or_else(String::new, |filter| format!(", where: {}", quoted(&filter.to_string())));
    let nulls = if check.nulls_pass { "pass" } else { "fail" };
    format!("rows: {{predicate: {}, nulls: {nulls}}}{filter}", quoted(&check.predicate.to_string()))
}

/// Number of evaluations of a condition on a row, both here and by karat.
static EVALUATIONS: AtomicU64 = AtomicU64::new(0);

/// Judges checks on a table and compares the outcomes with those of loops.
fn judged(table: &Table, checks: &[Check], options: &CheckOptions) -> Result<(), TestCaseError> {
    let checks: Vec<_> = checks
        .iter()
        .filter(|check| !refused(&check.predicate) && !check.filter.as_ref().is_some_and(refused))
        .collect();
    let suite = suite(checks.iter().map(|check| (None, written(check))));
    let run = check(&suite, table.frame(), options);
    for (check, outcome) in checks.iter().zip(&run.suites[0].outcomes) {
        let (counts, failing) = expected(check, table);
        EVALUATIONS.fetch_add(table.rows.len() as u64, Ordering::Relaxed);
        let reason = outcome.reason.as_deref().unwrap_or_default();
        if outcome.verdict == Verdict::Error && reason.contains(TOO_MANY_DIGITS) {
            continue;
        }
        prop_assert_eq!(outcome.counts, Some(counts), "{}\n{:?}", written(check), outcome.reason);
        let sampled: Vec<_> = outcome.samples.rows.iter().filter_map(|sample| sample.row).collect();
        prop_assert_eq!(sampled, &failing[..failing.len().min(10)], "{}", written(check));
        let verdict = if counts.failing == 0 { Verdict::Pass } else { Verdict::Fail };
        prop_assert_eq!(outcome.verdict, verdict);
    }
    Ok(())
}

/// Runs for `KARAT_ORACLE_SECONDS` seconds, from the seed `KARAT_ORACLE_FROM` on. A seed makes the same cases
/// on every machine.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let asked = |name: &str, or: u64| std::env::var(name).map_or(or, |text| text.parse().unwrap());
    let until = Instant::now() + Duration::from_secs(asked("KARAT_ORACLE_SECONDS", 60));
    let from = asked("KARAT_ORACLE_FROM", 1);
    let mut seed = from;
    while Instant::now() < until {
        let mut runner = TestRunner::new(ProptestConfig { rng_seed: RngSeed::Fixed(seed), ..config(16) });
        let found = runner.run(&(table(), checks()), |(table, checks)| judged(&table, &checks, &options()));
        found.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let found = runner.run(&super::bounds::conditions_with_statistics(), super::bounds::is_true);
        found.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        seed += 1;
    }
    let evaluations = EVALUATIONS.load(Ordering::Relaxed) + super::bounds::evaluations();
    println!("seeds {from} to {}: {evaluations} evaluations without a difference", seed - 1);
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn rows_are_judged_as_one_by_one(table in table(), checks in checks()) {
        for options in over_each_engine() {
            judged(&table, &checks, &options)?;
        }
    }

    #[test]
    fn canonical_text_is_read_back(expression in condition()) {
        let text = expression.to_string();
        let parsed = parse(&text);
        prop_assert!(parsed.is_ok(), "{}: {:?}", text, parsed);
        prop_assert_eq!(parsed.unwrap().to_string(), text);
    }
}

/// Returns a configuration with `PROPTEST_CASES` cases, or else as many as a quick run affords, and with a
/// fixed seed unless `PROPTEST_RNG_SEED` gives another. Seeds are not kept, since a failure prints its input.
pub fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let default = ProptestConfig::default();
    let rng_seed = match default.rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_261_128),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        max_shrink_iters: 300,
        failure_persistence: None,
        rng_seed,
        ..default
    }
}
