//! Rules that compare a value with all other values, checked against loops.

use karat::evaluate::Counts;
use karat::{CheckOptions, Suite, check};
use polars::prelude::df;
use proptest::prelude::*;

use super::rows::config;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

/// Interpolates linearly between the two neighbours of the position.
fn quantile(sorted: &[f64], at: f64) -> f64 {
    let position = at * (sorted.len() - 1) as f64;
    let (below, above) = (position.floor() as usize, position.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64)
}

/// Counts the values that fail, and the values so close to a limit that rounding decides.
fn failing(values: &[f64], distance: impl Fn(f64) -> f64) -> (u64, u64) {
    let fails = values.iter().filter(|value| distance(**value) >= 1e-9).count();
    let near = values.iter().filter(|value| distance(**value).abs() < 1e-9).count();
    (fails as u64, near as u64)
}

fn expected(rule: usize, values: &[f64]) -> (u64, u64) {
    if values.is_empty() {
        return (0, 0);
    }
    let spread = deviation(values).filter(|deviation| *deviation > 0.0);
    let mean = mean(values);
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (lower, upper) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
    match (rule, spread) {
        (0, Some(spread)) => failing(values, |value| (value - mean).abs() / spread - 1.5),
        (1, Some(spread)) => failing(values, |value| (value - mean) / spread - 1.0),
        (2, Some(spread)) => failing(values, |value| (value - mean).abs() - 2.0 * spread),
        (3, _) if upper > lower => {
            let fence = 1.5 * (upper - lower);
            // A value on the fence passes.
            let (fails, near) = failing(values, |value| (value - upper - fence).max(lower - fence - value));
            (fails, near)
        }
        _ => (0, 0),
    }
}

const SUITE: &str = "
suite: relative
columns:
  a:
    - {z_score: 1.5, id: '0'}
    - {z_score: {threshold: 1, double_sided: false}, id: '1'}
    - {not_outlier: {method: std, multiplier: 2}, id: '2'}
    - {not_outlier: iqr, id: '3'}
";

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn values_far_from_the_others_are_those_of_loops(
        values in prop::collection::vec(prop::option::weighted(0.9, prop_oneof![8 => -20..20_i32, 1 => -2000..2000_i32]), 0..40),
    ) {
        let run = check(&Suite::from_yaml(SUITE).unwrap(), df!("a" => &values).unwrap(), &CheckOptions::default());
        let present: Vec<f64> = values.iter().flatten().map(|value| f64::from(*value)).collect();
        for rule in 0..4 {
            let Counts { rows, considered, failing } = run.suites[0].outcome(&rule.to_string()).unwrap().counts.unwrap();
            prop_assert_eq!((rows, considered), (values.len() as u64, present.len() as u64));
            let (least, near) = expected(rule, &present);
            prop_assert!((least..=least + near).contains(&failing), "rule {rule}: {failing}, not {least} to {}", least + near);
        }
    }
}

/// With multiplier 0, every value but the mean is an outlier. With threshold 0, a z-score of 0 is too high.
#[test]
fn no_deviation_is_allowed() {
    let text = "
suite: relative
columns:
  a:
    - {not_outlier: {method: std, multiplier: 0}, id: outlier}
    - {z_score: 0, id: both}
    - {z_score: {threshold: 0, double_sided: false}, id: above}
";
    for (values, wanted) in [
        (vec![1.0, 2.0, 3.0], [2, 3, 2]),
        (vec![1.0, 2.0], [2, 2, 1]),
        (vec![0.1, 0.1, 0.1], [0, 0, 0]),
        (vec![-5.0, 0.25, 0.25, 5.5], [2, 4, 3]),
    ] {
        let run =
            check(&Suite::from_yaml(text).unwrap(), df!("a" => &values).unwrap(), &CheckOptions::default());
        let failing =
            ["outlier", "both", "above"].map(|id| run.suites[0].outcome(id).unwrap().counts.unwrap().failing);
        assert_eq!(failing, wanted, "{values:?}");
    }
}
