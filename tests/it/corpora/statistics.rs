//! Great Expectations' own test cases of rows of several columns and of distributions, with what it
//! answered.

use std::collections::BTreeSet;

use karat::data::Value;
use karat::evaluate::{Outcome, Verdict};
use karat::{CheckOptions, Suite, check};
use polars::prelude::{Column, DataFrame};
use serde_json::{Map, Value as Json};

use super::{corpora, same};
use crate::support::only;

/// What says how to run a case and not what to check.
const OF_THE_RUN: [&str; 3] = ["column", "catch_exceptions", "result_format"];

/// Cases in another language of conditions than karat's.
const NOT_RUN: [&str; 1] = ["7203bf1b7272"];

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn divergences_are_the_same() {
    assert_eq!(compared("expect_column_kl_divergence_to_be_less_than"), 33);
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn rows_of_several_columns_fail_alike() {
    for (name, cases) in [
        ("expect_column_pair_values_to_be_in_set", 1),
        ("expect_multicolumn_sum_to_equal", 5),
        ("expect_select_column_values_to_be_unique_within_record", 7),
    ] {
        assert_eq!(compared(name), cases, "{name}");
    }
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn the_most_common_values_are_the_same() {
    assert_eq!(compared("expect_column_most_common_value_to_be_in_set"), 5);
}

/// How many cases of an expectation there are, all of which come out as they should.
fn compared(name: &str) -> usize {
    let path = corpora("gx/cases").join(format!("{name}.json"));
    // Infinities stand bare in these files, which is no JSON.
    let text = std::fs::read_to_string(path).unwrap();
    let text =
        text.replace("-Infinity", "\"-∞\"").replace("Infinity", "\"Infinity\"").replace("-∞", "-Infinity");
    let cases: Json = serde_json::from_str(&text).unwrap();
    let run = cases["cases"].as_array().unwrap().iter();
    let run: Vec<_> = run.filter(|case| !NOT_RUN.contains(&case["id"].as_str().unwrap())).collect();
    let differences: Vec<_> = run
        .iter()
        .filter_map(|case| {
            difference(name, case).map(|found| format!("{} {}: {found}", case["id"], case["title"]))
        })
        .collect();
    assert!(differences.is_empty(), "{name}\n{}", differences.join("\n"));
    run.len()
}

fn difference(name: &str, case: &Json) -> Option<String> {
    let theirs = &case["gx"];
    let suite = match suite(name, &case["kwargs"]) {
        Ok(suite) => suite,
        Err(error) => return (theirs["raised"] != true).then(|| format!("refused: {error}")),
    };
    let run = check(&suite, frame(case), &CheckOptions::default());
    let outcome = only(&run);
    let met = match outcome.verdict {
        Verdict::Error => None,
        verdict => Some(verdict == Verdict::Pass),
    };
    if theirs["success"].as_bool() != met {
        return Some(format!("{outcome:?}, theirs {theirs}"));
    }
    counts(outcome, &theirs["result"]).or_else(|| observed(outcome, &theirs["result"]))
}

/// What Great Expectations was asked, in a suite.
fn suite(name: &str, asked: &Json) -> Result<Suite, String> {
    let mut check = Map::new();
    let mut arguments = asked.as_object().unwrap().clone();
    arguments.retain(|name, _| !OF_THE_RUN.contains(&name.as_str()));
    if let Some(mostly) = arguments.remove("mostly") {
        check.insert("mostly".to_owned(), mostly);
    }
    check.insert(name.to_owned(), Json::Object(arguments));
    let check = Json::Object(check);
    let suite = match asked["column"].as_str() {
        Some(column) => serde_json::json!({"suite": "case", "columns": {column: [check]}}),
        None => serde_json::json!({"suite": "case", "table": [check]}),
    };
    Suite::from_yaml(&suite.to_string()).map_err(|error| error.to_string())
}

/// The columns that are asked of, of one type each.
fn frame(case: &Json) -> DataFrame {
    let asked = &case["kwargs"];
    let listed = asked["column_list"].as_array().into_iter().flatten();
    let single = ["column", "column_A", "column_B"].into_iter().filter_map(|name| asked.get(name));
    let names: BTreeSet<&str> = listed.chain(single).filter_map(Json::as_str).collect();
    let columns: Vec<Column> =
        names.iter().map(|name| column(name, case["columns"][*name].as_array().unwrap())).collect();
    DataFrame::new(columns[0].len(), columns).unwrap()
}

fn column(name: &str, values: &[Json]) -> Column {
    let present = || values.iter().filter(|value| !value.is_null());
    if present().all(Json::is_i64) {
        Column::new(name.into(), values.iter().map(Json::as_i64).collect::<Vec<_>>())
    } else if present().all(Json::is_number) {
        Column::new(name.into(), values.iter().map(Json::as_f64).collect::<Vec<_>>())
    } else {
        Column::new(name.into(), values.iter().map(Json::as_str).collect::<Vec<_>>())
    }
}

fn counts(outcome: &Outcome, result: &Json) -> Option<String> {
    let counts = outcome.counts?;
    let ours = (counts.rows, counts.failing, counts.rows - counts.considered);
    let theirs =
        ["element_count", "unexpected_count", "missing_count"].map(|name| result[name].as_u64().unwrap());
    (<[u64; 3]>::from(ours) != theirs).then(|| format!("{ours:?}, theirs {theirs:?}"))
}

fn observed(outcome: &Outcome, result: &Json) -> Option<String> {
    let theirs = result.get("observed_value")?;
    let ours = match &*outcome.observed {
        // What is infinite has no observed value there.
        Value::Float(value) if value.0.is_infinite() => &Value::Null,
        // Zero is zero up to the last digits.
        Value::Float(value) if value.0 < 1e-12 => &Value::Float(karat::data::Float(0.0)),
        ours => ours,
    };
    (!same(ours, theirs)).then(|| format!("observed {ours}, theirs {theirs}"))
}
