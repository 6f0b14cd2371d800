//! `karat split` to an object store, whatever that does: nothing is half done, and what is missing comes with the next run.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use polars::prelude::df;

use super::faulty::{Asked, Fault, Faulty};
use super::parquet_bytes;
use super::s3::S3;
use crate::cli::project::Project;
use crate::cli::{Karat, Ran};
use crate::sink::assert_ids;

const SUITE: &str = "{suite: s, data: s3://lake/bronze, columns: {status: [{in_set: [paid]}]}}";
const VALID: &str = "s3://lake/valid";
const QUARANTINE: &str = "s3://lake/quarantine";

/// A server with rows to split, and one before it that fails as it is told to.
struct Lake {
    server: S3,
    before: Faulty,
    fails: Arc<AtomicBool>,
    project: Project,
}

impl Lake {
    fn failing(fault: impl Fn(&Asked<'_>) -> Fault + Send + Sync + 'static) -> Self {
        let server = S3::new();
        let bronze = df!("id" => [1_i64, 2, 3, 4, 5], "status" => ["paid", "lost", "paid", "lost", "paid"]);
        server.put("bronze/part-1.parquet", &parquet_bytes(bronze.unwrap()));
        let fails = Arc::new(AtomicBool::new(true));
        let told = fails.clone();
        let before = Faulty::before(server.address(), move |asked| {
            if told.load(Ordering::SeqCst) { fault(asked) } else { Fault::None }
        });
        Self { server, before, fails, project: Project::with("").file("s.yml", SUITE) }
    }

    fn command(&self) -> Karat {
        let command = self.server.karat().env("AWS_ENDPOINT_URL", &format!("http://{}", self.before.address));
        let split = ["split", "s.yml", "-q", "--valid", VALID, "--quarantine", QUARANTINE];
        let patience = ["--storage-option", "max_retries=8", "--storage-option", "retry_timeout=20s"];
        command.args(split).args(patience).in_dir(self.project.path())
    }

    fn split(&self) -> Ran {
        self.command().run()
    }

    /// Whether the tables have a version.
    fn are_there(&self) -> [bool; 2] {
        ["valid", "quarantine"]
            .map(|table| self.server.path(table).join("_delta_log/00000000000000000000.json").exists())
    }

    /// Both parts are whole, and none of their rows is there twice.
    fn is_split(&self) {
        assert_ids(VALID, &self.server.options(), &[1, 3, 5]);
        assert_ids(QUARANTINE, &self.server.options(), &[2, 4]);
    }
}

fn is_commit(asked: &Asked<'_>, table: &str) -> bool {
    asked.line.starts_with("PUT") && asked.line.contains(&format!("/{table}/_delta_log/"))
}

#[test]
fn a_store_that_is_busy_for_a_while_is_asked_again() {
    let times = AtomicUsize::new(0);
    let lake = Lake::failing(move |asked| {
        let is_now = asked.line.starts_with("PUT") && times.fetch_add(1, Ordering::SeqCst) < 3;
        if is_now { Fault::throttled(&[]) } else { Fault::None }
    });
    assert_eq!(lake.split().code, 0);
    lake.is_split();
}

#[test]
fn a_commit_that_finds_its_version_taken_is_made_again() {
    let times = Arc::new(AtomicUsize::new(0));
    let taken = times.clone();
    let conflict = "<Error><Code>PreconditionFailed</Code><Message>It is there</Message></Error>";
    let lake = Lake::failing(move |asked| {
        let is_now = is_commit(asked, "valid") && taken.fetch_add(1, Ordering::SeqCst) == 0;
        if is_now { Fault::answer("412 Precondition Failed", &[], conflict) } else { Fault::None }
    });
    assert_eq!(lake.split().code, 0);
    assert!(times.load(Ordering::SeqCst) > 1);
    lake.is_split();
}

/// When credentials expire, and which of the tables is there then.
type Moment = (fn(&Asked<'_>) -> bool, [bool; 2]);

#[test]
fn credentials_that_expire_are_named_and_the_next_run_completes() {
    let expired = || {
        let body =
            "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";
        Fault::answer("400 Bad Request", &[], body)
    };
    let moments: [Moment; 3] = [
        (|asked| asked.line.starts_with("PUT"), [false, false]),
        (|asked| is_commit(asked, "quarantine"), [false, false]),
        (|asked| is_commit(asked, "valid"), [false, true]),
    ];
    for (moment, there) in moments {
        let since = AtomicBool::new(false);
        let lake = Lake::failing(move |asked| {
            since.fetch_or(moment(asked), Ordering::SeqCst);
            if since.load(Ordering::SeqCst) { expired() } else { Fault::None }
        });
        let ran = lake.split();
        assert_eq!(ran.code, 3, "{ran}");
        assert!(ran.stderr.contains("the credentials have expired"), "{}", ran.stderr);
        assert_eq!(lake.are_there(), there);
        lake.fails.store(false, Ordering::SeqCst);
        assert_eq!(lake.split().code, 0);
        lake.is_split();
    }
}

/// A split that is killed at the very moment between its two commits, or at either of them.
#[test]
fn one_that_is_killed_between_its_commits_is_completed() {
    for (table, there) in [("quarantine", [false, false]), ("valid", [false, true])] {
        let (tell, told) = std::sync::mpsc::channel();
        let lake = Lake::failing(move |asked| {
            if is_commit(asked, table) {
                let _ = tell.send(());
                return Fault::Stall(None);
            }
            Fault::None
        });
        let mut child = lake.command().command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        told.recv_timeout(Duration::from_mins(1)).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        // The request may have gone through.
        let found = lake.are_there();
        let after = if table == "valid" { [true, true] } else { [false, true] };
        assert!(found == there || found == after, "{found:?}");
        lake.fails.store(false, Ordering::SeqCst);
        assert_eq!(lake.split().code, 0);
        lake.is_split();
    }
}
