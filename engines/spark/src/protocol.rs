//! What a session does on a real server: that of `SPARK_REMOTE`, which `engines/spark/check` starts of Spark, and
//! `engines/spark/sail` of Sail. What statements mean is not asked here, only how they are answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use karat::cli::SparkServer;
use karat::engine::sql::{Cell, Session as _, SessionError};

use crate::address::Address;
use crate::session::SparkConnectSession;

/// A statement that takes minutes.
const LONG: &str = "SELECT sum(hash(a.id, b.id) % 7) FROM range(1000000) AS a CROSS JOIN range(1000000) AS b";
/// How soon whoever waits no longer goes on: Sail does not hear at once, and is given up then.
const SOON: Duration = Duration::from_secs(7);

#[expect(clippy::disallowed_methods, reason = "the script that starts a server says so")]
fn session(statement_timeout: Option<Duration>) -> SparkConnectSession {
    let url = std::env::var("SPARK_REMOTE").expect("SPARK_REMOTE names no server");
    let address = Address::parse(&url).unwrap();
    SparkConnectSession::open(&SparkServer { url, statement_timeout }, &address).unwrap().0
}

fn rows(session: &mut SparkConnectSession, statement: &str) -> Result<Vec<Vec<Cell>>, SessionError> {
    session.rows(statement, &|| false)
}

fn cells(texts: &[Option<&str>]) -> Vec<Cell> {
    texts.iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
#[ignore = "needs a server at SPARK_REMOTE"]
fn values_of_all_types_are_told_as_texts() {
    let statement = "SELECT 7, CAST(NULL AS STRING), CAST(-1.5 AS DECIMAL(38,2)), DATE'2024-02-29', true, CAST(0.1 AS DOUBLE), \
                     'Neill; -- é\n\"日本\"', CAST(9223372036854775807 AS BIGINT), ''";
    assert_eq!(
        rows(&mut session(None), statement).unwrap(),
        [cells(&[
            Some("7"),
            None,
            Some("-1.50"),
            Some("2024-02-29"),
            Some("true"),
            Some("0.1"),
            Some("Neill; -- é\n\"日本\""),
            Some("9223372036854775807"),
            Some(""),
        ])]
    );
}

#[test]
#[ignore = "needs a server at SPARK_REMOTE"]
fn all_rows_of_a_long_answer_come_in_their_order() {
    let found = rows(&mut session(None), "SELECT id FROM range(300000) ORDER BY id").unwrap();
    assert_eq!(found.len(), 300_000);
    assert!(found.iter().enumerate().all(|(number, row)| *row == [Some(number.to_string())]));
    assert_eq!(rows(&mut session(None), "SELECT id FROM range(5) WHERE id > 9").unwrap(), [[]; 0]);
}

#[test]
#[ignore = "needs a server at SPARK_REMOTE"]
fn a_statement_that_fails_says_so_and_the_session_goes_on() {
    let mut session = session(None);
    for statement in ["SELECT no_such_column FROM range(1)", "SELECT 1 FROM no_such_table", "SELEC 1"] {
        match rows(&mut session, statement) {
            Err(SessionError::Statement { message }) => {
                assert!(!message.is_empty() && !message.contains('\n'), "{statement}: {message}");
            }
            other => panic!("{statement}: {other:?}"),
        }
        assert_eq!(rows(&mut session, "SELECT 1").unwrap(), [cells(&[Some("1")])]);
    }
}

#[test]
#[ignore = "needs a server at SPARK_REMOTE"]
fn whoever_waits_no_longer_goes_on() {
    let mut session = session(None);
    let is_cancelled = AtomicBool::new(false);
    let (answer, waited) = thread::scope(|scope| {
        let running = scope.spawn(|| {
            let answer = session.rows(LONG, &|| is_cancelled.load(Ordering::Relaxed));
            (answer, Instant::now())
        });
        thread::sleep(Duration::from_secs(2));
        is_cancelled.store(true, Ordering::Relaxed);
        let begun = Instant::now();
        let (answer, ended) = running.join().unwrap();
        (answer, ended.duration_since(begun))
    });
    assert_eq!(answer, Err(SessionError::Cancelled));
    assert!(waited < SOON, "{waited:?}");
}

#[test]
#[ignore = "needs a server at SPARK_REMOTE"]
fn a_statement_that_takes_too_long_is_stopped() {
    let begun = Instant::now();
    match rows(&mut session(Some(Duration::from_secs(1))), LONG) {
        Err(SessionError::Stopped { message }) => assert!(message.contains("longer than 1 s"), "{message}"),
        other => panic!("{other:?}"),
    }
    assert!(begun.elapsed() < SOON + Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
#[ignore = "needs a server at SPARK_REMOTE"]
fn sessions_know_nothing_of_each_other() {
    let (mut one, mut other) = (session(None), session(None));
    rows(&mut one, "CREATE OR REPLACE TEMPORARY VIEW own AS SELECT 5 AS five").unwrap();
    assert_eq!(rows(&mut one, "SELECT five FROM own").unwrap(), [cells(&[Some("5")])]);
    assert!(matches!(rows(&mut other, "SELECT five FROM own"), Err(SessionError::Statement { .. })));
}
