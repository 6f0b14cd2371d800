//! Whole validation results beside those that Great Expectations 1.24.1 wrote on five real tables.

use std::collections::{BTreeMap, BTreeSet};

use karat::report::{ValidationOptions, validation_result};
use karat::{CheckOptions, check};
use serde_json::Value as Json;

use super::great_expectations::suite;
use super::{alike, corpora, json};

/// Where karat's `result` is another one on purpose: table and place among the results, then why.
/// The list may only shrink.
const DIFFERENT: &str = include_str!("gx_results/different.txt");

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn whole_results_are_those_of_great_expectations() {
    let folder = corpora("gx/reference");
    let known: BTreeSet<&str> = DIFFERENT
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .map(|(place, _)| place)
        .collect();
    let (mut compared, mut found, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for table in ["beers_dirty", "hospital_dirty", "jaffle_orders", "taxi_2019_01", "titanic"] {
        let theirs = json(folder.join(format!("{table}.results.json")));
        let ours = results(table, &folder.join(format!("{table}.parquet")).display().to_string());
        for (index, theirs) in theirs["results"].as_array().unwrap().iter().enumerate() {
            // Great Expectations refused some of its own: a text as a bound of an aggregate.
            if theirs.get("config_error").is_some() {
                continue;
            }
            compared += 1;
            let ours = &ours[&name(&theirs["type"], &theirs["kwargs"])];
            let place = format!("{table} {index}");
            let difference = ["success", "result"].into_iter().find(|key| !alike(&ours[*key], &theirs[*key]));
            match (difference, known.contains(place.as_str())) {
                (Some(key), false) => wrong.push(format!(
                    "{place}: {} {key}\n  ours   {}\n  theirs {}",
                    name(&theirs["type"], &theirs["kwargs"]),
                    ours[key],
                    theirs[key]
                )),
                (None, true) => wrong.push(format!("{place} is listed as different, and agrees")),
                (Some(_), true) => {
                    found.insert(place);
                }
                (None, false) => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((compared, found.len()), (999, known.len()));
}

/// Karat's results by what was expected.
fn results(table: &str, uri: &str) -> BTreeMap<String, Json> {
    let told = ValidationOptions { partial_unexpected_count: 5, ..ValidationOptions::default() };
    let options = CheckOptions { samples: told.samples(), ..CheckOptions::default() };
    let run = check(&suite(table), uri, &options);
    let result = validation_result(&run, &run.suites[0], &told);
    let results = result["results"].as_array().unwrap().iter().map(|result| {
        let config = &result["expectation_config"];
        let mut kwargs = config["kwargs"].clone();
        kwargs.as_object_mut().unwrap().retain(|kwarg, _| kwarg != "batch_id");
        (name(&config["type"], &kwargs), result.clone())
    });
    results.collect()
}

fn name(expectation: &Json, kwargs: &Json) -> String {
    format!("{} {kwargs}", expectation.as_str().unwrap())
}
