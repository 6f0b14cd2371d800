//! The details of a comparison of observed with expected shares, as reports show them.

use crate::data::Value;

/// Returns the shares of values; null if there are too many values to name.
pub(super) fn of_values(values: Option<Vec<Value>>, found: &[f64], expected: &[f64]) -> Value {
    let Some(values) = values else { return Value::Null };
    beside(found, expected, |weights| {
        vec![("values".to_owned(), Value::List(values.clone())), ("weights".to_owned(), numbers(weights))]
    })
}

/// Returns the shares of the bins between finite edges, and of the two tails, which are the first and the
/// last share.
pub(super) fn of_bins(edges: &[f64], found: &[f64], expected: &[f64]) -> Value {
    let finite: Vec<f64> = edges.iter().copied().filter(|edge| edge.is_finite()).collect();
    beside(found, expected, |weights| {
        let [below, inner @ .., above] = weights else { return Vec::new() };
        vec![
            ("bins".to_owned(), numbers(&finite)),
            ("weights".to_owned(), numbers(inner)),
            ("tail_weights".to_owned(), numbers(&[*below, *above])),
        ]
    })
}

fn beside(found: &[f64], expected: &[f64], described: impl Fn(&[f64]) -> Vec<(String, Value)>) -> Value {
    let all: f64 = found.iter().sum();
    let shares: Vec<f64> = found.iter().map(|found| found / all).collect();
    Value::Struct(vec![
        ("observed_partition".to_owned(), Value::Struct(described(&shares))),
        ("expected_partition".to_owned(), Value::Struct(described(expected))),
    ])
}

fn numbers(numbers: &[f64]) -> Value {
    Value::List(numbers.iter().copied().map(Value::float).collect())
}
