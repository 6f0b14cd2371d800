//! Columns of every two types beside each other, in every expectation that compares columns: the answer is
//! that of all digits, or an error of the suite, and never that of a rounded value.

pub mod cells;
mod literals;

use std::sync::Arc;

use karat::evaluate::{Counts, Outcome, Verdict};
use karat::{CheckOptions, DataSource, Suite, check};
use polars::prelude::{Column, DataFrame, IntoLazy as _, NamedFrom as _, Series};

use cells::{Cell, Kind, Type, types};

const RELATIONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

/// Each value of the type beside each value of every type: `row`, `l`, and a column for each type.
fn crossed(left: &Type, all: &[Type]) -> DataFrame {
    let most = all.iter().map(|of| of.cells.len()).max().unwrap();
    let rows = left.cells.len() * most;
    let numbers = Series::new("row".into(), (0_i64..).take(rows).collect::<Vec<_>>());
    let mut columns: Vec<Column> = vec![numbers.into()];
    columns.push(left.series("l", (0..rows).map(|row| row / most)).into());
    columns.extend(all.iter().map(|of| Column::from(of.series(&of.name, (0..rows).map(|row| row % most)))));
    DataFrame::new(rows, columns).unwrap()
}

/// The cells that stand beside each other in those rows.
fn pairs<'a>(left: &'a Type, right: &'a Type, all: &[Type]) -> Vec<(&'a Cell, &'a Cell)> {
    let most = all.iter().map(|of| of.cells.len()).max().unwrap();
    let rows = 0..left.cells.len() * most;
    rows.map(|row| (left.cell(row / most), right.cell(row % most))).collect()
}

/// What a check came to: its considered and failing rows, or nothing if it could not be evaluated.
fn told(outcome: &Outcome) -> Option<(u64, u64)> {
    match outcome.verdict {
        Verdict::Error => None,
        _ => outcome.counts.map(|Counts { considered, failing, .. }| (considered, failing)),
    }
}

/// What is expected of a rule on pairs: those that are considered, and on which it fails.
fn expected(
    pairs: &[(&Cell, &Cell)],
    considered: impl Fn(&Cell, &Cell) -> bool,
    fails: impl Fn(&Cell, &Cell) -> bool,
) -> (u64, u64) {
    let considered: Vec<_> = pairs.iter().filter(|(left, right)| considered(left, right)).collect();
    let failing = considered.iter().filter(|(left, right)| fails(left, right)).count();
    (considered.len() as u64, failing as u64)
}

/// Whether values of two types can be compared, and whether they have an order.
fn comparable(left: &Type, right: &Type) -> (bool, bool) {
    match (left.kind, right.kind) {
        (Kind::Null, Kind::Null) => (true, false),
        (Kind::Null, other) | (other, Kind::Null) => (true, other.is_ordered()),
        (left, right) => (left == right, left == right && left.is_ordered()),
    }
}

/// The types beside which a type is asked: all that can be compared with it, and two that cannot.
fn beside<'a>(left: &Type, all: &'a [Type]) -> Vec<&'a Type> {
    let (comparable, others): (Vec<_>, Vec<_>) = all.iter().partition(|right| comparable(left, right).0);
    comparable.into_iter().chain(others.into_iter().take(2)).collect()
}

fn is_equal(left: &Cell, right: &Cell) -> bool {
    left.compare(right).is_some_and(std::cmp::Ordering::is_eq)
}

#[test]
fn columns_of_every_two_types_beside_each_other() {
    let all = types();
    let mut asked = 0;
    // Of many checks at once the engine takes its time.
    for (left, rights) in all.iter().flat_map(|left| all.chunks(3).map(move |rights| (left, rights))) {
        let mut checks = String::new();
        for Type { name, .. } in rights {
            for (number, relation) in RELATIONS.iter().enumerate() {
                checks.push_str(&format!(
                    "  - pair: {{left: l, is: \"{relation}\", right: {name}}}\n    id: {name} pair {number}\n"
                ));
            }
            checks.push_str(&format!("  - equal_columns: [l, {name}]\n    id: {name} equal\n"));
            checks.push_str(&format!("  - unique_within_row: [l, {name}]\n    id: {name} unique\n"));
            for (number, relation) in [(0, "="), (2, "<")] {
                checks.push_str(&format!("  - rows: l {relation} `{name}`\n    id: {name} rows {number}\n"));
            }
        }
        let suite = Suite::from_yaml(&format!("suite: s\ntable:\n{checks}")).unwrap();
        let run = check(&suite, crossed(left, &all), &CheckOptions { samples: 0, ..CheckOptions::default() });
        let run = &run.suites[0];
        assert_eq!(run.error, None);
        let mut outcomes = run.outcomes.iter();
        for right in rights {
            let (equality, order) = comparable(left, right);
            let pairs = pairs(left, right, &all);
            let present = |left: &Cell, right: &Cell| *left != Cell::Null || *right != Cell::Null;
            let mut expect = |what: &str, decided: bool, wanted: (u64, u64)| {
                let outcome = outcomes.next().unwrap();
                let of = format!("{} {what} {}", left.name, right.name);
                let wanted = decided.then_some(wanted);
                assert_eq!(told(outcome), wanted, "{of}: {:?}", outcome.reason);
                assert!(wanted.is_some() || outcome.reason.is_some(), "{of}");
                asked += pairs.len();
            };
            for (number, relation) in RELATIONS.iter().enumerate() {
                let holds = |left: &Cell, right: &Cell| {
                    left.compare(right).is_some_and(|order| match number {
                        0 => order.is_eq(),
                        1 => order.is_ne(),
                        2 => order.is_lt(),
                        3 => order.is_le(),
                        4 => order.is_gt(),
                        _ => order.is_ge(),
                    })
                };
                let wanted = expected(&pairs, present, |left, right| !holds(left, right));
                expect(relation, if number < 2 { equality } else { order }, wanted);
            }
            expect("equal", equality, expected(&pairs, present, |left, right| !is_equal(left, right)));
            expect("unique", equality, expected(&pairs, present, is_equal));
            let all = |_: &Cell, _: &Cell| true;
            let less = |left: &Cell, right: &Cell| left.compare(right).is_some_and(std::cmp::Ordering::is_lt);
            expect("rows =", equality, expected(&pairs, all, |left, right| !is_equal(left, right)));
            expect("rows <", order, expected(&pairs, all, |left, right| !less(left, right)));
        }
    }
    eprintln!("{asked} pairs of values were compared");
    assert!(asked > 100_000);
}

#[test]
fn keys_and_values_of_every_two_types_in_another_dataset() {
    let all = types();
    for left in &all {
        let rights = beside(left, &all);
        let (mut checks, mut values) = (String::new(), String::new());
        for Type { name, .. } in &rights {
            checks.push_str(&format!(
                "  - exists_in: {{data: {name}, columns: {{l: r}}}}\n    id: {name} exists\n"
            ));
            checks.push_str(&format!(
                "  - same_rows_as: {{data: {name}, key: {{l: r}}}}\n    id: {name} keys\n"
            ));
            values.push_str(&format!(
                "  - same_rows_as: {{data: crossed, key: [row], columns: {{l: {name}}}}}\n    id: {name} same\n"
            ));
        }
        let frame = |of: &Type, name| {
            let column = of.series(name, 0..of.cells.len()).into();
            DataFrame::new(of.cells.len(), vec![column]).unwrap()
        };
        let crossed = crossed(left, &all);
        let others: Vec<_> = types()
            .iter()
            .map(|of| (of.name.clone(), frame(of, "r")))
            .chain([("crossed".to_owned(), crossed.clone())])
            .collect();
        let datasets = move |name: &str| {
            let (_, frame) = others.iter().find(|(of, _)| of == name).unwrap();
            DataSource::from(frame.clone().lazy())
        };
        let options = CheckOptions { samples: 0, datasets: Arc::new(datasets), ..CheckOptions::default() };
        let run = |checks: &str, frame: DataFrame| {
            let suite = Suite::from_yaml(&format!("suite: s\ntable:\n{checks}")).unwrap();
            check(&suite, frame, &options).suites.remove(0).outcomes
        };
        let (keys, values) = (run(&checks, frame(left, "l")), run(&values, crossed));
        for ((right, keys), values) in rights.iter().zip(keys.chunks(2)).zip(&values) {
            let of = format!("{} and {}", left.name, right.name);
            let [exists, rows] = keys else { panic!("{of}") };
            if !comparable(left, right).0 {
                for outcome in [exists, rows, values] {
                    assert_eq!(outcome.verdict, Verdict::Error, "{of}: {:?}", outcome.reason);
                    assert!(outcome.reason.is_some(), "{of}");
                }
                continue;
            }
            let missing = |cell: &&Cell, among: &[Cell]| !among.iter().any(|other| is_equal(cell, other));
            let here = left.cells.iter().filter(|cell| missing(cell, &right.cells)).count() as u64;
            let there = right.cells.iter().filter(|cell| missing(cell, &left.cells)).count() as u64;
            // Each type has one null, which is not considered.
            let considered = left.cells.len() as u64 - 1;
            assert_eq!(told(exists), Some((considered, here - 1)), "{of}: {:?}", exists.reason);
            // A key that is null matches nothing, not even another one.
            let wanted = format!("{{only here: {here}, only there: {there}, different: 0}}");
            assert_eq!(rows.observed.to_string(), wanted, "{of}: {:?}", rows.reason);
            let pairs = pairs(left, right, &all);
            let differ = |(left, right): &&(&Cell, &Cell)| {
                !is_equal(left, right) && (**left != Cell::Null || **right != Cell::Null)
            };
            let different = pairs.iter().filter(differ).count();
            let wanted = format!("{{only here: 0, only there: 0, different: {different}}}");
            assert_eq!(values.observed.to_string(), wanted, "{of}: {:?}", values.reason);
        }
    }
}
