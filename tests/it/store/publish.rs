//! What is published into tables of object stores: from the same store, from another one, and by a store that fails.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ::karat::{CheckOptions, PublicationOutcome, Run, Staged, StorageOptions, publish};
use polars::prelude::*;

use super::s3::{S3, Turn};
use super::{assert_passes, parquet_bytes};
use crate::support::parsed;

const SUITE: &str = "{suite: s, columns: {id: [unique]}}";
const COMMIT: &str = "/lake/orders/_delta_log/00000000000000000001.json";

fn orders(ids: &[i64]) -> DataFrame {
    df!("id" => ids).unwrap()
}

fn published(into: &str, files: Staged, storage: StorageOptions) -> Run {
    publish(&parsed(SUITE), into, &files, &CheckOptions { storage, ..CheckOptions::default() })
}

fn outcome(run: &Run) -> PublicationOutcome {
    run.publication.clone().unwrap().outcome
}

/// Publishes into a table of the server that has a first version.
fn second(server: &S3) -> Run {
    server.put("first/a.parquet", &parquet_bytes(orders(&[1, 2])));
    server.put("staged/a.parquet", &parquet_bytes(orders(&[3])));
    let first = published("s3://lake/orders", Staged::at("s3://lake/first"), server.options());
    assert_eq!(outcome(&first), PublicationOutcome::Published { version: 0 });
    published("s3://lake/orders", Staged::at("s3://lake/staged"), server.options())
}

/// The table has so many versions, so many rows, and no file that it does not know of.
fn has(server: &S3, versions: usize, rows: u64) {
    let folder = server.path("orders");
    let names = |folder: &std::path::Path, end: &str| {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.filter(|name| name.to_string_lossy().ends_with(end)).count()
    };
    assert_eq!(names(&folder.join("_delta_log"), ".json"), versions);
    assert_eq!(names(&folder, ".parquet"), versions);
    let suite = format!("{{suite: s, columns: {{id: [unique]}}, table: [row_count: {{equal: {rows}}}]}}");
    assert_passes(&super::run(server, &suite, "s3://lake/orders"));
}

#[test]
fn within_a_store_files_are_copied_by_the_store() {
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let log = asked.clone();
    let server = S3::deciding(move |asked| {
        if asked.method == "PUT" {
            let how = if asked.copies { "copy" } else { "put" };
            let name = asked.path.rsplit('/').next().unwrap();
            log.lock().unwrap().push(format!("{how} {}", name.split('-').next().unwrap()));
        }
        Turn::Serve
    });
    let run = second(&server);
    assert_eq!(outcome(&run), PublicationOutcome::Published { version: 1 });
    has(&server, 2, 3);
    let commit = |version| format!("put {version:020}.json");
    assert_eq!(*asked.lock().unwrap(), ["copy part", &commit(0), "copy part", &commit(1)]);
    let identity = run.suites[0].snapshot.clone().unwrap();
    assert_eq!(
        (identity.version, identity.rows, identity.staged.unwrap().uri),
        (Some(0), Some(3), "s3://lake/staged".to_owned())
    );
}

#[test]
fn files_go_from_any_store_into_any_other() {
    let (server, other) = (S3::new(), S3::new());
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(folder.path().join("staged")).unwrap();
    std::fs::write(folder.path().join("staged/a.parquet"), parquet_bytes(orders(&[1]))).unwrap();
    // Larger than what goes with one request, and of bytes that do not pack well.
    let scattered = |seed: i64| {
        (0..700_000_i64).map(move |id| (id + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64))
    };
    let many =
        df!("id" => scattered(2).collect::<Vec<_>>(), "other" => scattered(9).collect::<Vec<_>>()).unwrap();
    let bytes = parquet_bytes(many.select(["id"]).unwrap());
    other.put("staged/b.parquet", &parquet_bytes(many));
    // From here to a store.
    let run = published("s3://lake/orders", Staged::at(here("staged")), server.options());
    assert_eq!(outcome(&run), PublicationOutcome::Published { version: 0 });
    has(&server, 1, 1);
    // From a store to here.
    let elsewhere = || Staged::at("s3://lake/staged").with_storage(other.options());
    let run = published(&here("orders"), elsewhere(), StorageOptions::default());
    assert_eq!(outcome(&run), PublicationOutcome::Published { version: 0 });
    // From one store to another.
    other.put("staged/b.parquet", &bytes);
    let run = published("s3://lake/orders", elsewhere(), server.options());
    assert_eq!(outcome(&run), PublicationOutcome::Published { version: 1 });
    has(&server, 2, 700_001);
    let run = published("s3://lake/orders", elsewhere(), server.options());
    assert_eq!(outcome(&run), PublicationOutcome::Already { version: 1 });
}

/// Answers the first requests that put the second commit otherwise.
fn faulty(times: usize, turn: impl Fn() -> Turn + Send + Sync + 'static) -> S3 {
    let left = AtomicUsize::new(times);
    S3::deciding(move |asked| {
        let is_commit = asked.method == "PUT" && asked.path == COMMIT;
        let is_faulty = is_commit
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if is_faulty { turn() } else { Turn::Serve }
    })
}

#[test]
fn a_store_that_is_busy_or_in_conflict_for_a_while_is_asked_again() {
    for (status, times) in [(503, 3), (500, 1), (412, 2), (409, 1)] {
        let server = faulty(times, move || Turn::Refuse(status, ""));
        let run = second(&server);
        assert_eq!(outcome(&run), PublicationOutcome::Published { version: 1 }, "{status}");
        assert_eq!(run.publication.unwrap().judged, 1);
        has(&server, 2, 3);
    }
}

/// The commit is there, and nobody says so.
#[test]
fn a_lost_answer_publishes_nothing_twice() {
    for status in [503, 500, 412] {
        let server = faulty(1, move || Turn::Lose(status));
        let run = second(&server);
        assert_eq!(outcome(&run), PublicationOutcome::Published { version: 1 }, "{status}");
        has(&server, 2, 3);
        let again = published("s3://lake/orders", Staged::at("s3://lake/staged"), server.options());
        assert_eq!(outcome(&again), PublicationOutcome::Already { version: 1 });
    }
}

#[test]
fn a_store_that_refuses_is_told_and_nothing_stays() {
    const EXPIRED: &str =
        "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";
    const DENIED: &str = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    for (status, body, expected) in [
        (400, EXPIRED, "the credentials have expired: ExpiredToken: The provided token has expired."),
        (403, DENIED, "access is denied: AccessDenied: Access Denied"),
    ] {
        let server = faulty(9, move || Turn::Refuse(status, body));
        let PublicationOutcome::Failed { reason } = outcome(&second(&server)) else { panic!("{status}") };
        assert_eq!(reason, expected);
        has(&server, 1, 2);
        // The copy is refused before the commit is.
        let server = S3::deciding(move |asked| {
            if asked.copies && asked.path.starts_with("/lake/orders/") {
                Turn::Refuse(status, body)
            } else {
                Turn::Serve
            }
        });
        server.put("first/a.parquet", &parquet_bytes(orders(&[1, 2])));
        let run = published("s3://lake/orders", Staged::at("s3://lake/first"), server.options());
        let PublicationOutcome::Failed { reason } = outcome(&run) else { panic!("{status}") };
        assert!(
            reason.starts_with("cannot write s3://lake/orders/part-") && reason.ends_with(expected),
            "{reason}"
        );
        assert!(!server.path("orders/_delta_log").exists());
    }
}

/// What nobody knows is said so, and the copies stay, since the commit may name them.
#[test]
fn a_store_that_never_says_what_became_of_the_commit() {
    let server = faulty(usize::MAX, || Turn::Refuse(503, ""));
    let run = second(&server);
    let PublicationOutcome::Unknown { reason } = outcome(&run) else { panic!("{run}") };
    assert!(reason.starts_with("it answered 503"), "{reason}");
    assert!(run.published().unwrap_err().to_string().starts_with("not known whether it is published: "));
    let parts = std::fs::read_dir(server.path("orders")).unwrap().count();
    assert_eq!(parts, 3, "a log and two files");
}

/// All publish at once what goes together.
#[test]
fn several_publish_into_one_table() {
    let server = S3::new();
    for publisher in 0..4_i64 {
        server.put(&format!("b{publisher}/a.parquet"), &parquet_bytes(orders(&[publisher])));
    }
    std::thread::scope(|scope| {
        for publisher in 0..4 {
            let server = &server;
            scope.spawn(move || {
                let files = Staged::at(format!("s3://lake/b{publisher}"));
                assert!(published("s3://lake/orders", files, server.options()).published().is_ok());
            });
        }
    });
    has(&server, 4, 4);
}

/// The object is replaced between its judgement and its copy.
#[test]
fn an_object_that_was_rewritten_is_not_published() {
    let server = Arc::new(S3::new());
    server.put("staged/a.parquet", &parquet_bytes(orders(&[1, 2])));
    server.put("others.parquet", &parquet_bytes(orders(&[1, 2])));
    let other = server.clone();
    let suite =
        parsed("{suite: s, columns: {id: [{exists_in: {data: 's3://lake/others.parquet', column: id}}]}}");
    let options = CheckOptions {
        storage: server.options(),
        datasets: Arc::new(move |name| {
            other.put("staged/a.parquet", &parquet_bytes(orders(&[1, 1])));
            ::karat::DataSource::from(name)
        }),
        ..CheckOptions::default()
    };
    let run = publish(&suite, "s3://lake/orders", &Staged::at("s3://lake/staged"), &options);
    let PublicationOutcome::Failed { reason } = outcome(&run) else { panic!("{run}") };
    assert_eq!(reason, "s3://lake/staged/a.parquet was rewritten while it was being judged");
    assert!(!server.path("orders/_delta_log").exists());
}
