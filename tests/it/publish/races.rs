//! Others who write to the table meanwhile.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use karat::{CheckOptions, Data, DataSource, PublicationOutcome, Run, Staged, publish};
use polars::prelude::*;
use serde_json::{Value as Json, json};

use super::lake::{Lake, read_by_python};
use crate::support::{assert_all_pass, judge, parsed};

const UNIQUE: &str = "{suite: s, columns: {id: [unique]}}";

fn orders(ids: &[i64]) -> DataFrame {
    df!("id" => ids, "status" => vec!["O"; ids.len()]).unwrap()
}

/// Publishes into a table to which others write whenever it is judged: `others` gets the number of the judgement. The other
/// dataset of a check is opened behind the table, and before anything is committed.
fn published(lake: &Lake, others: impl Fn(u64) + Send + Sync + 'static) -> Run {
    lake.parquet("known.parquet", &orders(&[1, 2, 3, 4, 5]));
    let known = lake.uri("known.parquet");
    let suite = parsed("{suite: s, columns: {id: [unique, {exists_in: {data: known, column: id}}]}}");
    let judged = AtomicU64::new(0);
    let datasets = Arc::new(move |_: &str| {
        others(judged.fetch_add(1, Ordering::SeqCst) + 1);
        DataSource::from(Data::from(known.clone()))
    });
    let options = CheckOptions { datasets, ..CheckOptions::default() };
    publish(&suite, &lake.uri("orders"), &Staged::at(lake.uri("staged")), &options)
}

fn is_published(run: &Run, version: u64, judged: u64) {
    let publication = run.publication.clone().unwrap();
    assert_eq!(
        (publication.outcome, publication.judged),
        (PublicationOutcome::Published { version }, judged)
    );
}

#[test]
fn a_table_that_changed_is_judged_again() {
    let lake = Arc::new(Lake::new());
    lake.orders("orders", &orders(&[1, 2])).parquet("staged/a.parquet", &orders(&[3]));
    let other = lake.clone();
    let run = published(&lake, move |judged| {
        if judged < 3 {
            let add =
                other.add("orders", &format!("o{judged}.parquet"), &orders(&[3 + judged as i64]), json!({}));
            other.commit("orders", 1 + judged, &[add]);
        }
    });
    is_published(&run, 4, 3);
    assert_all_pass(&run);
    // What was judged last is what was there.
    assert_eq!(run.suites[0].snapshot.as_ref().unwrap().rows, Some(5));
    let sentence = run.publication.unwrap().sentence();
    assert_eq!(sentence, "published as v4; it was judged 3 times, since others changed the table meanwhile");
    assert_all_pass(&judge(
        "{suite: s, columns: {id: [unique]}, table: [row_count: {equal: 5}]}",
        lake.uri("orders"),
    ));
}

#[test]
fn what_no_longer_holds_is_not_published() {
    let lake = Arc::new(Lake::new());
    lake.orders("orders", &orders(&[1, 2])).parquet("staged/a.parquet", &orders(&[3]));
    let other = lake.clone();
    let run = published(&lake, move |judged| {
        if judged == 1 {
            let add = other.add("orders", "o.parquet", &orders(&[3]), json!({}));
            other.commit("orders", 2, &[add]);
        }
    });
    let publication = run.publication.clone().unwrap();
    assert_eq!((publication.outcome, publication.judged), (PublicationOutcome::Refused, 2));
    assert!(!run.passed());
    // The copies that were made for the first try are gone.
    assert_eq!(
        (lake.version("orders"), lake.parquet_files("orders")),
        (2, vec!["first.parquet".to_owned(), "o.parquet".to_owned()])
    );
}

#[test]
fn commits_without_change_of_data_are_passed_over() {
    let lake = Arc::new(Lake::new());
    lake.orders("orders", &orders(&[1, 2])).parquet("staged/a.parquet", &orders(&[3]));
    let other = lake.clone();
    let run = published(&lake, move |judged| {
        if judged == 1 {
            // What OPTIMIZE does.
            let mut add = other.add("orders", "compact.parquet", &orders(&[1, 2]), json!({}));
            add["add"]["dataChange"] = json!(false);
            let remove =
                json!({"remove": {"path": "first.parquet", "deletionTimestamp": 0, "dataChange": false}});
            let info = json!({"commitInfo": {"timestamp": 0, "operation": "OPTIMIZE"}});
            other.commit("orders", 2, &[info, remove, add]);
            other.commit("orders", 3, &[json!({"txn": {"appId": "stream", "version": 7}})]);
        }
    });
    is_published(&run, 4, 1);
    assert_all_pass(&judge(
        "{suite: s, columns: {id: [unique]}, table: [row_count: {equal: 3}]}",
        lake.uri("orders"),
    ));
}

#[test]
fn a_schema_that_changed_is_looked_at_again() {
    let lake = Arc::new(Lake::new());
    lake.orders("orders", &orders(&[1, 2])).parquet("staged/a.parquet", &orders(&[3]));
    let other = lake.clone();
    let run = published(&lake, move |judged| {
        if judged == 1 {
            let field = |name: &str, nullable: bool| json!({"name": name, "type": "long", "nullable": nullable, "metadata": {}});
            let fields = vec![field("id", true), field("added", true)];
            let [_, metadata] = super::lake::Definition::default().with_fields(fields);
            other.commit("orders", 2, &[metadata]);
        }
    });
    let publication = run.publication.unwrap();
    let PublicationOutcome::Failed { reason } = publication.outcome else { panic!("{publication:?}") };
    assert!(reason.ends_with("the table has no column \"status\""), "{reason}");
    assert_eq!(lake.parquet_files("orders"), ["first.parquet"]);
}

#[test]
fn the_same_files_published_by_another_meanwhile_are_recognised() {
    let lake = Arc::new(Lake::new());
    lake.orders("orders", &orders(&[1, 2])).parquet("staged/a.parquet", &orders(&[3]));
    let other = lake.clone();
    let run = published(&lake, move |judged| {
        if judged == 1 {
            let files = Staged::at(other.uri("staged"));
            let run = publish(&parsed(UNIQUE), &other.uri("orders"), &files, &CheckOptions::default());
            is_published(&run, 2, 1);
        }
    });
    assert_eq!(run.publication.unwrap().outcome, PublicationOutcome::Already { version: 2 });
    assert_eq!((lake.version("orders"), lake.parquet_files("orders").len()), (2, 2));
}

#[test]
fn a_table_to_which_others_always_write_is_given_up_in_the_end() {
    let lake = Arc::new(Lake::new());
    lake.orders("orders", &orders(&[1, 2])).parquet("staged/a.parquet", &orders(&[3]));
    let other = lake.clone();
    let run = published(&lake, move |judged| {
        let add = other.add("orders", &format!("o{judged}.parquet"), &orders(&[]), json!({}));
        other.commit("orders", 1 + judged, &[add]);
    });
    let publication = run.publication.unwrap();
    assert_eq!(
        publication.sentence(),
        "not published: others write to the table all the time; it was judged 25 times, since others changed the table meanwhile"
    );
    assert!(lake.parquet_files("orders").iter().all(|name| !name.starts_with("part-")));
}

/// Ten publish at once what goes together with none of the others' keys, or with all: the suite holds at every version, and each
/// batch is in or refused.
#[test]
#[cfg_attr(
    not(deltalake),
    ignore = "there is no deltalake; KARAT_DUCKDB_PYTHON names a Python that has it, beside DuckDB"
)]
fn ten_publishers_of_conflicting_batches_keep_the_suite() {
    const PUBLISHERS: i64 = 10;
    let lake = Lake::new();
    lake.orders("orders", &orders(&[0]));
    for publisher in 0..PUBLISHERS {
        // Two of each five have a key of their own, and three want the same.
        let shared = if publisher % 5 < 2 { 100 + publisher } else { publisher % 3 + 50 };
        lake.parquet(&format!("b{publisher}/a.parquet"), &orders(&[1_000 + publisher, shared]));
    }
    let said = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for publisher in 0..PUBLISHERS {
            let (lake, said) = (&lake, &said);
            scope.spawn(move || {
                let files = Staged::at(lake.uri(&format!("b{publisher}")));
                let run = publish(&parsed(UNIQUE), &lake.uri("orders"), &files, &CheckOptions::default());
                let outcome = run.publication.unwrap().outcome;
                said.lock().unwrap().push((publisher, outcome));
            });
        }
    });
    let said = said.into_inner().unwrap();
    let newest = lake.version("orders");
    for version in 1..=newest {
        let at = format!("{}@v{version}", lake.uri("orders"));
        assert_all_pass(&judge(UNIQUE, at));
    }
    let read = read_by_python(&lake.uri("orders"), None);
    let ids: BTreeSet<i64> =
        read["rows"].as_array().unwrap().iter().map(|row| row[0].as_i64().unwrap()).collect();
    let mut published = 0;
    for (publisher, outcome) in &said {
        let is_in = ids.contains(&(1_000 + publisher));
        match outcome {
            PublicationOutcome::Published { .. } => assert!(is_in, "{publisher}"),
            PublicationOutcome::Refused => assert!(!is_in, "{publisher}"),
            other => panic!("{publisher}: {other:?}"),
        }
        published += u64::from(is_in);
    }
    assert_eq!((said.len(), newest), (10, 1 + published));
    // Four have keys of their own, and of each three that want one, one gets it.
    assert_eq!(published, 4 + 3);
    let files: Vec<Json> = (2..=newest)
        .flat_map(|version| lake.actions("orders", version))
        .filter(|action| action.get("add").is_some())
        .collect();
    assert_eq!(lake.parquet_files("orders").len(), 1 + files.len());
}

/// All want to make the table.
#[test]
fn publishers_that_make_the_table_at_once_make_one() {
    let lake = Lake::new();
    for publisher in 0..4_i64 {
        lake.parquet(&format!("b{publisher}/a.parquet"), &orders(&[publisher]));
    }
    std::thread::scope(|scope| {
        for publisher in 0..4 {
            let lake = &lake;
            scope.spawn(move || {
                let files = Staged::at(lake.uri(&format!("b{publisher}")));
                let run = publish(&parsed(UNIQUE), &lake.uri("new"), &files, &CheckOptions::default());
                assert!(run.published().is_ok());
            });
        }
    });
    assert_eq!(lake.version("new"), 3);
    assert_all_pass(&judge(
        "{suite: s, columns: {id: [unique]}, table: [row_count: {equal: 4}]}",
        lake.uri("new"),
    ));
}
