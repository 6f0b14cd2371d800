//! Numbers that doubles would confuse, and keys by which the engine alone cannot group.

use karat::data::{DataType, Decimal, Value};
use karat::evaluate::{Outcome, Verdict};
use polars::prelude::{Column, DataFrame};

use super::super::table::series;
use crate::support::{judge, outcome};

fn frame(columns: &[(&str, DataType, Vec<Value>)]) -> DataFrame {
    let series =
        columns.iter().map(|(name, data_type, values)| Column::from(series(name, data_type, values)));
    DataFrame::new(columns[0].2.len(), series.collect()).unwrap()
}

/// Returns the verdicts of checks on a column `x`.
fn verdicts(frame: &DataFrame, checks: &[String]) -> Vec<Verdict> {
    let checks: Vec<_> =
        checks.iter().enumerate().map(|(index, check)| format!("{{id: c{index}, {check}}}")).collect();
    let suite = format!("{{suite: s, columns: {{x: [{}]}}}}", checks.join(", "));
    judge(&suite, frame.clone()).suites[0].outcomes.iter().map(|outcome| outcome.verdict).collect()
}

fn decimals(digits: &[i128], precision: u8, scale: u8) -> (DataType, Vec<Value>) {
    let value = |unscaled: &i128| Value::Decimal(Decimal { unscaled: *unscaled, scale });
    (DataType::Decimal { precision, scale }, digits.iter().map(value).collect())
}

const MEASURES: [&str; 6] = [
    "mean: {BOUND}",
    "median: {BOUND}",
    "quantiles: {interpolation: linear, ranges: [{at: 0.5, BOUND}]}",
    "quantiles: [{at: 0.29, BOUND}]",
    "measure: {of: avg(x), BOUND}",
    "measure: {of: median(x), BOUND}",
];

/// If all values are equal, every measure is that value, and a bound beside it is not met.
#[test]
fn equal_values_are_their_own_mean() {
    let integer = |number: i128| (DataType::INT64, vec![Value::Integer(number); 3]);
    let unsigned =
        |number: i128| (DataType::Integer { bits: 64, signed: false }, vec![Value::Integer(number); 3]);
    for ((data_type, values), value, below, above) in [
        (decimals(&[7; 3], 10, 2), "0.07", "0.069999999999999999999", "0.070000000000000000001"),
        (decimals(&[110; 3], 10, 2), "1.10", "1.0999999999999999999", "1.1000000000000000001"),
        (
            decimals(&[123_456_789_012_345_678_901_234_567_891; 3], 38, 10),
            "12345678901234567890.1234567891",
            "12345678901234567890.1234567890",
            "12345678901234567890.1234567892",
        ),
        (integer(9_007_199_254_740_993), "9007199254740993", "9007199254740992", "9007199254740994"),
        (
            integer(i128::from(i64::MIN)),
            "-9223372036854775808",
            "-9223372036854775809",
            "-9223372036854775807",
        ),
        (
            unsigned(i128::from(u64::MAX)),
            "18446744073709551615",
            "18446744073709551614",
            "18446744073709551616",
        ),
    ] {
        let frame = frame(&[("x", data_type.clone(), values)]);
        let bounded = |bound: &str| -> Vec<String> {
            MEASURES.iter().map(|measure| measure.replace("BOUND", bound)).collect()
        };
        for (bound, expected) in [
            (format!("min: {value}, max: {value}"), Verdict::Pass),
            (format!("min: {above}"), Verdict::Fail),
            (format!("max: {below}"), Verdict::Fail),
        ] {
            let verdicts = verdicts(&frame, &bounded(&bound));
            assert_eq!(verdicts, [expected; MEASURES.len()], "{data_type}: {bound}");
        }
    }
}

#[test]
fn sums_have_as_many_digits_as_they_need() {
    let most = 10_i128.pow(38) - 1;
    let (data_type, values) = decimals(&[most; 3], 38, 0);
    let groups = [1, 1, 2].map(Value::Integer).to_vec();
    let frame = frame(&[("x", data_type, values), ("g", DataType::INT64, groups)]);
    let sum = "299999999999999999999999999999999999997";
    let suite = format!(
        "
suite: s
columns:
  x:
    - sum: {{min: {sum}, max: {sum}}}
    - {{sum: {{max: {sum}, strict_max: true}}, id: below}}
    - {{sum: {{max: {most}}}, group_by: g, id: groups}}
    - mean: {{min: {most}, max: {most}}}
    - {{measure: {{of: sum(x) - 3 * max(x), min: 0, max: 0}}, id: none}}
"
    );
    let run = judge(&suite, frame);
    let verdicts: Vec<_> = run.suites[0].outcomes.iter().map(|outcome| outcome.verdict).collect();
    assert_eq!(verdicts, [Verdict::Pass, Verdict::Fail, Verdict::Fail, Verdict::Pass, Verdict::Pass]);
    assert_eq!(outcome(&run, "x.sum").observed.to_string(), sum);
    assert_eq!(outcome(&run, "groups").observed.field("failing"), Some(&Value::Integer(1)));
}

/// Constant columns have no deviation, whatever their value, as a whole, in groups and after a filter.
#[test]
fn constants_do_not_vary() {
    let doubles = [0.1, 0.3, 19.99, 1e15 + 0.3, 1e300, 5e-324, -1.0 / 3.0];
    let rows = 1_000;
    let of = |double: f64| (DataType::FLOAT64, vec![Value::float(double); rows]);
    let single = (DataType::Float { bits: 32 }, vec![Value::float(f64::from(0.1_f32)); rows]);
    let exact = [decimals(&vec![1; rows], 38, 10), decimals(&vec![1_999; rows], 10, 2)];
    let integers = (DataType::INT64, vec![Value::Integer((1 << 53) + 1); rows]);
    let groups: Vec<_> = (0..rows).map(|row| Value::Integer(i128::try_from(row % 7).unwrap())).collect();
    for (data_type, values) in doubles.map(of).into_iter().chain(exact).chain([single, integers]) {
        let value = values[0].clone();
        let frame = frame(&[("x", data_type, values), ("g", DataType::INT64, groups.clone())]);
        let text =
            if let Value::Float(double) = value { format!("{:e}", double.0) } else { value.to_string() };
        let checks = [
            "stddev: {max: 0}",
            "stddev: {max: 0}, group_by: g",
            "stddev: {max: 0}, where: g <> 3",
            "measure: {of: stddev(x), max: 0}",
            "z_score: 0.5",
            "not_outlier: {method: std, multiplier: 1}",
            "not_outlier: iqr",
        ];
        let mean = format!("mean: {{min: {text}, max: {text}}}");
        let checks: Vec<String> =
            checks.map(str::to_owned).into_iter().chain([format!("{mean}, group_by: g"), mean]).collect();
        assert_eq!(verdicts(&frame, &checks), vec![Verdict::Pass; checks.len()], "{value}");
    }
}

/// The deviation of values far from 0 is as exact as that of values near 0.
#[test]
fn a_deviation_loses_no_digits() {
    for base in [0, 1 << 52, 9_007_199_254_740_992_i64 * 512] {
        let values = [0, 1, 2, 3, 4].map(|step| Value::Integer(i128::from(base + step)));
        let frame = frame(&[("x", DataType::INT64, values.to_vec())]);
        // The bounds lie around the root of 2.5.
        let checks = ["min: 1.5811388300841896659", "max: 1.5811388300841896660"];
        let checks = checks.map(|bound| format!("stddev: {{{bound}}}"));
        assert_eq!(verdicts(&frame, &checks), [Verdict::Pass; 2], "{base}");
    }
}

/// A key of 128 bits makes the same groups as its text, whatever is measured on them.
#[test]
fn groups_by_a_decimal_are_those_by_its_text() {
    let digits = [110, 110, 200, 200, 200];
    let (data_type, keys) = decimals(&digits, 10, 2);
    let texts = digits.map(|digits| Value::String(digits.to_string())).to_vec();
    let numbers = |numbers: [i128; 5]| numbers.map(Value::Integer).to_vec();
    let doubles = [1.5, 2.5, 2.5, f64::NAN, 1.0].map(Value::float).to_vec();
    let with_null = |mut values: Vec<Value>| {
        values.push(Value::Null);
        values
    };
    let frame = frame(&[
        ("d", data_type, with_null(keys)),
        ("t", DataType::String, with_null(texts)),
        ("x", DataType::INT64, with_null(numbers([1, 2, 2, 3, 9]))),
        ("y", DataType::FLOAT64, with_null(doubles)),
    ]);
    let checks = [
        "min: {min: 2}, where: x > 1",
        "max: {max: 2.5}, where: x > 1",
        "sum: {min: 4}",
        "mean: {min: 2}",
        "median: {min: 2}",
        "stddev: {max: 1}",
        "quantiles: [{at: 0.9, max: 3}]",
        "distinct_count: 2",
        "distinct_ratio: {min: 1}",
        "distinct_values: {contain: [2]}",
        "most_common: [2]",
        "non_null_ratio: {min: 1}",
        "entropy: {min: 0.7}",
        "ks_test: uniform",
        "chi_square: {partition: {values: [1, 2], weights: [0.5, 0.5]}}",
        "kl_divergence: {partition: {values: [1, 2], weights: [0.5, 0.5]}, threshold: 0.1}",
        "measure: {of: count(distinct y) + sum(x) / count(*), min: 3}",
        "correlation: {left: x, right: y, min: 0}",
        "cramers_phi: {left: x, right: y, threshold: 0.5}",
        "uniqueness: {columns: [x, y], min: 1}",
        "distinctness: {columns: [x, y], min: 1}",
        "row_count: {min: 2}",
    ];
    for (number, check) in checks.iter().enumerate() {
        for column in ["x", "y"] {
            let scope = if number < 17 {
                format!("columns: {{{column}: [CHECKS]}}")
            } else {
                "table: [CHECKS]".to_owned()
            };
            let by = |key: &str| format!("{{{check}, group_by: {key}, id: {key}}}");
            let checks = format!("{}, {}, {{rows: true, id: all}}", by("d"), by("t"));
            let checks = if number < 17 { checks.replace("rows: true", "not_null: ~") } else { checks };
            let suite = format!("{{suite: s, {}}}", scope.replace("CHECKS", &checks));
            let run = judge(&suite, frame.clone());
            let by_day = outcome(&run, "d");
            let told = |outcome: &Outcome| {
                let observed = outcome.samples.rows.iter().map(|row| row.values.clone());
                (outcome.verdict, outcome.observed.clone(), observed.collect::<Vec<_>>())
            };
            assert_eq!(told(by_day), told(outcome(&run, "t")), "{check} of {column}");
            let groups = by_day.observed.field("groups").and_then(Value::as_count);
            assert_eq!(groups, Some(if check.contains("where") { 2 } else { 3 }), "{by_day:?}");
            assert_ne!(outcome(&run, "all").verdict, Verdict::Error);
        }
    }
}
