//! Statistics of groups and distributions, compared with naive computation.

use karat::data::Value;
use karat::evaluate::{Outcome, Verdict};
use karat::{CheckOptions, check};
use proptest::prelude::*;

use super::columns::{filters, name, passing, scalar, where_text};
use super::evaluate::{double, order};
use super::rows::{config, over_each_engine, suite};
use super::table::{schema, table, value};
use crate::support::only;

#[derive(Clone, Debug)]
enum Statistic {
    MostCommon(usize, Vec<Value>, bool),
    NonNullRatio(usize),
    Uniqueness(Vec<usize>),
    Distinctness(Vec<usize>),
    Entropy(usize),
    Correlation(usize, usize),
    DivergenceOfValues(usize, Vec<Value>),
    DivergenceOfBins(usize, Vec<i32>),
    CramersPhi(usize, usize),
}

/// The expected value. For modes, the flag says whether the check passes.
enum Expected {
    Undefined,
    Near(f64),
    Modes(Vec<Value>, bool),
}

fn numbers(names: &'static [&'static str]) -> impl Strategy<Value = usize> {
    prop::sample::select(names).prop_map(|name| schema().position(name).unwrap())
}

fn statistics() -> impl Strategy<Value = Statistic> {
    let columns = || 0..schema().fields.len();
    let with_values = columns().prop_flat_map(|column| {
        let data_type = schema().fields[column].data_type.clone();
        (Just(column), prop::collection::vec(value(&data_type), 1..5))
    });
    let distinct = with_values.clone().prop_map(|(column, mut values)| {
        values.sort_by(order);
        values.dedup_by(|left, right| order(left, right).is_eq());
        (column, values)
    });
    let several = || prop::sample::subsequence(columns().collect::<Vec<_>>(), 1..4);
    let bins = prop::collection::btree_set(-6..9_i32, 2..5).prop_map(|edges| edges.into_iter().collect());
    // Small types only: the squares of the greatest integers leave no digits for the others.
    let small = || numbers(&["i8", "u8", "i16", "u16"]);
    prop_oneof![
        (with_values, any::<bool>())
            .prop_map(|((column, values), ties)| Statistic::MostCommon(column, values, ties)),
        columns().prop_map(Statistic::NonNullRatio),
        several().prop_map(Statistic::Uniqueness),
        several().prop_map(Statistic::Distinctness),
        columns().prop_map(Statistic::Entropy),
        (small(), small()).prop_map(|(left, right)| Statistic::Correlation(left, right)),
        distinct.prop_map(|(column, values)| Statistic::DivergenceOfValues(column, values)),
        (numbers(&["i8", "u64", "i64", "f32", "f64", "d10", "d38"]), bins)
            .prop_map(|(column, edges)| Statistic::DivergenceOfBins(column, edges)),
        (numbers(&["yes", "x`y"]), numbers(&["yes", "x`y"]))
            .prop_map(|(left, right)| Statistic::CramersPhi(left, right)),
    ]
}

fn written(statistic: &Statistic) -> (Option<String>, String) {
    let list = |values: &[Value]| values.iter().map(scalar).collect::<Vec<_>>().join(", ");
    let names = |columns: &[usize]| columns.iter().copied().map(name).collect::<Vec<_>>().join(", ");
    let weights = |count: usize| vec![(1.0 / count as f64).to_string(); count].join(", ");
    match statistic {
        Statistic::MostCommon(column, values, ties) => {
            (Some(name(*column)), format!("most_common: {{values: [{}], ties_okay: {ties}}}", list(values)))
        }
        Statistic::NonNullRatio(column) => (Some(name(*column)), "non_null_ratio: {max: 0.5}".to_owned()),
        Statistic::Uniqueness(columns) => {
            (None, format!("uniqueness: {{columns: [{}], max: 0.5}}", names(columns)))
        }
        Statistic::Distinctness(columns) => {
            (None, format!("distinctness: {{columns: [{}], max: 0.5}}", names(columns)))
        }
        Statistic::Entropy(column) => (Some(name(*column)), "entropy: {max: 0.5}".to_owned()),
        Statistic::Correlation(left, right) => {
            (None, format!("correlation: {{left: {}, right: {}, max: 0.5}}", name(*left), name(*right)))
        }
        Statistic::DivergenceOfValues(column, values) => (
            Some(name(*column)),
            format!(
                "kl_divergence: {{partition: {{values: [{}], weights: [{}]}}, threshold: 0.5, tail_weight_holdout: 0.25}}",
                list(values),
                weights(values.len())
            ),
        ),
        Statistic::DivergenceOfBins(column, edges) => (
            Some(name(*column)),
            format!(
                "kl_divergence: {{partition: {{bins: {edges:?}, weights: [{}]}}, threshold: 0.5, tail_weight_holdout: 0.25}}",
                weights(edges.len() - 1)
            ),
        ),
        Statistic::CramersPhi(left, right) => {
            (None, format!("cramers_phi: {{left: {}, right: {}, threshold: 0.5}}", name(*left), name(*right)))
        }
    }
}

/// Groups keys that are equal, each with its number of rows, in the order of the keys.
fn groups(mut keys: Vec<Vec<Value>>) -> Vec<(Vec<Value>, f64)> {
    let compare = |left: &Vec<Value>, right: &Vec<Value>| {
        let parts = left.iter().zip(right).map(|(left, right)| match (left.is_null(), right.is_null()) {
            (false, false) => order(left, right),
            (left, right) => left.cmp(&right),
        });
        parts.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    };
    keys.sort_by(compare);
    let mut groups: Vec<(Vec<Value>, f64)> = Vec::new();
    for key in keys {
        match groups.last_mut() {
            Some((last, size)) if compare(last, &key).is_eq() => *size += 1.0,
            _ => groups.push((key, 1.0)),
        }
    }
    groups
}

fn divergence(found: &[f64], expected: &[f64]) -> f64 {
    let all: f64 = found.iter().sum();
    let part = |(found, expected): (&f64, &f64)| {
        let share = found / all;
        if share == 0.0 { 0.0 } else { share * (share / expected).ln() }
    };
    found.iter().zip(expected).map(part).sum()
}

fn expected(statistic: &Statistic, rows: &[&Vec<Value>]) -> Expected {
    let present = |column: usize| {
        let values = rows.iter().map(|row| row[column].clone()).filter(|value| !value.is_null());
        values.collect::<Vec<_>>()
    };
    let grouped = |column: usize| groups(present(column).into_iter().map(|value| vec![value]).collect());
    let share = |part: f64, whole: usize| Expected::Near(if whole == 0 { 0.0 } else { part / whole as f64 });
    let together = |columns: &[usize]| {
        let keys =
            rows.iter().map(|row| columns.iter().map(|column| row[*column].clone()).collect::<Vec<_>>());
        groups(keys.filter(|key| key.iter().any(|value| !value.is_null())).collect())
    };
    let total = |groups: &[(Vec<Value>, f64)]| groups.iter().map(|(_, size)| size).sum::<f64>();
    match statistic {
        Statistic::MostCommon(column, values, ties) => {
            let groups = grouped(*column);
            let most = groups.iter().map(|(_, size)| *size).fold(0.0, f64::max);
            let modes =
                groups.into_iter().filter(|(_, size)| *size == most).map(|(mut key, _)| key.remove(0));
            let modes: Vec<_> = modes.collect();
            let known = modes.iter().any(|mode| values.iter().any(|value| order(value, mode).is_eq()));
            if modes.is_empty() {
                return Expected::Undefined;
            }
            let met = known && (*ties || modes.len() == 1);
            Expected::Modes(modes.into_iter().take(20).collect(), met)
        }
        Statistic::NonNullRatio(column) => share(present(*column).len() as f64, rows.len()),
        Statistic::Uniqueness(columns) => {
            let groups = together(columns);
            let single = groups.iter().filter(|(_, size)| *size == 1.0).count();
            share(single as f64, total(&groups) as usize)
        }
        Statistic::Distinctness(columns) => {
            let groups = together(columns);
            share(groups.len() as f64, total(&groups) as usize)
        }
        Statistic::Entropy(column) => {
            let groups = grouped(*column);
            let all = total(&groups);
            let terms = groups.iter().map(|(_, size)| -(size / all) * (size / all).ln());
            if groups.is_empty() { Expected::Undefined } else { Expected::Near(terms.sum()) }
        }
        Statistic::Correlation(left, right) => {
            let both = rows.iter().filter(|row| !row[*left].is_null() && !row[*right].is_null());
            let pairs: Vec<_> = both.map(|row| (double(&row[*left]), double(&row[*right]))).collect();
            let count = pairs.len() as f64;
            let means = [
                pairs.iter().map(|(left, _)| left).sum::<f64>() / count,
                pairs.iter().map(|(_, right)| right).sum::<f64>() / count,
            ];
            let (mut covariance, mut spread) = (0.0, [0.0, 0.0]);
            for (left, right) in pairs {
                covariance += (left - means[0]) * (right - means[1]);
                spread[0] += (left - means[0]).powi(2);
                spread[1] += (right - means[1]).powi(2);
            }
            if spread.iter().all(|spread| *spread > 1e-6) {
                Expected::Near(covariance / (spread[0] * spread[1]).sqrt())
            } else {
                Expected::Undefined
            }
        }
        Statistic::DivergenceOfValues(column, values) => {
            let groups = grouped(*column);
            let mut found = vec![0.0; values.len()];
            for (key, size) in &groups {
                match values.iter().position(|value| order(value, &key[0]).is_eq()) {
                    Some(position) => found[position] += size,
                    None => found.push(*size),
                }
            }
            let others = found.len() - values.len();
            let (of_values, of_others) = if others == 0 { (1.0, 0.0) } else { (0.75, 0.25 / others as f64) };
            let mut weights = vec![of_values / values.len() as f64; values.len()];
            weights.resize(found.len(), of_others);
            if groups.is_empty() { Expected::Undefined } else { Expected::Near(divergence(&found, &weights)) }
        }
        Statistic::DivergenceOfBins(column, edges) => {
            divergence_of_bins(&present(*column).iter().map(double).collect::<Vec<_>>(), edges)
        }
        Statistic::CramersPhi(left, right) => phi(rows, *left, *right),
    }
}

fn divergence_of_bins(values: &[f64], edges: &[i32]) -> Expected {
    let edges: Vec<f64> = edges.iter().map(|edge| f64::from(*edge)).collect();
    let last = edges[edges.len() - 1];
    let mut found = vec![0.0; edges.len() + 1];
    for value in values {
        let above = edges.iter().filter(|edge| **edge <= *value || value.is_nan()).count();
        found[if *value == last { above - 1 } else { above }] += 1.0;
    }
    let mut weights = vec![0.75 / (edges.len() - 1) as f64; edges.len() + 1];
    weights[0] = 0.125;
    weights[edges.len()] = 0.125;
    if values.is_empty() { Expected::Undefined } else { Expected::Near(divergence(&found, &weights)) }
}

fn phi(rows: &[&Vec<Value>], left: usize, right: usize) -> Expected {
    let cells = groups(rows.iter().map(|row| vec![row[left].clone(), row[right].clone()]).collect());
    let sides = [left, right].map(|side| groups(rows.iter().map(|row| vec![row[side].clone()]).collect()));
    let all = rows.len() as f64;
    let mut statistic = 0.0;
    for (left, in_left) in &sides[0] {
        for (right, in_right) in &sides[1] {
            let expected = in_left * in_right / all;
            let cell = cells.iter().find(|(key, _)| key[0] == left[0] && key[1] == right[0]);
            statistic += (cell.map_or(0.0, |(_, size)| *size) - expected).powi(2) / expected;
        }
    }
    match sides[0].len().min(sides[1].len()) {
        0 | 1 => Expected::Undefined,
        classes => Expected::Near((statistic / all / (classes - 1) as f64).sqrt()),
    }
}

fn is_as_expected(outcome: &Outcome, expected: &Expected) -> bool {
    match expected {
        Expected::Undefined => {
            outcome.verdict == Verdict::Fail
                && outcome.reason.as_ref().is_some_and(|reason| reason.contains("undefined"))
        }
        Expected::Modes(modes, met) => {
            let Value::List(found) = &*outcome.observed else { return false };
            let same = found.len() == modes.len()
                && found.iter().zip(modes).all(|(found, mode)| order(found, mode).is_eq());
            same && outcome.verdict == if *met { Verdict::Pass } else { Verdict::Fail }
        }
        Expected::Near(value) => {
            let Value::Float(found) = &*outcome.observed else { return false };
            let met = if found.0 <= 0.5 { Verdict::Pass } else { Verdict::Fail };
            (found.0 - value).abs() <= 1e-7 && outcome.verdict == met
        }
    }
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn statistics_are_those_of_naive_computation(
        table in table(),
        checks in prop::collection::vec((statistics(), filters()), 10),
    ) {
        let texts = checks.iter().map(|(statistic, filter)| {
            let (column, text) = written(statistic);
            (column, text + &where_text(filter.as_ref()))
        });
        let texts: Vec<_> = texts.collect();
        for options in over_each_engine() {
        let run = check(&suite(texts.iter().cloned()), table.frame(), &options);
        for (index, (statistic, filter)) in checks.iter().enumerate() {
            let outcome = run.suites[0].outcome(&format!("c{index}")).unwrap();
            let expected = expected(statistic, &passing(&table, filter.as_ref()));
            let told = match &expected {
                Expected::Undefined => "undefined".to_owned(),
                Expected::Near(value) => value.to_string(),
                Expected::Modes(modes, met) => format!("{modes:?} {met}"),
            };
            prop_assert!(is_as_expected(outcome, &expected), "{:?}\n{:?}\nexpected {}", texts[index], outcome, told);
        }
            prop_assert!(run.suites[0].execution.as_ref().is_none_or(|(_, execution)| execution.scans <= 1));
        }
    }
}

/// The cases of Great Expectations 0.12, with the results that it computed.
#[test]
fn associations_are_those_of_great_expectations() {
    let missing =
        [None, None, None, Some(2.0), Some(2.0), Some(2.0), Some(3.0), Some(3.0), Some(3.0), Some(4.0)];
    let frame = polars::prelude::df!(
        "number" => [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4],
        "text" => ["a", "a", "b", "b", "c", "c", "d", "d", "e", "e", "f", "f"],
        "other" => ["a", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"],
        "float" => [1.0, 1.1, 1.2, 1.3, 2.0, 2.1, 2.2, 2.3, 3.0, 3.1, 3.2, 3.3],
        "missing" => missing.into_iter().chain([Some(4.0); 2]).collect::<Vec<Option<f64>>>(),
        "missing too" => [None, None, None].into_iter().chain(["a", "b", "c"].repeat(3).into_iter().map(Some)).collect::<Vec<_>>(),
    )
    .unwrap();
    for (columns, phi) in [
        ("left: number, right: number", 1.0),
        ("left: text, right: other, right_bin_count: 2", 0.849_836_585_598_797_5),
        ("left: text, right: other, right_bins: [[b, c], [d, e], [f, g]]", 1.0),
        ("left: number, right: float, right_bin_count: 3", 0.0),
        ("left: missing, right: missing too, left_bin_count: 3", 0.577_350_269_189_625_7),
    ] {
        let suite = format!("{{suite: phi, table: [{{cramers_phi: {{{columns}}}}}]}}");
        let run = check(&karat::Suite::from_yaml(&suite).unwrap(), frame.clone(), &CheckOptions::default());
        let observed = only(&run).observed.as_f64().unwrap();
        assert!((observed - phi).abs() < 1e-12, "{columns}: {observed}, not {phi}");
    }
}

#[test]
fn more_than_a_million_distinct_values_are_not_compared() {
    let frame = polars::prelude::df!("a" => (0..=1_000_000).collect::<Vec<i32>>()).unwrap();
    let suite =
        karat::Suite::from_yaml("{suite: many, columns: {a: [{ks_test: uniform}, {entropy: {min: 13}}]}}");
    let run = check(&suite.unwrap(), frame, &CheckOptions::default());
    let [test, entropy] = run.suites[0].outcomes.as_slice() else { panic!("two outcomes") };
    assert_eq!(test.verdict, Verdict::Error);
    assert_eq!(test.reason.as_deref(), Some("1,000,001 distinct values, and at most 1,000,000 are compared"));
    assert_eq!(entropy.verdict, Verdict::Pass, "{entropy:?}");
}
