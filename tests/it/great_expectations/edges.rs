//! What Great Expectations 1.24 answers on pandas where answers are not plain, and karat with it.

use karat::evaluate::Verdict;
use karat::{CheckOptions, check};
use polars::prelude::{DataFrame, DataType, NamedFrom, Series, TimeUnit, df};

use super::suite;
use crate::support::only;

fn frame() -> DataFrame {
    let mut frame = df![
        "a" => [Some("x"), Some("1"), Some("z"), None],
        "b" => [Some("x"), Some("2"), Some("Z"), None],
        "c" => [1_i64, 1, 3, 4],
        "d" => [Some(1.0), Some(1.5), Some(3.0), None],
        "e" => [true, false, true, true],
        "i" => [1_i64, 2, 3, 4],
        "i8" => [1_i32, 2, 100, 127],
        "s" => ["2020-01-01", "2020-01-02", "2020-06-01", "2021-01-01"],
    ]
    .unwrap();
    let small = frame.column("i8").unwrap().cast(&DataType::Int8).unwrap();
    frame.with_column(small).unwrap();
    let times = ["2020-01-01T00:00:00", "2020-01-02T10:00:00", "2020-06-01T00:00:00", "2021-01-01T00:00:00"]
        .map(|text| text.parse::<chrono::NaiveDateTime>().unwrap().and_utc().timestamp_micros());
    let times =
        Series::new("ts".into(), times).cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    let days = times.cast(&DataType::Date).unwrap().with_name("day".into());
    frame.with_column(times.into()).unwrap();
    frame.with_column(days.into()).unwrap();
    frame
}

/// Ten rows, of numbers without much of a spread and of infinite ones.
fn spread() -> DataFrame {
    let most = |of: f64, last: f64| (0..10).map(|row| if row == 9 { last } else { of }).collect::<Vec<_>>();
    let both: Vec<f64> = [1.0, 2.0].repeat(4).into_iter().chain([f64::INFINITY, f64::NEG_INFINITY]).collect();
    df!["z" => most(5.0, 100.0), "same" => most(1.0, 1.0), "inf" => most(1.0, f64::INFINITY), "both" => both]
        .unwrap()
}

/// The verdict of one expectation, with the failing rows where it counts them.
fn told(frame: DataFrame, expectation: &str, kwargs: &str) -> String {
    let text = format!(r#"{{"type": "{expectation}", "kwargs": {{{kwargs}}}}}"#);
    let run = check(&suite(&text, ""), frame, &CheckOptions::default());
    let outcome = only(&run);
    match (outcome.verdict, outcome.counts) {
        (Verdict::Error, _) => "error".to_owned(),
        (_, Some(counts)) => counts.failing.to_string(),
        (verdict, None) => verdict.name().to_owned(),
    }
}

#[test]
fn what_is_equal_in_python() {
    for (expectation, kwargs, wanted) in [
        ("values_to_be_in_set", r#""column": "e", "value_set": [1, 0]"#, "0"),
        ("values_to_be_in_set", r#""column": "e", "value_set": [true]"#, "1"),
        ("values_to_be_in_set", r#""column": "e", "value_set": [1.0]"#, "1"),
        ("values_to_be_in_set", r#""column": "e", "value_set": ["1", "True"]"#, "4"),
        ("values_to_be_in_set", r#""column": "e", "value_set": [1.5, 999]"#, "4"),
        ("values_to_not_be_in_set", r#""column": "e", "value_set": [999]"#, "0"),
        ("values_to_be_in_set", r#""column": "i", "value_set": [true, false]"#, "3"),
        ("values_to_not_be_in_set", r#""column": "i", "value_set": [true]"#, "1"),
        ("values_to_not_be_in_set", r#""column": "i", "value_set": ["1"]"#, "0"),
        ("values_to_be_in_set", r#""column": "d", "value_set": [true]"#, "2"),
        ("values_to_be_in_set", r#""column": "i8", "value_set": [1, 2, 100, 127, 500]"#, "0"),
        ("values_to_not_be_in_set", r#""column": "i8", "value_set": [999]"#, "0"),
        ("values_to_be_between", r#""column": "i8", "min_value": 0, "max_value": 1000"#, "0"),
        ("values_to_be_between", r#""column": "i8", "min_value": -1e300, "max_value": 100.005"#, "1"),
        ("max_to_be_between", r#""column": "i8", "max_value": 1000"#, "pass"),
        ("max_to_be_between", r#""column": "i8", "min_value": 1000"#, "fail"),
        ("values_to_be_between", r#""column": "s", "min_value": 0"#, "error"),
        ("max_to_be_between", r#""column": "s", "min_value": 0"#, "error"),
        ("values_to_be_between", r#""column": "ts", "min_value": "0001-01-01T00:00:00""#, "0"),
        ("distinct_values_to_equal_set", r#""column": "e", "value_set": [1, 0]"#, "pass"),
        ("distinct_values_to_contain_set", r#""column": "i", "value_set": [true]"#, "pass"),
        ("distinct_values_to_contain_set", r#""column": "i8", "value_set": [1, 1000]"#, "fail"),
        ("most_common_value_to_be_in_set", r#""column": "e", "value_set": [1]"#, "pass"),
    ] {
        let found = told(frame(), &format!("expect_column_{expectation}"), kwargs);
        assert_eq!(found, wanted, "{expectation} {kwargs}");
    }
}

#[test]
fn columns_of_other_types_beside_each_other() {
    let select = "expect_select_column_values_to_be_unique_within_record";
    let equal = "expect_multicolumn_values_to_be_equal";
    for (expectation, columns, ignore, wanted) in [
        (select, r#""a", "b""#, "all_values_are_missing", "1"),
        (select, r#""a", "b""#, "never", "2"),
        (select, r#""a", "c""#, "all_values_are_missing", "0"),
        (select, r#""a", "c""#, "never", "0"),
        (select, r#""c", "d""#, "any_value_is_missing", "2"),
        (select, r#""c", "e""#, "all_values_are_missing", "1"),
        (select, r#""a", "b", "c""#, "all_values_are_missing", "2"),
        (select, r#""a", "c", "d""#, "all_values_are_missing", "3"),
        (select, r#""d", "e""#, "never", "1"),
        (equal, r#""a", "b""#, "all_values_are_missing", "2"),
        (equal, r#""a", "c""#, "all_values_are_missing", "4"),
        (equal, r#""a", "c""#, "any_value_is_missing", "3"),
        (equal, r#""c", "e""#, "all_values_are_missing", "3"),
        (equal, r#""d", "e""#, "any_value_is_missing", "2"),
        (equal, r#""a", "c", "d""#, "never", "4"),
    ] {
        let kwargs = format!(r#""column_list": [{columns}], "ignore_row_if": "{ignore}""#);
        assert_eq!(told(frame(), expectation, &kwargs), wanted, "{expectation} {kwargs}");
    }
    let greater = "expect_column_pair_values_a_to_be_greater_than_b";
    for (expectation, left, right, more, wanted) in [
        ("expect_column_pair_values_to_be_equal", "a", "c", "", "4"),
        ("expect_column_pair_values_to_be_equal", "c", "e", "", "3"),
        ("expect_column_pair_values_to_be_equal", "c", "d", "", "2"),
        (greater, "c", "e", "", "1"),
        (greater, "c", "e", r#", "or_equal": true"#, "0"),
        (greater, "e", "c", "", "4"),
        (greater, "e", "c", r#", "or_equal": true"#, "3"),
        (greater, "a", "c", "", "error"),
        ("expect_column_pair_values_A_to_be_greater_than_B", "c", "d", "", "4"),
        ("expect_column_pair_values_A_to_be_greater_than_B", "c", "d", r#", "or_equal": true"#, "2"),
        ("expect_column_pair_values_to_be_in_set", "c", "d", r#", "value_pairs_set": [[1, 1], [3, 3]]"#, "2"),
        ("expect_column_pair_values_to_be_in_set", "c", "e", r#", "value_pairs_set": [[1, 1], [3, 3]]"#, "3"),
        ("expect_column_pair_values_to_be_in_set", "c", "d", r#", "value_pairs_set": [["1", 1]]"#, "4"),
        ("expect_column_pair_values_to_be_in_set", "c", "d", r#", "value_pairs_set": [[true, 1]]"#, "3"),
        ("expect_column_pair_values_to_be_in_set", "c", "e", r#", "value_pairs_set": [[1, true]]"#, "3"),
    ] {
        let kwargs = format!(r#""column_A": "{left}", "column_B": "{right}"{more}"#);
        assert_eq!(told(frame(), expectation, &kwargs), wanted, "{expectation} {kwargs}");
    }
}

#[test]
fn outliers_where_there_is_no_spread_or_no_end_of_it() {
    let outliers = "expect_column_values_to_not_be_outliers";
    for (column, method, multiplier, wanted) in [
        ("z", "iqr", "1.5", "1"),
        ("z", "iqr", "0", "1"),
        ("z", "std", "1.5", "1"),
        ("z", "std", "0", "10"),
        ("same", "iqr", "0", "0"),
        ("same", "std", "0", "0"),
        ("inf", "iqr", "1.5", "1"),
        ("inf", "iqr", "0", "1"),
        ("inf", "std", "1.5", "0"),
        ("both", "iqr", "1.5", "2"),
        ("both", "std", "0", "0"),
        ("z", "iqr", "-1", "error"),
    ] {
        let kwargs = format!(r#""column": "{column}", "method": "{method}", "multiplier": {multiplier}"#);
        assert_eq!(told(spread(), outliers, &kwargs), wanted, "{kwargs}");
    }
    let scores = "expect_column_value_z_scores_to_be_less_than";
    for (column, threshold, both_sides, wanted) in [
        ("z", "3", "true", "0"),
        ("z", "0.1", "true", "10"),
        ("z", "0.1", "false", "1"),
        ("same", "0", "true", "0"),
        ("inf", "3", "true", "0"),
        ("both", "0.1", "false", "0"),
        ("z", "Infinity", "true", "0"),
    ] {
        let kwargs =
            format!(r#""column": "{column}", "threshold": {threshold}, "double_sided": {both_sides}"#);
        assert_eq!(told(spread(), scores, &kwargs), wanted, "{kwargs}");
    }
    // NaN is no null here, and leaves no mean: that is said.
    let nan = df!["x" => [1.0, 2.0, f64::NAN]].unwrap();
    assert_eq!(told(nan, scores, r#""column": "x", "threshold": 3, "double_sided": true"#), "error");
}

#[test]
fn bounds_that_are_reversed() {
    let reversed = |expectation: &str, bounds: &str| {
        told(frame(), &format!("expect_{expectation}_to_be_between"), bounds)
    };
    let of_numbers = r#""column": "i", "min_value": 3, "max_value": 1"#;
    assert_eq!(reversed("column_values", of_numbers), "error");
    for expectation in [
        "column_max",
        "column_min",
        "column_mean",
        "column_median",
        "column_sum",
        "column_stdev",
        "column_unique_value_count",
        "column_proportion_of_unique_values",
        "column_proportion_of_non_null_values",
    ] {
        assert_eq!(reversed(expectation, of_numbers), "fail", "{expectation}");
    }
    assert_eq!(reversed("table_row_count", r#""min_value": 30, "max_value": 1"#), "error");
    assert_eq!(reversed("table_column_count", r#""min_value": 30, "max_value": 1"#), "fail");
    assert_eq!(reversed("column_value_lengths", r#""column": "s", "min_value": 30, "max_value": 1"#), "4");
    let of_days = r#""column": "day", "min_value": "2021-01-01", "max_value": "2020-01-01""#;
    assert_eq!(reversed("column_max", of_days), "fail");
}

#[test]
fn days_and_moments_in_conditions_of_pandas() {
    let rows = |condition: &str| {
        let kwargs = format!(
            r#""column": "i", "min_value": 100, "max_value": 200, "condition_parser": "pandas", "row_condition": {condition:?}"#
        );
        told(frame(), "expect_column_values_to_be_between", &kwargs)
    };
    for (condition, wanted) in [
        ("ts > datetime.date(2020,1,2)", "3"),
        ("ts > datetime.datetime(2020,1,2)", "3"),
        ("ts >= datetime.datetime(2020, 1, 2, 10, 0, 0)", "3"),
        ("ts > datetime.datetime(2020, 1, 2, 10, 0, 0, 1)", "2"),
        ("ts == datetime.datetime(2020,1,1)", "1"),
        ("ts != datetime.datetime(2020,1,1)", "3"),
        ("datetime.datetime(2020,1,2) < ts", "3"),
        ("datetime.date(2020,1,1) < day <= datetime.date(2020,6,1)", "2"),
        ("day > datetime.date(2020,1,2)", "2"),
        ("day == datetime.date(2020,1,2)", "1"),
        ("ts.between(datetime.datetime(2020,1,1), datetime.date(2020,6,1))", "3"),
        ("day > datetime.datetime(2020,1,2)", "error"),
        ("s > datetime.date(2020,1,2)", "error"),
        ("s > datetime.datetime(2020,1,2)", "error"),
        ("i > datetime.date(2020,1,2)", "error"),
        ("ts > datetime.date(2020,13,2)", "error"),
        ("ts > datetime.time(10)", "error"),
        ("ts > datetime.datetime(i, 1, 1)", "error"),
    ] {
        assert_eq!(rows(condition), wanted, "{condition}");
    }
}
