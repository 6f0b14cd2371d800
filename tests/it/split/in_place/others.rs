//! What others commit meanwhile, and runs that end between the two commits.

use std::path::Path;

use karat::sink::SinkError;
use karat::split::{Side, SplitError};
use serde_json::json;
use tempfile::TempDir;

use super::{
    append, at, below, commit, commit_file, data, ids, judged, keep_vectors, moved, orders, table, to,
    vectors, version,
};
use crate::sink::{overwrite, write};

/// Two files of ten orders each; the numbers of 5 and 15 are too high.
fn made() -> (TempDir, std::path::PathBuf, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (place, bad) = (folder.path().join("orders"), folder.path().join("bad"));
    table(&place, &[orders(0..10, number), orders(10..20, number)], &append());
    (folder, place, bad)
}

fn number(id: i64) -> i64 {
    if id % 10 == 5 { 100 } else { id }
}

fn all_but(gone: &[i64], of: std::ops::Range<i64>) -> Vec<i64> {
    of.filter(|id| !gone.contains(id)).collect()
}

/// Adds a line to the log.
fn add_commit(place: &Path, action: &serde_json::Value) {
    std::fs::write(commit_file(place, version(place) + 1), format!("{action}\n")).unwrap();
}

#[test]
fn rows_that_others_append_do_not_matter() {
    let (_folder, place, bad) = made();
    let mut split = judged(&below("orders", 50), &place);
    write(&at(&place), &[orders(20..30, number)], &append(), 7).unwrap();
    split.quarantine_in_place(&to(&bad)).unwrap().unwrap();
    // They were not judged, and the next run takes them.
    assert_eq!((ids(&bad), ids(&place), version(&place)), (vec![5, 15], all_but(&[5, 15], 0..30), 3));
    moved(&below("orders", 50), &place, &bad).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15, 25], all_but(&[5, 15, 25], 0..30)));
}

#[test]
fn other_files_of_others_do_not_matter() {
    let (_folder, place, bad) = made();
    let mut split = judged(&below("orders", 50), &place);
    // Rows of one more file are deleted: 21 alone.
    write(&at(&place), &[orders([20, 21], |id| Some(id - 20))], &append(), 7).unwrap();
    moved(&karat::Suite::from_yaml("{suite: o, table: [rows: 'id <> 21']}").unwrap(), &place, &bad)
        .unwrap()
        .unwrap();
    split.quarantine_in_place(&to(&bad)).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15, 21], all_but(&[5, 15], 0..21)));
}

#[test]
fn files_that_others_have_changed_are_left_alone() {
    let (folder, place, bad) = made();
    let mut split = judged(&below("orders", 50), &place);
    let other = karat::Suite::from_yaml("{suite: o, table: [rows: 'id <> 7']}").unwrap();
    moved(&other, &place, &folder.path().join("other")).unwrap().unwrap();
    let (was, kept) = (vectors(&place), version(&place));
    let error = split.quarantine_in_place(&to(&bad)).unwrap_err();
    let SplitError::Write(SinkError::Conflict { reason, .. }) = error else { panic!("{error:?}") };
    assert_eq!(reason, "version 2 has changed files with rows that are to be deleted");
    // Nothing was done.
    assert_eq!((ids(&bad), vectors(&place), version(&place)), (vec![], was, kept));
    assert!(!bad.exists());
    moved(&below("orders", 50), &place, &bad).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15], all_but(&[5, 7, 15], 0..20)));
    // The table is another one altogether.
    let mut split = judged(&below("orders", 10), &place);
    write(&at(&place), &[orders(40..50, |_| Some(1))], &overwrite(), 8).unwrap();
    let error = split.quarantine_in_place(&to(&bad)).unwrap_err();
    assert!(matches!(error, SplitError::Write(SinkError::Conflict { .. })), "{error:?}");
    assert_eq!(ids(&bad), [5, 15]);
}

#[test]
fn a_table_that_has_become_another_is_refused() {
    let change = |change: &dyn Fn(&mut serde_json::Value)| {
        let (_folder, place, bad) = made();
        let mut split = judged(&below("orders", 50), &place);
        let mut metadata =
            commit(&place, 0).into_iter().find(|action| action.get("metaData").is_some()).unwrap();
        change(&mut metadata["metaData"]);
        add_commit(&place, &metadata);
        let done = split.quarantine_in_place(&to(&bad));
        assert_eq!(bad.exists(), done.is_ok());
        done.map(drop).map_err(|error| error.to_string())
    };
    change(&|metadata| {
        metadata["configuration"]["delta.deletedFileRetentionDuration"] = json!("interval 1 day");
    })
    .unwrap();
    let refused =
        change(&|metadata| metadata["configuration"]["delta.appendOnly"] = json!("true")).unwrap_err();
    assert!(refused.ends_with("it is append-only, by its property delta.appendOnly"), "{refused}");
    let refused = change(&|metadata| metadata["configuration"] = json!({})).unwrap_err();
    assert!(refused.ends_with("its property delta.enableDeletionVectors is not true"), "{refused}");
    let refused = change(&|metadata| {
        let schema = metadata["schemaString"].as_str().unwrap().replace("\"number\"", "\"count\"");
        metadata["schemaString"] = json!(schema);
    });
    assert!(refused.unwrap_err().contains("its columns are others since version 2"));
    change(&|metadata| metadata["id"] = json!("another")).unwrap_err();
}

#[test]
fn a_serializable_table_gets_no_other_rows_meanwhile() {
    let (_folder, place, bad) = made();
    keep_vectors(&place, &[("delta.isolationLevel", "Serializable")]);
    let mut split = judged(&below("orders", 50), &place);
    write(&at(&place), &[orders(20..30, number)], &append(), 7).unwrap();
    let error = split.quarantine_in_place(&to(&bad)).unwrap_err().to_string();
    assert!(error.contains("the table is serializable"), "{error}");
    moved(&below("orders", 50), &place, &bad).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15, 25], all_but(&[5, 15, 25], 0..30)));
}

#[test]
fn two_at_once_delete_once() {
    let (_folder, place, bad) = made();
    let (mut one, mut other) = (judged(&below("orders", 50), &place), judged(&below("orders", 50), &place));
    one.quarantine_in_place(&to(&bad)).unwrap().unwrap();
    let again = other.quarantine_in_place(&to(&bad)).unwrap().unwrap();
    assert!(matches!((again.quarantine, again.deleted), (Side::Earlier(_), Side::Earlier(_))));
    assert_eq!((ids(&bad), ids(&place), version(&place)), (vec![5, 15], all_but(&[5, 15], 0..20), 2));
}

/// Puts rows aside, and takes the deletion back, as if the run had ended before it.
fn half(place: &Path, bad: &Path) {
    moved(&below("orders", 50), place, bad).unwrap().unwrap();
    std::fs::remove_file(commit_file(place, version(place))).unwrap();
    assert_eq!((ids(bad), ids(place)), (vec![5, 15], (0..20).collect::<Vec<_>>()));
}

#[test]
fn what_was_left_half_done_is_completed() {
    let (_folder, place, bad) = made();
    half(&place, &bad);
    let done = moved(&below("orders", 50), &place, &bad).unwrap().unwrap();
    assert!(matches!((done.quarantine, done.deleted), (Side::Earlier(_), Side::Written(_))));
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15], all_but(&[5, 15], 0..20)));
    // Not by other rows than those that are in the quarantine.
    let (_folder, place, bad) = made();
    half(&place, &bad);
    let error = moved(&below("orders", 12), &place, &bad).unwrap_err().to_string();
    assert!(error.contains("with another version of the suite"), "{error}");
    assert_eq!((ids(&bad), ids(&place).len()), (vec![5, 15], 20));
}

#[test]
fn rows_are_deleted_only_if_the_very_same_are_in_the_quarantine() {
    let (folder, place, bad) = made();
    let other = folder.path().join("other");
    write(&at(&other), &[orders((0..20).filter(|id| id % 10 != 5), number)], &append(), 0).unwrap();
    let suite = format!(
        "{{suite: orders, columns: {{id: [{{exists_in: {{data: '{}', column: id}}}}]}}}}",
        other.display()
    );
    let suite = karat::Suite::from_yaml(&suite).unwrap();
    moved(&suite, &place, &bad).unwrap().unwrap();
    std::fs::remove_file(commit_file(&place, 2)).unwrap();
    // As many other rows would fail now.
    write(&at(&other), &[orders((0..20).filter(|id| id % 10 != 6), number)], &overwrite(), 1).unwrap();
    let error = moved(&suite, &place, &bad).unwrap_err().to_string();
    assert!(error.contains("for which other rows have failed"), "{error}");
    assert_eq!((ids(&bad), ids(&place).len()), (vec![5, 15], 20));
}

#[test]
fn what_an_ordinary_split_has_put_aside_is_only_deleted() {
    let (folder, place, bad) = made();
    let places = karat::split::Destinations {
        valid: at(&folder.path().join("good")),
        quarantine: at(&bad),
        options: append(),
    };
    judged(&below("orders", 50), &place).write(&places).unwrap();
    let done = moved(&below("orders", 50), &place, &bad).unwrap().unwrap();
    assert!(matches!((done.quarantine, done.deleted), (Side::Earlier(_), Side::Written(_))));
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15], all_but(&[5, 15], 0..20)));
}

#[test]
fn an_older_half_comes_first() {
    let (_folder, place, bad) = made();
    half(&place, &bad);
    write(&at(&place), &[orders(20..30, number)], &append(), 7).unwrap();
    let error = moved(&below("orders", 50), &place, &bad).unwrap_err();
    assert!(matches!(error, SplitError::Unfinished { version: 1, .. }), "{error:?}");
    let of_version = karat::Data::Uri { uri: place.display().to_string(), at: karat::source::At::Version(1) };
    let mut older = karat::split(&below("orders", 50), of_version, &karat::SplitOptions::default()).unwrap();
    older.quarantine_in_place(&to(&bad)).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15], all_but(&[5, 15], 0..30)));
    moved(&below("orders", 50), &place, &bad).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15, 25], all_but(&[5, 15, 25], 0..30)));
}

#[test]
fn what_can_no_longer_be_deleted_goes_out_of_the_quarantine_again() {
    let (folder, place, bad) = made();
    // Rows of an earlier run stay.
    moved(&below("orders", 90), &place, &bad).unwrap().unwrap();
    write(&at(&place), &[orders(20..30, number)], &append(), 7).unwrap();
    moved(&below("orders", 90), &place, &bad).unwrap().unwrap();
    assert_eq!(ids(&bad), [5, 15, 25]);
    write(&at(&place), &[orders(30..40, number)], &append(), 8).unwrap();
    let judged_at = version(&place);
    moved(&below("orders", 90), &place, &bad).unwrap().unwrap();
    std::fs::remove_file(commit_file(&place, version(&place))).unwrap();
    assert_eq!(ids(&bad), [5, 15, 25, 35]);
    // Another has changed the file of 35 meanwhile.
    let other = karat::Suite::from_yaml("{suite: o, table: [rows: 'id <> 36']}").unwrap();
    moved(&other, &place, &folder.path().join("other")).unwrap().unwrap();
    let before = data(&place);
    let of_version =
        karat::Data::Uri { uri: place.display().to_string(), at: karat::source::At::Version(judged_at) };
    let mut older = karat::split(&below("orders", 90), of_version, &karat::SplitOptions::default()).unwrap();
    let error = older.quarantine_in_place(&to(&bad)).unwrap_err();
    assert!(matches!(error, SplitError::Withdrawn { .. }), "{error:?}");
    assert_eq!(ids(&bad), [5, 15, 25]);
    // And comes back with the version as it is now.
    moved(&below("orders", 90), &place, &bad).unwrap().unwrap();
    assert_eq!((ids(&bad), ids(&place)), (vec![5, 15, 25, 35], all_but(&[5, 15, 25, 35, 36], 0..40)));
    assert_eq!(data(&place), before);
    assert!(moved(&below("orders", 90), &place, &bad).unwrap().is_none());
}
