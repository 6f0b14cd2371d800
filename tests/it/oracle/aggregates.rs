//! The checks that judge one measured value, compared with naive computation.

use karat::check;
use karat::data::{Decimal, Value};
use karat::evaluate::Verdict;
use proptest::prelude::*;

use super::columns::{filters, name, passing, scalar, where_text};
use super::evaluate::{double, order};
use super::rows::{config, over_each_engine, suite};
use super::table::{schema, table, value};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Measure {
    Min,
    Max,
    Sum,
    Mean,
    Median,
    StdDev,
    /// A quantile at a position in hundredths.
    Quantile(u32, &'static str),
    DistinctCount,
    DistinctRatio,
}

/// The expected value of a measure.
enum Expected {
    Undefined,
    Exactly(Value),
    /// A value within a distance. NaN and infinities must match exactly.
    Near(f64, f64),
    /// Any value: an intermediate result leaves the range of doubles, so that the order of operations
    /// decides.
    Anything,
}

const BOUND: i128 = 1000;

fn measures() -> impl Strategy<Value = (usize, Measure)> {
    let quantile =
        (0..=100_u32, prop::sample::select(vec!["nearest", "linear", "lower", "higher", "midpoint"]));
    let measure = prop_oneof![
        2 => Just(Measure::Min),
        2 => Just(Measure::Max),
        2 => Just(Measure::Sum),
        1 => Just(Measure::Mean),
        1 => Just(Measure::Median),
        1 => Just(Measure::StdDev),
        2 => quantile.prop_map(|(at, interpolation)| Measure::Quantile(at, interpolation)),
        1 => Just(Measure::DistinctCount),
        1 => Just(Measure::DistinctRatio),
    ];
    (0..schema().fields.len(), measure).prop_filter("the type must fit", |(column, measure)| {
        let data_type = &schema().fields[*column].data_type;
        match measure {
            Measure::Min | Measure::Max => data_type.is_ordered(),
            Measure::DistinctCount | Measure::DistinctRatio => true,
            _ => data_type.is_numeric(),
        }
    })
}

/// Generates a measure of a column with two bounds, which are values of the column's type for `min` and
/// `max`.
fn checks() -> impl Strategy<Value = (usize, Measure, Vec<Value>)> {
    measures().prop_flat_map(|(column, measure)| {
        let bounds = prop::collection::vec(value(&schema().fields[column].data_type), 2);
        let bounds = bounds.prop_map(move |mut bounds| {
            bounds.sort_by(order);
            let own = matches!(measure, Measure::Min | Measure::Max);
            if own { bounds } else { vec![Value::Integer(-BOUND), Value::Integer(BOUND)] }
        });
        (Just(column), Just(measure), bounds)
    })
}

fn written(measure: Measure, bounds: &[Value]) -> String {
    let bounds = format!("min: {}, max: {}", scalar(&bounds[0]), scalar(&bounds[1]));
    match measure {
        Measure::Min => format!("min: {{{bounds}}}"),
        Measure::Max => format!("max: {{{bounds}}}"),
        Measure::Sum => format!("sum: {{{bounds}}}"),
        Measure::Mean => format!("mean: {{{bounds}}}"),
        Measure::Median => format!("median: {{{bounds}}}"),
        Measure::StdDev => format!("stddev: {{{bounds}}}"),
        Measure::Quantile(at, interpolation) => {
            format!(
                "quantiles: {{ranges: [{{at: {}, {bounds}}}], interpolation: {interpolation}}}",
                f64::from(at) / 100.0
            )
        }
        Measure::DistinctCount => format!("distinct_count: {{{bounds}}}"),
        Measure::DistinctRatio => format!("distinct_ratio: {{{bounds}}}"),
    }
}

fn expected(measure: Measure, mut values: Vec<Value>) -> Expected {
    values.sort_by(order);
    let count = values.len();
    let mut distinct = values.clone();
    distinct.dedup_by(|left, right| order(left, right).is_eq());
    match measure {
        Measure::DistinctCount => Expected::Exactly(Value::Integer(distinct.len() as i128)),
        Measure::DistinctRatio => Expected::Near(distinct.len() as f64 / count.max(1) as f64, 1e-12),
        Measure::Sum if count == 0 => Expected::Exactly(Value::Integer(0)),
        _ if count == 0 => Expected::Undefined,
        // The least value is NaN only if all values are: NaN sorts last.
        Measure::Min => Expected::Exactly(values[0].clone()),
        Measure::Max => Expected::Exactly(values[count - 1].clone()),
        Measure::Sum => sum(&values),
        Measure::Mean => match sum(&values) {
            Expected::Exactly(sum) => Expected::Near(double(&sum) / count as f64, 1e-9 * double(&sum).abs()),
            Expected::Near(sum, within) => Expected::Near(sum / count as f64, within),
            other => other,
        },
        Measure::Median => quantile(&values, 0.5, "linear"),
        Measure::Quantile(at, interpolation) => quantile(&values, f64::from(at) / 100.0, interpolation),
        Measure::StdDev => deviation(&values.iter().map(double).collect::<Vec<_>>()),
    }
}

fn sum(values: &[Value]) -> Expected {
    match &values[0] {
        Value::Integer(_) => {
            let sum =
                values.iter().map(|value| if let Value::Integer(value) = value { *value } else { 0 }).sum();
            Expected::Exactly(Value::Integer(sum))
        }
        Value::Decimal(Decimal { scale, .. }) => {
            let unscaled = |value: &Value| if let Value::Decimal(value) = value { value.unscaled } else { 0 };
            // A partial sum may overflow 128 bits and come back.
            let sum = values.iter().map(unscaled).fold(0_i128, i128::wrapping_add);
            let rough: f64 = values.iter().map(|value| unscaled(value) as f64).sum();
            if rough.abs() < 1.2e38 && sum.unsigned_abs() < 10_u128.pow(38) {
                Expected::Exactly(Value::Decimal(Decimal { unscaled: sum, scale: *scale }))
            } else {
                // The sum has more digits than a decimal; another test covers the exact number.
                let sum = rough / 10_f64.powi(i32::from(*scale));
                Expected::Near(sum, 1e-9 * sum.abs())
            }
        }
        _ => {
            let values: Vec<f64> = values.iter().map(double).collect();
            let finite: f64 = values.iter().filter(|value| value.is_finite()).map(|value| value.abs()).sum();
            if finite.is_infinite() {
                Expected::Anything
            } else {
                Expected::Near(values.iter().sum(), 1e-9 * finite)
            }
        }
    }
}

fn deviation(values: &[f64]) -> Expected {
    let count = values.len() as f64;
    let greatest = values.iter().fold(0.0_f64, |greatest, value| greatest.max(value.abs()));
    if values.len() < 2 {
        Expected::Undefined
    } else if !values.iter().all(|value| value.is_finite()) {
        Expected::Near(f64::NAN, 0.0)
    } else if greatest > 1e150 {
        Expected::Anything
    } else {
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Expected::Near((squares / (count - 1.0)).sqrt(), 1e-9 * greatest)
    }
}

/// Returns a quantile of sorted values.
fn quantile(values: &[Value], at: f64, interpolation: &str) -> Expected {
    let position = at * (values.len() - 1) as f64;
    let (low, high) = (double(&values[position.floor() as usize]), double(&values[position.ceil() as usize]));
    let part = position - position.floor();
    let between = |part: f64| {
        if low.is_nan() || high.is_nan() {
            Expected::Near(f64::NAN, 0.0)
        } else if low.abs().max(high.abs()) > 1e300 {
            Expected::Anything
        } else {
            Expected::Near(low + (high - low) * part, 1e-9 * low.abs().max(high.abs()))
        }
    };
    match interpolation {
        _ if position.fract() == 0.0 || low == high => Expected::Near(low, 0.0),
        // Rounding decides whether a position so close to a whole number is whole, which is not tested here.
        _ if (position - position.round()).abs() < 1e-9 => Expected::Anything,
        "lower" => Expected::Near(low, 0.0),
        "higher" => Expected::Near(high, 0.0),
        "midpoint" => between(0.5),
        "linear" => between(part),
        _ if (part - 0.5).abs() < 1e-9 => Expected::Anything,
        _ => Expected::Near(if part < 0.5 { low } else { high }, 0.0),
    }
}

fn near(observed: f64, expected: f64, within: f64) -> bool {
    (observed.is_nan() && expected.is_nan()) || observed == expected || (observed - expected).abs() <= within
}

/// Random checks of aggregates, each with its column and its text.
#[cfg(any(feature = "duckdb", feature = "postgres"))]
pub fn texts() -> impl Strategy<Value = (Option<String>, String)> {
    (checks(), filters()).prop_map(|((column, measure, bounds), filter)| {
        (Some(name(column)), written(measure, &bounds) + &where_text(filter.as_ref()))
    })
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn aggregates_are_those_of_naive_computation(
        table in table(),
        checks in prop::collection::vec((checks(), filters()), 8),
    ) {
        let checks: Vec<_> = checks
            .into_iter()
            .map(|((column, measure, bounds), filter)| {
                let rows = passing(&table, filter.as_ref());
                let values = rows.into_iter().map(|row| row[column].clone()).filter(|value| !value.is_null()).collect();
                let expected = expected(measure, values);
                (column, measure, bounds, filter, expected)
            })
            .collect();
        let texts: Vec<_> = checks
            .iter()
            .map(|(column, measure, bounds, filter, _)| {
                (Some(name(*column)), written(*measure, bounds) + &where_text(filter.as_ref()))
            })
            .collect();
        for options in over_each_engine() {
        let run = check(&suite(texts.iter().cloned()), table.frame(), &options);
        for (index, (_, _, bounds, _, expected)) in checks.iter().enumerate() {
            let outcome = run.suites[0].outcome(&format!("c{index}")).unwrap();
            let observed = match &*outcome.observed {
                Value::List(values) if values.len() == 1 => values[0].clone(),
                other => other.clone(),
            };
            let told = format!("{:?} {:?} {:?}", texts[index], observed, outcome.reason);
            match expected {
                Expected::Undefined => {
                    prop_assert!(outcome.reason.as_ref().is_some_and(|reason| reason.contains("undefined")), "{told}");
                }
                Expected::Exactly(value) => prop_assert!(!observed.is_null() && order(&observed, value).is_eq(), "{told}, not {value:?}"),
                Expected::Near(value, within) => {
                    prop_assert!(!observed.is_null() && near(double(&observed), *value, *within), "{told}, not {value:?}");
                }
                Expected::Anything => {}
            }
            let met = !observed.is_null()
                && !observed.is_nan()
                && order(&observed, &bounds[0]).is_ge()
                && order(&observed, &bounds[1]).is_le();
            prop_assert_eq!(outcome.verdict, if met { Verdict::Pass } else { Verdict::Fail }, "{}", told);
        }
        }
    }
}
