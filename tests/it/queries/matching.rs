//! `query_matches`: values of two types are equal if they are the same, and no other ones are.

use std::sync::Arc;

use karat::evaluate::Verdict;
use karat::{CheckOptions, DataSource, Suite, check};
use polars::prelude::*;

/// The verdict on two columns, and why.
fn compared(here: Series, there: Series) -> (Verdict, String) {
    let frame = |series: Series| {
        DataFrame::new(series.len(), vec![series.with_name("v".into()).into()]).unwrap().lazy()
    };
    let other = frame(there);
    let options = CheckOptions {
        datasets: Arc::new(move |_: &str| DataSource::from(other.clone())),
        ..CheckOptions::default()
    };
    let suite = "{suite: s, table: [{query_matches: {query: 'SELECT v FROM {batch}', data: other}, id: q}]}";
    let run = check(&Suite::from_yaml(suite).unwrap(), frame(here), &options);
    let outcome = run.suites[0].outcome("q").unwrap();
    (outcome.verdict, outcome.reason.clone().unwrap_or_default().to_string())
}

fn of<T: AsRef<[Option<&'static str>]>>(texts: T, data_type: DataType) -> Series {
    let texts = Series::new("".into(), texts.as_ref());
    match data_type {
        DataType::Boolean => texts.equal(&Series::new("".into(), ["1"])).unwrap().into_series(),
        DataType::Datetime(..) => {
            let micros = texts.cast(&DataType::Int64).unwrap();
            let from = DataType::Datetime(TimeUnit::Microseconds, None);
            micros.cast(&from).unwrap().cast(&data_type).unwrap()
        }
        DataType::Date => texts.cast(&DataType::Int32).unwrap().cast(&data_type).unwrap(),
        _ => texts.strict_cast(&data_type).unwrap(),
    }
}

/// Every pair of types: what is the same matches, and what is not by the least does not.
#[test]
fn numbers_of_any_types_are_compared_as_they_are() {
    let types = [
        DataType::Int8,
        DataType::UInt16,
        DataType::Int32,
        DataType::Int64,
        DataType::UInt64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal(9, 2),
        DataType::Decimal(38, 20),
        DataType::Decimal(38, 0),
    ];
    for left in &types {
        for right in &types {
            let same = [Some("1"), None, Some("100"), Some("1")];
            let pair =
                |there: [Option<&'static str>; 4]| compared(of(same, left.clone()), of(there, right.clone()));
            assert_eq!(pair(same).0, Verdict::Pass, "{left} {right}");
            assert_eq!(pair([Some("1"), None, Some("100"), Some("2")]).0, Verdict::Fail, "{left} {right}");
            assert_eq!(pair([Some("1"), None, Some("100"), None]).0, Verdict::Fail, "{left} {right}");
        }
    }
    let fractional =
        [DataType::Float32, DataType::Float64, DataType::Decimal(9, 2), DataType::Decimal(38, 20)];
    for left in &fractional {
        for right in &types {
            let one = of([Some("1.5")], left.clone());
            let verdict = compared(one.clone(), of([Some("1")], right.clone())).0;
            assert_eq!(verdict, Verdict::Fail, "{left} {right}");
            if fractional.contains(right) {
                assert_eq!(
                    compared(one, of([Some("1.5")], right.clone())).0,
                    Verdict::Pass,
                    "{left} {right}"
                );
            }
        }
    }
}

#[test]
fn no_digit_is_lost() {
    let number = |text: &'static str, data_type: DataType| of([Some(text)], data_type);
    let decimal = || DataType::Decimal(38, 10);
    for (left, right, expected) in [
        (
            number("9007199254740993", DataType::Int64),
            number("9007199254740992", DataType::Float64),
            Verdict::Fail,
        ),
        (
            number("9007199254740992", DataType::Int64),
            number("9007199254740992", DataType::Float64),
            Verdict::Pass,
        ),
        (number("18446744073709551615", DataType::UInt64), number("-1", DataType::Int64), Verdict::Fail),
        (number("0.1", DataType::Float32), number("0.1", DataType::Float64), Verdict::Fail),
        (number("0.1", DataType::Float64), number("0.1", decimal()), Verdict::Fail),
        (number("0.25", DataType::Float32), number("0.25", decimal()), Verdict::Pass),
        (number("-0.0", DataType::Float64), number("0", DataType::Int8), Verdict::Pass),
        (number("NaN", DataType::Float64), number("NaN", DataType::Float32), Verdict::Pass),
        (number("NaN", DataType::Float64), number("0", DataType::Int64), Verdict::Fail),
        (number("1", DataType::Boolean), number("1", DataType::Int64), Verdict::Pass),
        (number("1", DataType::Boolean), number("5", DataType::Int64), Verdict::Fail),
        (number("1", DataType::Boolean), number("1.0", decimal()), Verdict::Pass),
    ] {
        let found = compared(left.clone(), right.clone());
        assert_eq!(found.0, expected, "{left} {right} {}", found.1);
        assert_eq!(compared(right, left).0, expected);
    }
}

#[test]
fn times_are_compared_by_what_they_say() {
    let zone = |name: &'static str| TimeZone::opt_try_new(Some(name)).unwrap();
    let time = |micros: &'static str, unit: TimeUnit, zone: Option<TimeZone>| {
        of([Some(micros)], DataType::Datetime(unit, zone))
    };
    let day = || of([Some("1")], DataType::Date);
    let midnight = "86400000000";
    for (left, right, expected) in [
        (day(), time(midnight, TimeUnit::Microseconds, None), Verdict::Pass),
        (day(), time("133200000000", TimeUnit::Nanoseconds, None), Verdict::Fail),
        (
            time(midnight, TimeUnit::Milliseconds, None),
            time(midnight, TimeUnit::Nanoseconds, None),
            Verdict::Pass,
        ),
        (time("1", TimeUnit::Microseconds, None), time("0", TimeUnit::Milliseconds, None), Verdict::Fail),
        (
            time(midnight, TimeUnit::Microseconds, zone("UTC")),
            time(midnight, TimeUnit::Milliseconds, zone("Europe/Berlin")),
            Verdict::Pass,
        ),
        (
            time(midnight, TimeUnit::Microseconds, zone("UTC")),
            time(midnight, TimeUnit::Microseconds, None),
            Verdict::Error,
        ),
        (day(), time(midnight, TimeUnit::Microseconds, zone("UTC")), Verdict::Error),
        (of([Some("1")], DataType::String), of([Some("1")], DataType::Int64), Verdict::Error),
        (of([Some("1")], DataType::String), day(), Verdict::Error),
        (of([None], DataType::String).cast(&DataType::Null).unwrap(), day(), Verdict::Fail),
    ] {
        let found = compared(left.clone(), right.clone());
        assert_eq!(found.0, expected, "{left} {right} {}", found.1);
        if expected == Verdict::Error {
            assert!(found.1.contains("column \"v\" beside \"v\""), "{}", found.1);
        }
    }
}
