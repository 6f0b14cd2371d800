//! Five real tables, judged by suites of Great Expectations, and what its version 1.24.1 found on them.

use karat::data::Value;
use karat::evaluate::{Outcome, Verdict};
use karat::suite::{Tool, import};
use karat::{CheckOptions, Suite, check};
use serde_json::Value as Json;

use super::{corpora, json, same};
use crate::support::only;

/// Where karat differs on purpose: table, place among the results, and why.
const DIFFERENT: &[(&str, usize, &str)] = &[];

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn titanic() {
    agrees("titanic");
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn taxi() {
    agrees("taxi_2019_01");
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn beers() {
    agrees("beers_dirty");
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn hospital() {
    agrees("hospital_dirty");
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn jaffle_shop() {
    agrees("jaffle_orders");
}

/// The suite of a table, as Great Expectations wrote it.
pub(super) fn suite(table: &str) -> Suite {
    let path = corpora("gx/reference").join(format!("{table}.suite.json"));
    Suite::open(path).unwrap_or_else(|error| panic!("{table}: {error:?}"))
}

fn agrees(table: &str) {
    let folder = corpora("gx/reference");
    let uri = folder.join(format!("{table}.parquet")).display().to_string();
    let results = json(folder.join(format!("{table}.results.json")));
    let suite = suite(table);
    let run = check(&suite, uri, &CheckOptions::default());
    let run = &run.suites[0];
    let mut differences = Vec::new();
    let results = results["results"].as_array().unwrap();
    assert_eq!(run.suite.checks.len(), results.len());
    for (place, (check, outcome)) in run.suite.checks.iter().zip(&run.outcomes).enumerate() {
        let theirs = &results[place];
        let origin = check.origin.as_ref().unwrap();
        assert_eq!(
            (origin.name.as_str(), &origin.arguments),
            (theirs["type"].as_str().unwrap(), &theirs["kwargs"])
        );
        // Great Expectations refused some of its own: a text as a bound of an aggregate.
        if theirs.get("config_error").is_some() {
            continue;
        }
        let found = difference(check.definition.id, outcome, theirs);
        let known = DIFFERENT.iter().any(|(name, index, _)| (*name, *index) == (table, place));
        match found {
            Some(found) if !known => differences.push(format!("{table} {place} {}: {found}", check.demand())),
            None if known => differences.push(format!("{table} {place}: listed as different, and agrees")),
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What differs in what both define.
fn difference(expectation: &str, outcome: &Outcome, theirs: &Json) -> Option<String> {
    let met = match outcome.verdict {
        Verdict::Pass => true,
        Verdict::Fail => false,
        other => return Some(format!("{} ({:?})", other.name(), outcome.reason)),
    };
    if theirs["success"] != met {
        return Some(format!(
            "met is {met}; observed {}, counts {:?}; theirs {}",
            outcome.observed, outcome.counts, theirs["result"]
        ));
    }
    let result = &theirs["result"];
    counts(outcome, result)
        .or_else(|| observed(expectation, outcome, result))
        .or_else(|| failing_rows(expectation, outcome, result))
}

fn counts(outcome: &Outcome, result: &Json) -> Option<String> {
    let counts = outcome.counts?;
    let pairs = [
        ("element_count", counts.rows),
        ("unexpected_count", counts.failing),
        ("missing_count", counts.rows - counts.considered),
    ];
    pairs.into_iter().find_map(|(name, ours)| {
        let theirs = result.get(name)?;
        (*theirs != ours).then(|| format!("{name} is {ours}, theirs {theirs}"))
    })
}

fn observed(expectation: &str, outcome: &Outcome, result: &Json) -> Option<String> {
    let theirs = &match expectation {
        // Of many most common values karat names the first.
        "most_common" => result["observed_value"].as_array()?.iter().take(20).cloned().collect(),
        "distinct_values" => result.get("partial_unexpected_list")?.clone(),
        "quantiles" => result["observed_value"]["values"].clone(),
        _ => result.get("observed_value")?.clone(),
    };
    let ours = match &*outcome.observed {
        Value::Null if expectation == "distinct_values" => &Value::List(Vec::new()),
        Value::Struct(parts) if expectation == "distinct_values" => {
            &parts.iter().find(|(name, _)| name == "unexpected")?.1
        }
        // Great Expectations sorts a set of columns, karat keeps the table's order.
        Value::List(names) if expectation == "columns" => &Value::List(sorted(names, theirs)),
        ours => ours,
    };
    (!same(ours, theirs)).then(|| format!("observed {ours}, theirs {theirs}"))
}

/// The names in their order, if both have the same.
fn sorted(names: &[Value], theirs: &Json) -> Vec<Value> {
    let place =
        |name: &Value| theirs.as_array().and_then(|all| all.iter().position(|other| same(name, other)));
    let mut names = names.to_vec();
    names.sort_by_key(place);
    names
}

/// The first failing rows and their values, where both list them in the order of the table.
fn failing_rows(expectation: &str, outcome: &Outcome, result: &Json) -> Option<String> {
    outcome.counts?;
    let (rows, values) =
        (result.get("partial_unexpected_index_list")?, result.get("partial_unexpected_list")?);
    // Of a null there is nothing to list, and duplicates are listed by their keys.
    if matches!(expectation, "not_null" | "unique") {
        return None;
    }
    for (index, (row, value)) in rows.as_array()?.iter().zip(values.as_array()?).enumerate() {
        let Some(sample) = outcome.samples.rows.get(index) else {
            return Some(format!("no failing row {index}"));
        };
        if row.as_u64() != sample.row {
            return Some(format!("failing row {:?}, theirs {row}", sample.row));
        }
        let ours: Vec<Value> = sample.values.iter().map(|(_, value)| value.clone()).collect();
        let ours = if let [one] = ours.as_slice() { one.clone() } else { Value::List(ours) };
        // Of several columns they come by name.
        let named = value.as_object().map(|values| values.values().cloned().collect());
        if !same(&ours, named.as_ref().unwrap_or(value)) {
            return Some(format!("failing value {ours}, theirs {value}"));
        }
    }
    None
}

#[test]
fn the_nearest_quantile_is_that_of_pandas() {
    for (count, at, nearest) in [
        (99, 0.25, 24),
        (99, 0.75, 74),
        (2, 0.5, 0),
        (4, 0.5, 2),
        (1, 0.5, 0),
        (1, 1.0, 0),
        (5, 0.0, 0),
        (5, 1.0, 4),
    ] {
        let frame =
            polars::prelude::df!("a" => (0..count).map(Some).chain([None]).collect::<Vec<Option<i64>>>())
                .unwrap();
        let suite = format!(
            "{{suite: nearest, columns: {{a: [quantiles: [{{at: {at}, min: {nearest}, max: {nearest}}}]]}}}}"
        );
        let run = check(&Suite::from_yaml(&suite).unwrap(), frame, &CheckOptions::default());
        let outcome = only(&run);
        assert_eq!(outcome.verdict, Verdict::Pass, "{at} of {count}: {outcome:?}");
    }
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn every_public_suite_imports() {
    let folder = corpora("gx/suites");
    let mut left_out = Vec::new();
    for listed in json(folder.join("index.json")).as_array().unwrap() {
        let suite = Suite::open(folder.join(listed["file"].as_str().unwrap())).unwrap();
        assert_eq!(suite.checks.len() as u64, listed["n"].as_u64().unwrap(), "{}", suite.path);
        let imported = import(&suite, Tool::GreatExpectations).unwrap();
        let read =
            Suite::from_yaml(&imported.yaml).unwrap_or_else(|error| panic!("{error}\n{}", imported.yaml));
        assert_eq!(read.checks.len() + imported.left_out.len(), suite.checks.len());
        left_out.extend(imported.left_out.into_iter().map(|left_out| left_out.reason));
    }
    insta::assert_snapshot!(left_out.join("\n"), @r#"
    karat knows no expectation "expect_column_length_match_input_length"
    karat knows no expectation "expect_column_pair_a_to_be_approximately_smaller_or_equal_th…"
    karat knows no expectation "expect_multicolumn_customer_id_user_id_device_id"
    "#);
}
