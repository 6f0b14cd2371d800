//! Comparisons between every pair of types, of values at which something could be rounded, with every
//! operator. The result must be that of exact arithmetic, or an error that points to its place.

use std::cmp::Ordering;

use karat::data::{ColumnPath, DataType, Decimal, Field, Schema, TimeUnit, Value};
use karat::predicate::bounds::{ProvedCount, count};
use karat::predicate::{Comparison, check_boolean, parse};
use karat::{Suite, check};
use polars::prelude::{Column, DataFrame};

use super::evaluate::{compared, now};
use super::rows::options;
use super::table::series;

const EDGES: [i128; 15] = [
    0,
    1,
    -1,
    127,
    -128,
    255,
    (1 << 53) - 1,
    1 << 53,
    (1 << 53) + 1,
    -(1 << 53) - 1,
    i64::MAX as i128 - 1,
    i64::MAX as i128,
    i64::MIN as i128,
    u64::MAX as i128,
    u64::MAX as i128 - 1,
];

fn types() -> Vec<(&'static str, DataType)> {
    let int = |bits, signed| DataType::Integer { bits, signed };
    let decimal = |precision, scale| DataType::Decimal { precision, scale };
    let time = |unit, zone: Option<&str>| DataType::Timestamp { unit, zone: zone.map(str::to_owned) };
    let (ms, us, ns) = (TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds);
    vec![
        ("i8", int(8, true)),
        ("i16", int(16, true)),
        ("i32", int(32, true)),
        ("i64", int(64, true)),
        ("u8", int(8, false)),
        ("u16", int(16, false)),
        ("u32", int(32, false)),
        ("u64", int(64, false)),
        ("f32", DataType::Float { bits: 32 }),
        ("f64", DataType::FLOAT64),
        ("cents", decimal(10, 2)),
        ("whole", decimal(20, 0)),
        ("fine", decimal(38, 18)),
        ("wide", decimal(38, 0)),
        ("text", DataType::String),
        ("flag", DataType::Boolean),
        ("day", DataType::Date),
        ("utc_ms", time(ms, Some("UTC"))),
        ("utc", time(us, Some("UTC"))),
        ("utc_ns", time(ns, Some("UTC"))),
        ("berlin", time(us, Some("Europe/Berlin"))),
        ("wall_ms", time(ms, None)),
        ("wall", time(us, None)),
        ("wall_ns", time(ns, None)),
    ]
}

/// Returns values at the ends of a type's range, and values that another type rounds.
fn values(data_type: &DataType) -> Vec<Value> {
    match data_type {
        DataType::Integer { bits, signed } => {
            let (least, most) =
                if *signed { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) };
            let within = EDGES.into_iter().chain([least, most]).filter(|edge| (least..=most).contains(edge));
            within.map(Value::Integer).collect()
        }
        DataType::Float { bits } => {
            let special =
                [0.1, 0.5, -0.5, 1e-30, 1e38, -1e38, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0];
            let edges = EDGES.iter().map(|edge| *edge as f64).chain(special);
            edges.map(|edge| Value::float(if *bits == 32 { f64::from(edge as f32) } else { edge })).collect()
        }
        DataType::Decimal { precision, scale } => {
            let (one, most) = (10_i128.pow(u32::from(*scale)), 10_i128.pow(u32::from(*precision)) - 1);
            let whole = EDGES.iter().filter_map(|edge| edge.checked_mul(one));
            let parts = [one / 10, one / 2, -one / 2, 1, -1, most, -most];
            let all = whole.chain(parts).filter(|unscaled| unscaled.abs() <= most);
            all.map(|unscaled| Value::Decimal(Decimal { unscaled, scale: *scale })).collect()
        }
        DataType::String => ["", "1", "2024-02-29"].map(|text| Value::String(text.to_owned())).to_vec(),
        DataType::Boolean => [true, false].map(Value::Boolean).to_vec(),
        DataType::Date => [-719_162, -1, 0, 1, 19_782, 2_932_896].map(Value::Date).to_vec(),
        DataType::Timestamp { unit, zone } => {
            let day = 86_400_000_000_000_i128;
            let edges =
                [0, 1, -1, day, day - 1, -day, 19_782 * day, 19_782 * day + 1_000, 19_782 * day + 1_000_000];
            // These timestamps lie beyond the range of 64-bit nanoseconds.
            let far = [-719_162 * day, 2_932_896 * day, 2_932_896 * day + 86_399_999_999_999];
            let all = edges.into_iter().chain(far.into_iter().filter(|_| *unit != TimeUnit::Nanoseconds));
            let step = unit.nanoseconds();
            all.map(|at| Value::Timestamp {
                nanoseconds: at.div_euclid(step) * step,
                instant: zone.is_some(),
            })
            .collect()
        }
        other => panic!("no values of {other}"),
    }
}

/// Returns whether values of two types can be compared, according to the page of the language.
fn comparable(left: &DataType, right: &DataType) -> bool {
    use DataType::{Boolean, Date, String, Timestamp};
    match (left, right) {
        (Timestamp { zone: left, .. }, Timestamp { zone: right, .. }) => left.is_some() == right.is_some(),
        (Date, Timestamp { zone, .. }) | (Timestamp { zone, .. }, Date) => zone.is_none(),
        (Date, Date) | (String, String) | (Boolean, Boolean) => true,
        (left, right) => left.is_numeric() && right.is_numeric(),
    }
}

#[test]
fn every_pair_of_types_is_compared_exactly_or_refused_in_its_place() {
    let mut evaluations = 0;
    let mut wide = Vec::new();
    for (left_name, left) in types() {
        for (right_name, right) in types() {
            let (left_name, right_name) = (format!("l_{left_name}"), format!("r_{right_name}"));
            let rows: Vec<(Value, Value)> = values(&left)
                .into_iter()
                .chain([Value::Null])
                .flat_map(|left| {
                    values(&right).into_iter().chain([Value::Null]).map(move |right| (left.clone(), right))
                })
                .collect();
            let (lefts, rights): (Vec<_>, Vec<_>) = rows.iter().cloned().unzip();
            let fields = vec![
                Field::new(left_name.as_str(), left.clone()),
                Field::new(right_name.as_str(), right.clone()),
            ];
            let schema = Schema { fields };
            let hows: Vec<Comparison> = Comparison::ALL
                .into_iter()
                .filter(|how| {
                    left != DataType::Boolean || matches!(how, Comparison::Equal | Comparison::NotEqual)
                })
                .collect();
            let written = |how: &Comparison| format!("{left_name} {} {right_name}", how.symbol());
            let refused = check_boolean(&parse(&written(&hows[0])).unwrap(), &schema, now()).err();
            if let Some(error) = refused {
                // Numbers are refused only if both types together have too many digits.
                let exactly = error.message.contains("exactly");
                assert!(!comparable(&left, &right) || exactly, "{left} {right}: {error}");
                assert!(error.span.end > error.span.start, "{left} {right}: {error}");
                if exactly {
                    wide.push(format!("{left_name} {right_name}"));
                }
                continue;
            }
            assert!(comparable(&left, &right), "{left} and {right} are compared");
            let frame = DataFrame::new(
                rows.len(),
                vec![
                    Column::from(series(&left_name, &left, &lefts)),
                    Column::from(series(&right_name, &right, &rights)),
                ],
            );
            let checks: Vec<_> =
                hows.iter().map(|how| format!("{{id: c{}, rows: {:?}}}", *how as u8, written(how))).collect();
            let suite = Suite::from_yaml(&format!("suite: pairs\ntable: [{}]", checks.join(", "))).unwrap();
            let run = check(&suite, frame.unwrap(), &options());
            for (how, outcome) in hows.iter().zip(&run.suites[0].outcomes) {
                let holds =
                    |(left, right): &&(Value, Value)| compared(*how, left, right) == Value::Boolean(true);
                let failing = rows.iter().filter(|row| !holds(row)).count() as u64;
                evaluations += rows.len();
                let counts =
                    outcome.counts.unwrap_or_else(|| panic!("{}: {:?}", written(how), outcome.reason));
                assert_eq!(counts.failing, failing, "{} of {left} and {right}", written(how));
            }
        }
    }
    assert!(wide.iter().all(|pair| pair.contains("fine") || pair.contains("wide")), "{wide:?}");
    println!("{evaluations} comparisons across types");
}

/// Repeats the comparisons with the statistics of one row, which must give true results without reading a
/// row.
#[test]
fn statistics_tell_of_other_types_what_is_true() {
    for (left_name, left) in types() {
        for (right_name, right) in types() {
            let (left_name, right_name) = (format!("l_{left_name}"), format!("r_{right_name}"));
            let fields = vec![
                Field::new(left_name.as_str(), left.clone()),
                Field::new(right_name.as_str(), right.clone()),
            ];
            let schema = Schema { fields };
            for (one, other) in values(&left)
                .into_iter()
                .flat_map(|one| values(&right).into_iter().map(move |other| (one.clone(), other)))
            {
                let known = |value: &Value| {
                    // Statistics do not cover NaN.
                    let end = (!value.is_nan())
                        .then(|| karat::data::ColumnBound { value: value.clone(), is_exact: true });
                    karat::data::KnownColumn { nulls: Some(0), lower: end.clone(), upper: end }
                };
                let columns = [(&left_name, &one), (&right_name, &other)];
                let known = karat::data::KnownRows {
                    rows: 1,
                    columns: columns
                        .map(|(name, value)| (ColumnPath::column(name.as_str()), known(value)))
                        .into(),
                };
                for how in [Comparison::Equal, Comparison::Less] {
                    let text = format!("{left_name} {} {right_name}", how.symbol());
                    let Ok(typed) = check_boolean(&parse(&text).unwrap(), &schema, now()) else { continue };
                    let holds = compared(how, &one, &other) == Value::Boolean(true);
                    match count(&typed, &known) {
                        ProvedCount::Exactly(rows) => {
                            assert_eq!(rows, u64::from(holds), "{text}: {one:?} {other:?}");
                        }
                        ProvedCount::AtLeastOne => assert!(holds, "{text}: {one:?} {other:?}"),
                        ProvedCount::Unknown => {}
                    }
                }
            }
        }
    }
}

/// Compares literals of each kind with columns of each type.
#[test]
fn a_literal_of_another_kind_is_refused_in_its_place() {
    let fields = types().into_iter().map(|(name, data_type)| Field::new(name, data_type)).collect();
    let schema = Schema { fields };
    let literals = [
        "1",
        "0.5",
        "TRUE",
        "'text'",
        "DATE '2024-02-29'",
        "TIME '10:00:00'",
        "TIMESTAMP '2024-02-29 10:00:00'",
    ];
    for (name, data_type) in types() {
        for literal in literals {
            let fits = match (&data_type, literal) {
                (DataType::String, "'text'") | (DataType::Boolean, "TRUE") => true,
                (DataType::Date, literal) => literal.starts_with("DATE") || literal.starts_with("TIMESTAMP"),
                (DataType::Timestamp { .. }, literal) => {
                    literal.starts_with("DATE") || literal.starts_with("TIMESTAMP")
                }
                (other, "1" | "0.5") => other.is_numeric(),
                _ => false,
            };
            for text in [
                format!("{name} = {literal}"),
                format!("{literal} = {name}"),
                format!("{name} IN ({literal})"),
                format!("NOT ({name} IN ({literal}, NULL))"),
                format!("nullif({name}, {literal}) IS NULL"),
                format!("coalesce({name}, {literal}) IS NULL"),
                format!("CASE WHEN {name} IS NULL THEN {literal} ELSE {name} END IS NULL"),
            ] {
                let exact_only = text.contains(" IN ") || text.contains("coalesce") || text.contains("CASE");
                match check_boolean(&parse(&text).unwrap(), &schema, now()) {
                    Ok(_) => assert!(fits, "{text} on {data_type}"),
                    // The literal is of the right kind, but no value of the type can equal it: that is an
                    // error, too.
                    Err(error) if fits => {
                        let none = error.help.as_deref().unwrap_or_default().contains("equals it")
                            || error.message.contains("39 digits");
                        assert!(exact_only && none, "{text} on {data_type}: {error}");
                    }
                    Err(error) => {
                        let place = &text[error.span.start..error.span.end];
                        // For a literal that names its kind, the error marks the text.
                        let marked = literal.split_once(' ').map_or(literal, |(_, text)| text);
                        assert!(place.contains(marked), "{text} on {data_type}: {error} at {place:?}");
                    }
                }
            }
        }
    }
}

/// The order of [`compared`] is the order of numbers.
#[test]
fn the_oracle_is_exact() {
    let big = Value::Integer((1 << 53) + 1);
    assert_eq!(
        compared(Comparison::Greater, &big, &Value::float(9_007_199_254_740_992.0)),
        Value::Boolean(true)
    );
    let tenth = Value::Decimal(Decimal { unscaled: 1, scale: 1 });
    assert_eq!(compared(Comparison::Less, &tenth, &Value::float(0.1)), Value::Boolean(true));
    assert_eq!(super::evaluate::order(&Value::Integer(-3), &Value::float(-3.5)), Ordering::Greater);
}
