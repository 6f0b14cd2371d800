//! Rows that are written to object stores, whatever those do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ::karat::sink::{Destination, Provenance, Sink, SinkError, WriteOptions};
use ::karat::source::StorageOptions;
use ::karat::split::InPlace;
use ::karat::{CheckOptions, SplitOptions, Suite, split};
use arrow::array::{ArrayRef, Int64Array, RecordBatch};

use super::faulty::{Asked, Fault, Faulty};
use super::s3::{S3, options_at};
use crate::sink::{append, assert_ids, batch, files_in, overwrite, provenance, rows, write, written};

const TABLE: &str = "s3://lake/silver/orders";
const FILE: &str = "s3://lake/silver/orders.parquet";

fn to(uri: &str, storage: StorageOptions) -> Destination {
    Destination::new(uri, storage)
}

/// What lies in the bucket, parts of uploads included.
fn objects(server: &S3) -> Vec<String> {
    files_in(&server.path("")).into_iter().filter(|name| !name.contains(".metadata")).collect()
}

fn data_files(server: &S3) -> usize {
    objects(server).iter().filter(|name| name.contains("/part-")).count()
}

/// Rows that are not packed into less than some parts of an upload.
fn large(rows: i64) -> Vec<RecordBatch> {
    let scattered = |seed: u64| {
        let values = (0..rows as u64).map(move |row| (row + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) as i64);
        Arc::new(Int64Array::from_iter_values(values)) as ArrayRef
    };
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows));
    vec![batch([("id", ids), ("one", scattered(1)), ("two", scattered(1 << 40))])]
}

#[test]
fn a_table_and_a_file_are_written_to_a_bucket() {
    let server = S3::new();
    let (table, file) = (to(TABLE, server.options()), to(FILE, server.options()));
    assert_eq!(write(&table, &[rows(0..3)], &append(), 1).unwrap().version, Some(0));
    assert_eq!(write(&table, &[rows(3..5)], &append(), 2).unwrap().version, Some(1));
    assert_ids(TABLE, &server.options(), &[0, 1, 2, 3, 4]);
    let sink = Sink::open(&table, rows([]).schema(), &append()).unwrap();
    assert_eq!(sink.already(&provenance(1)).unwrap().unwrap().version, Some(0));
    write(&table, &[rows(7..8)], &overwrite(), 3).unwrap();
    assert_ids(TABLE, &server.options(), &[7]);
    assert_eq!(data_files(&server), 3);
    drop(written(&table, &[rows(7..8)], &append()).unwrap());
    assert_eq!(data_files(&server), 3);

    write(&file, &[rows(0..3)], &append(), 1).unwrap();
    assert_ids(FILE, &server.options(), &[0, 1, 2]);
    let sink = Sink::open(&file, rows([]).schema(), &append()).unwrap();
    assert_eq!(sink.already(&provenance(1)).unwrap().unwrap().rows, Some(3));
    assert!(matches!(sink.already(&provenance(2)), Err(SinkError::Exists { .. })));
    assert!(matches!(write(&file, &[rows(3..4)], &append(), 2), Err(SinkError::Exists { .. })));
    write(&file, &[rows(3..4)], &overwrite(), 2).unwrap();
    assert_ids(FILE, &server.options(), &[3]);
    let error =
        write(&to("https://127.0.0.1:1/a", server.options()), &[rows(0..1)], &append(), 1).unwrap_err();
    assert!(error.to_string().contains("a web server is only read from"), "{error}");
}

#[test]
fn rows_are_deleted_in_a_bucket() {
    const BAD: &str = "s3://lake/quarantine/orders";
    let server = S3::new();
    write(&to(TABLE, server.options()), &[rows(0..10)], &append(), 1).unwrap();
    crate::split::in_place::keep_vectors(&server.path("silver/orders"), &[]);
    write(&to(TABLE, server.options()), &[rows(10..20)], &append(), 2).unwrap();
    let suite = Suite::from_yaml("{suite: s, table: [rows: 'id % 10 <> 5']}").unwrap();
    let check = CheckOptions { storage: server.options(), ..CheckOptions::default() };
    let options = SplitOptions { check, warnings: false };
    let place = InPlace { quarantine: to(BAD, server.options()), options: append() };
    for is_first in [true, false] {
        let mut split = split(&suite, TABLE, &options).unwrap();
        assert_eq!(split.quarantine_in_place(&place).unwrap().is_some(), is_first);
        let left: Vec<i64> = (0..20).filter(|id| id % 10 != 5).collect();
        assert_ids(TABLE, &server.options(), &left);
        assert_ids(BAD, &server.options(), &[5, 15]);
    }
    assert_eq!(objects(&server).iter().filter(|name| name.contains("/deletion_vector_")).count(), 1);
    // Nothing stays of what is not committed: others have changed the files.
    let other = Suite::from_yaml("{suite: other, table: [rows: 'id <> 7']}").unwrap();
    let mut late =
        split(&Suite::from_yaml("{suite: s, table: [rows: 'id <> 8']}").unwrap(), TABLE, &options).unwrap();
    split(&other, TABLE, &options).unwrap().quarantine_in_place(&place).unwrap().unwrap();
    let before = objects(&server);
    late.quarantine_in_place(&place).unwrap_err();
    assert_eq!(objects(&server), before);
    assert_ids(BAD, &server.options(), &[5, 7, 15]);
}

/// What is large is sent in parts, and appears once they are together.
#[test]
fn what_is_large_is_sent_in_parts() {
    let server = S3::new();
    let faulty = Faulty::before(server.address(), |_| Fault::None);
    let (batches, storage) = (large(1_200_000), options_at(faulty.address));
    for uri in [TABLE, FILE] {
        let written = written(&to(uri, storage.clone()), &batches, &append()).unwrap();
        assert!(written.bytes() > 18 << 20);
        if uri == FILE {
            assert!(!server.path("silver/orders.parquet").exists());
        }
        written.commit(&provenance(1)).unwrap();
        let suite = "{suite: s, columns: {two: [not_null]}, table: [row_count: {equal: 1200000}]}";
        super::assert_passes(&super::run(&server, suite, uri));
    }
    let parts = faulty.asked().iter().filter(|line| line.contains("partNumber=")).count();
    assert_eq!(parts, 2 * 2, "{:#?}", faulty.asked());
    let before = objects(&server);
    let mut sink = Sink::open(&to(TABLE, storage), batches[0].schema(), &append()).unwrap();
    sink.write(&batches[0]).unwrap();
    drop(sink);
    assert_eq!(objects(&server), before);
    assert!(faulty.asked().iter().any(|line| line.starts_with("DELETE") && line.contains("uploadId=")));
}

#[test]
fn writers_at_once_all_get_in() {
    let server = S3::new();
    thread::scope(|scope| {
        for number in 0..6_i64 {
            let server = &server;
            scope.spawn(move || {
                let by = Provenance { suite: format!("suite {number}"), ..provenance(1) };
                let table = to(TABLE, server.options());
                written(&table, &[rows([number])], &append()).unwrap().commit(&by).unwrap();
            });
        }
    });
    assert_ids(TABLE, &server.options(), &[0, 1, 2, 3, 4, 5]);
}

/// A store that is asked too much for a while is asked again.
#[test]
fn a_store_that_is_asked_too_much_is_asked_later() {
    let server = S3::new();
    write(&to(TABLE, server.options()), &[rows(0..1)], &append(), 1).unwrap();
    let start = Instant::now();
    let faulty = Faulty::before(server.address(), move |asked| {
        let is_now = start.elapsed() < Duration::from_millis(1_500) || asked.number % 3 == 0;
        if is_now { Fault::throttled(&[]) } else { Fault::None }
    });
    let mut storage = options_at(faulty.address);
    storage.set("max_retries", "20").unwrap();
    storage.set("retry_timeout", "60s").unwrap();
    write(&to(TABLE, storage.clone()), &[rows(1..3)], &append(), 2).unwrap();
    write(&to(FILE, storage), &[rows(1..3)], &append(), 2).unwrap();
    assert_ids(TABLE, &server.options(), &[0, 1, 2]);
    assert_ids(FILE, &server.options(), &[1, 2]);
}

/// A server that fails in one way from the moment on when it is told to.
fn failing(
    server: &S3,
    fault: impl Fn(&Asked<'_>) -> Fault + Send + Sync + 'static,
) -> (Faulty, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(false));
    let told = fails.clone();
    let faulty = Faulty::before(server.address(), move |asked| {
        if told.load(Ordering::SeqCst) { fault(asked) } else { Fault::None }
    });
    (faulty, fails)
}

/// What ends in an error leaves the old version, and names what happened.
/// A name, the requests that fail, how they do, and what is told.
type Case = (&'static str, fn(&str) -> bool, fn() -> Fault, &'static str);

#[test]
fn an_error_leaves_the_old_version() {
    let expired = || {
        let body =
            "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";
        Fault::answer("400 Bad Request", &[], body)
    };
    let denied = || {
        let body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
        Fault::answer("403 Forbidden", &[], body)
    };
    let cases: [Case; 4] = [
        ("expired", |_| true, expired, "the credentials have expired: ExpiredToken"),
        ("denied", |line| line.starts_with("PUT"), denied, "access is denied: AccessDenied: Access Denied"),
        ("busy", |_| true, || Fault::throttled(&[]), "SlowDown: Please reduce your request rate."),
        (
            "no commit",
            |line| line.starts_with("PUT") && line.contains(".json"),
            denied,
            "access is denied: AccessDenied",
        ),
    ];
    for (name, when, fault, expected) in cases {
        for uri in [TABLE, FILE] {
            let server = S3::new();
            let (faulty, fails) =
                failing(&server, move |asked| if when(asked.line) { fault() } else { Fault::None });
            let storage = options_at(faulty.address);
            write(&to(uri, storage.clone()), &[rows(0..2)], &append(), 1).unwrap();
            let before = objects(&server);
            let mut sink = Sink::open(&to(uri, storage), rows([]).schema(), &overwrite()).unwrap();
            sink.write(&rows(2..5)).unwrap();
            fails.store(true, Ordering::SeqCst);
            let done = sink.finish().and_then(|written| written.commit(&provenance(2)));
            if uri == FILE && name == "no commit" {
                done.unwrap();
                continue;
            }
            let error = done.unwrap_err();
            let message = error.to_string();
            assert!(message.contains(expected) && message.contains(uri), "{name} {uri}: {error:?}");
            assert_ids(uri, &server.options(), &[0, 1]);
            fails.store(false, Ordering::SeqCst);
            // Where the store says no to deleting, too, what was sent stays, and belongs to no version.
            if ["denied", "no commit"].contains(&name) {
                assert_eq!(objects(&server), before, "{name}");
            }
            write(&to(uri, server.options()), &[rows(2..5)], &overwrite(), 2).unwrap();
            assert_ids(uri, &server.options(), &[2, 3, 4]);
        }
    }
}

/// The answer to a commit that is lost is no reason to commit twice, nor to lose the rows.
#[test]
fn a_lost_answer_is_found_out() {
    let is_commit = |line: &str| {
        line.starts_with("PUT") && (line.contains("_delta_log") || line.contains("orders.parquet"))
    };
    for fault in [Fault::Cut(None), Fault::Closed] {
        for uri in [TABLE, FILE] {
            let server = S3::new();
            let (fault, times) = (fault.clone(), AtomicUsize::new(0));
            let faulty = Faulty::before(server.address(), move |asked| {
                if is_commit(asked.line) && times.fetch_add(1, Ordering::SeqCst) == 0 {
                    fault.clone()
                } else {
                    Fault::None
                }
            });
            let storage = options_at(faulty.address);
            let done = write(&to(uri, storage.clone()), &[rows(0..2)], &append(), 1);
            match (uri, &done) {
                // Nothing was there, and nobody knows whether it still comes.
                (FILE, Err(SinkError::Unknown { .. })) => {
                    write(&to(uri, storage), &[rows(0..2)], &append(), 1).unwrap();
                }
                _ => assert_eq!(done.unwrap().rows, 2),
            }
            assert_ids(uri, &server.options(), &[0, 1]);
        }
    }
}

/// Where the store does not answer any more, it is said that nobody knows; a later run finds out.
#[test]
fn what_is_not_known_is_said() {
    for lost in [Fault::Cut(None), Fault::Closed] {
        let server = S3::new();
        write(&to(TABLE, server.options()), &[rows(0..1)], &append(), 1).unwrap();
        let is_there = matches!(lost, Fault::Cut(_));
        let (faulty, fails) =
            failing(
                &server,
                move |asked| {
                    if asked.line.contains("00001.json") { lost.clone() } else { Fault::None }
                },
            );
        let storage = options_at(faulty.address);
        let written = written(&to(TABLE, storage), &[rows(1..3)], &append()).unwrap();
        fails.store(true, Ordering::SeqCst);
        let error = written.commit(&provenance(2)).unwrap_err();
        assert!(matches!(error, SinkError::Unknown { .. }), "{error:?}");
        // Its files stay, as the commit may come.
        assert_eq!(data_files(&server), 2);
        let sink = Sink::open(&to(TABLE, server.options()), rows([]).schema(), &append()).unwrap();
        assert_eq!(sink.already(&provenance(2)).unwrap().is_some(), is_there);
        assert_ids(TABLE, &server.options(), if is_there { &[0, 1, 2] } else { &[0] });
    }
}

/// A file that came while another one was sent is not replaced: the store itself is told to look, at the last moment.
#[test]
fn a_file_that_came_meanwhile_is_not_replaced() {
    for batches in [vec![rows(0..2)], large(1_200_000)] {
        let server = S3::new();
        let path = server.path("silver/orders.parquet");
        let (is_large, place) = (batches[0].num_rows() > 2, path.clone());
        let faulty = Faulty::before(server.address(), move |asked| {
            let completes = if is_large {
                asked.line.starts_with("POST") && asked.line.contains("uploadId=")
            } else {
                asked.line.starts_with("PUT")
            };
            if !completes {
                return Fault::None;
            }
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, "mine").unwrap();
            assert!(asked.has("if-none-match"));
            let failed = "<Error><Code>PreconditionFailed</Code></Error>";
            if is_large { Fault::answer("412 Precondition Failed", &[], failed) } else { Fault::None }
        });
        let error = write(&to(FILE, options_at(faulty.address)), &batches, &append(), 1).unwrap_err();
        assert!(matches!(error, SinkError::Exists { .. }), "{error:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        assert_eq!(objects(&server), ["silver/orders.parquet"]);
    }
}

/// No error shows a secret.
#[test]
fn no_error_shows_a_secret() {
    let server = S3::new();
    let mut storage = server.options();
    storage.set("aws_secret_access_key", "wrong-secret").unwrap();
    for uri in [TABLE, FILE] {
        let error = write(&to(uri, storage.clone()), &[rows(0..1)], &WriteOptions::default(), 1).unwrap_err();
        let text = format!("{error:?} {error}");
        assert!(text.contains("access is denied") && !text.contains("wrong-secret"), "{text}");
    }
    let with = "s3://key:secret@lake/orders";
    let error = write(&to(with, server.options()), &[rows(0..1)], &append(), 1).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("secret@"), "{error:?}");
}
