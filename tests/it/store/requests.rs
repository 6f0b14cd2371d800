//! What is asked of a store, and of web servers, and that it is asked once.

use std::collections::BTreeSet;
use std::path::Path;

use karat::data::Value;

use super::faulty::{Fault, Faulty};
use super::s3::{S3, options, options_at};
use super::web_server::WebServer;
use super::{copy, error, run_with};
use crate::corpora::corpora;
use crate::support::only;

const ROWS: &str = "{suite: rows, table: [row_count: {min: 0}]}";

/// The tables of delta-rs, by their names.
fn tables(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("delta-rs")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn no_table_and_no_folder_is_asked_anything_twice() {
    let folder = corpora("delta");
    let server = S3::of(folder.clone());
    let mut twice = Vec::new();
    for table in tables(&folder) {
        for place in [table.clone(), format!("{table}/*.parquet")] {
            let faulty = Faulty::before(server.address(), |_| Fault::None);
            run_with(ROWS, format!("s3://delta-rs/{place}"), options_at(faulty.address));
            let asked = faulty.asked();
            let once: BTreeSet<&String> = asked.iter().collect();
            if once.len() < asked.len() {
                twice.push(format!("{place}: {asked:#?}"));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn what_was_asked_is_in_the_report() {
    let server = S3::of(corpora("delta"));
    let faulty = Faulty::before(server.address(), |_| Fault::None);
    let run = run_with(ROWS, "s3://delta-rs/simple_table_with_checkpoint", options_at(faulty.address));
    let report = karat::report::json(&karat::report::Report::from(&run));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let execution = &report["suites"][0]["execution"];
    // Two listings or less, the last checkpoint and it, and a footer of each file.
    assert_eq!(execution["requests"].as_u64().unwrap(), faulty.asked().len() as u64);
    assert!(faulty.asked().len() <= 3 + 11, "{:#?}", faulty.asked());
    assert!(execution["bytes_fetched"].as_u64() > execution["bytes_read"].as_u64());
}

/// Each table as it is read from a disk, and as some server gives it.
fn same(names: &[String], folder: &Path, run: impl Fn(&str) -> karat::Run) {
    let mut wrong = Vec::new();
    for table in names {
        let place = folder.join("delta-rs").join(table).display().to_string();
        let local = run_with(ROWS, place, options(&[]));
        let there = run(table);
        let of = |run: &karat::Run| {
            let suite = &run.suites[0];
            let identity = suite.snapshot.as_ref();
            let identity =
                identity.map(|identity| (identity.version, identity.rows, identity.digest.clone()));
            (suite.error.is_some(), only(run).observed.clone(), identity)
        };
        if of(&local) != of(&there) {
            wrong.push(format!("{table}: {:?} {:?}", local.suites[0].error, there.suites[0].error));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_server_without_ranges_gives_every_table() {
    let folder = corpora("delta");
    let names = tables(&folder);
    let web = WebServer::of(&folder, false);
    let with_log: Vec<String> = names
        .iter()
        .filter(|name| {
            let log = folder.join("delta-rs").join(name).join("_delta_log");
            // A web server tells only of logs that begin where they say.
            log.join("00000000000000000000.json").exists() || log.join("_last_checkpoint").exists()
        })
        .cloned()
        .collect();
    assert!(with_log.len() > 10);
    same(&with_log, &folder, |table| {
        run_with(ROWS, web.uri(&format!("delta-rs/{table}")), options(&[("max_retries", "0")]))
    });
    let (whole, _bucket) = (S3::open_to_all(), ());
    copy(&folder.join("delta-rs"), &whole.path(""));
    let faulty = Faulty::before(whole.address(), |_| Fault::Whole);
    let endpoint = format!("http://{}", faulty.address);
    same(&names, &folder, |table| {
        let opened = [
            ("aws_endpoint_url", endpoint.as_str()),
            ("aws_allow_http", "true"),
            ("aws_skip_signature", "true"),
        ];
        run_with(ROWS, format!("s3://lake/{table}"), options(&opened))
    });
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn a_last_checkpoint_that_may_not_be_seen_is_none_where_the_log_is_listed() {
    let server = S3::of(corpora("delta"));
    let denied = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    let denying = |what: &'static [&'static str]| {
        let faulty = Faulty::before(server.address(), move |asked| {
            if what.iter().any(|what| asked.line.contains(what)) {
                Fault::answer("403 Forbidden", &[], denied)
            } else {
                Fault::None
            }
        });
        run_with(ROWS, "s3://delta-rs/simple_table_with_checkpoint", options_at(faulty.address))
    };
    let run = denying(&["_last_checkpoint"]);
    assert_eq!(run.suites[0].error, None);
    assert_eq!(only(&run).observed, Value::Integer(11));
    for what in [&["_delta_log"][..], &["_last_checkpoint", "list-type"], &[".checkpoint."], &[".snappy."]] {
        let message = error(&denying(what));
        assert!(message.contains(": access is denied: AccessDenied: Access Denied"), "{what:?}: {message}");
    }
}
