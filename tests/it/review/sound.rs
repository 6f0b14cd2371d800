//! What is called stronger lets nothing through that what it is stronger than stops, on any table by chance.

use std::sync::Arc;

use karat::data::Dialect;
use karat::evaluate::Verdict;
use karat::review::{Strength, compare};
use karat::suite::Check;
use karat::{CheckOptions, Data, Suite, check};
use polars::prelude::{Column, DataFrame, IntoLazy as _};

use super::generate::{Generated, check as generated, like};
use super::table::{KINDS, Kind, other, table};
use crate::fuzz::{Random, run_for_a_while};

/// Pairs of a case.
const PAIRS: usize = 40;
/// Tables of a case.
const TABLES: usize = 4;

/// How often what was said was put to the test.
#[derive(Default, Debug)]
pub(super) struct Tally {
    /// Pairs of which one was called the stronger one, or both equal.
    decided: usize,
    incomparable: usize,
    /// Tables that the weaker one stopped, so that the other had to stop them too; of checks of different text.
    stopped: usize,
    /// Comparisons of two checks on a table.
    evaluations: usize,
}

/// A suite of checks, each under its number.
pub(super) fn suite_of(checks: &[&Generated]) -> Suite {
    let items = |column: Option<&str>| {
        let own = checks.iter().enumerate().filter(|(_, check)| check.column == column);
        own.map(|(number, check)| format!("    - {}\n", check.item(&format!("c{number}"))))
            .collect::<String>()
    };
    let mut text = String::from("suite: s\ncolumns:\n  n: [exists]\n");
    for column in ["x", "s"] {
        if !items(Some(column)).is_empty() {
            text.push_str(&format!("  {column}:\n{}", items(Some(column))));
        }
    }
    if !items(None).is_empty() {
        text.push_str(&format!(
            "table:\n{}",
            items(None).replace("\n    -", "\n  -").replacen("    -", "  -", 1)
        ));
    }
    Suite::from_yaml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub(super) fn found(suite: &Suite, number: usize) -> &Check {
    let id = format!("c{number}");
    suite.checks.iter().find(|check| check.id == id).unwrap()
}

/// What each check of a suite comes to on a table.
pub(super) fn verdicts(suite: &Suite, table: &DataFrame) -> Vec<(String, Verdict, String)> {
    let options = CheckOptions {
        datasets: Arc::new(|_| karat::DataSource::from(other().lazy())),
        now: Some("2026-01-03T00:00:00Z".parse().unwrap()),
        ..CheckOptions::default()
    };
    let run = check(suite, Data::from(table.clone().lazy()), &options);
    let run = &run.suites[0];
    let checks = run.suite.checks.iter().zip(&run.outcomes);
    checks.map(|(check, outcome)| (check.id.clone(), outcome.verdict, format!("{outcome:?}"))).collect()
}

/// The values of a table, column by column.
pub(super) fn shown(table: &DataFrame) -> String {
    let column = |column: &Column| {
        let values: Vec<_> =
            column.as_materialized_series().iter().map(|value| format!("{value:?}")).collect();
        format!("{}: {}\n", column.name(), values.join(", "))
    };
    table.columns().iter().map(column).collect()
}

/// One case: pairs of checks, and tables that they are asked of.
fn case(number: u64, tally: &mut Tally) {
    let mut random = Random::new(number);
    let kind: Kind = *random.of(&KINDS);
    let mut pairs = Vec::new();
    for _ in 0..PAIRS {
        let old = generated(kind, &mut random);
        let new = like(&old, kind, &mut random);
        pairs.push((old, new));
    }
    let old = suite_of(&pairs.iter().map(|(old, _)| old).collect::<Vec<_>>());
    let new = suite_of(&pairs.iter().map(|(_, new)| new).collect::<Vec<_>>());
    let said: Vec<Strength> =
        (0..PAIRS).map(|number| compare(found(&old, number), found(&new, number))).collect();
    for strength in &said {
        if *strength == Strength::Incomparable { tally.incomparable += 1 } else { tally.decided += 1 }
    }
    assert_eq!(old.dialect, Dialect::default());
    for _ in 0..TABLES {
        let table = table(kind, &mut random);
        let (before, after) = (verdicts(&old, &table), verdicts(&new, &table));
        let of = |all: &[(String, Verdict, String)], number: usize| {
            let id = format!("c{number}");
            all.iter()
                .find(|(own, ..)| *own == id)
                .map(|(_, verdict, shown)| (*verdict, shown.clone()))
                .unwrap()
        };
        for (pair, strength) in said.iter().enumerate() {
            let (old_verdict, new_verdict) = (of(&before, pair), of(&after, pair));
            let holds = |weak: &(Verdict, String), strong: &(Verdict, String)| {
                [weak.0, strong.0].contains(&Verdict::Error) || strong.0 >= weak.0
            };
            let fine = match strength {
                Strength::Equal => holds(&old_verdict, &new_verdict) && holds(&new_verdict, &old_verdict),
                Strength::Stronger => holds(&old_verdict, &new_verdict),
                Strength::Weaker => holds(&new_verdict, &old_verdict),
                Strength::Incomparable => continue,
            };
            let (one, two) = &pairs[pair];
            assert!(
                fine,
                "case {number}: {strength:?}\n{}\n{}\n{kind:?} {}\n{old_verdict:?}\n{new_verdict:?}",
                one.item("old"),
                two.item("new"),
                shown(&table),
            );
            tally.evaluations += 1;
            let weak = if *strength == Strength::Weaker { &new_verdict } else { &old_verdict };
            tally.stopped +=
                usize::from(matches!(weak.0, Verdict::Warn | Verdict::Fail) && one.item("") != two.item(""));
        }
    }
}

#[test]
fn what_is_stronger_stops_whatever_the_other_stops() {
    let mut tally = Tally::default();
    for number in 0..60 {
        case(number, &mut tally);
    }
    println!("{tally:?}");
    assert!(tally.decided > 600 && tally.incomparable > 300, "{tally:?}");
    assert!(tally.stopped > 500, "{tally:?}");
}

/// As long as `KARAT_FUZZ_SECONDS` says, from the case `KARAT_FUZZ_FROM` on, or from one that is new every time.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let mut tally = Tally::default();
    let cases = run_for_a_while(|number| case(number, &mut tally));
    println!("cases {cases:?}: {tally:?}");
}
