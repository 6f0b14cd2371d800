//! Runs that are ended while they fetch: nothing of what was fetched stays.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::faulty::{Fault, Faulty};
use super::s3::S3;
use super::{many, parquet_bytes};

const SUITE: &str = "{suite: s, columns: {id: [not_null], other: [not_null]}}";

/// How often runs are ended: `KARAT_SIGNALS=100` ends a hundred.
fn rounds() -> u32 {
    std::env::var("KARAT_SIGNALS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8)
}

/// What lies in a folder.
fn left(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[test]
fn a_run_that_is_ended_leaves_nothing_and_one_that_is_killed_leaves_it_to_the_next() {
    let server = S3::new();
    let bytes = parquet_bytes(many());
    for file in 0..6 {
        server.put(&format!("many/{file}.parquet"), &bytes);
    }
    let slow = Faulty::before(server.address(), |_| Fault::Late(Duration::from_millis(40)));
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("s.yml"), SUITE).unwrap();
    // Each in a folder of its own for what it fetches.
    let command = |place: &TempDir| {
        server
            .karat()
            .env("AWS_ENDPOINT_URL", &format!("http://{}", slow.address))
            .env("TMPDIR", &place.path().display().to_string())
            .args(["check", "s.yml", "--trust", "none", "--data", "s3://lake/many"])
            .in_dir(folder.path())
            .command()
    };
    let passes = |place: &TempDir| {
        assert!(command(place).output().unwrap().status.success());
        assert_eq!(left(place.path()), Vec::<String>::new());
    };
    let start = Instant::now();
    passes(&TempDir::new().unwrap());
    let whole = start.elapsed();
    let (mut caught, mut killed) = (0, 0);
    for round in 0..rounds() {
        let (signal, number) = [("TERM", 15), ("HUP", 1), ("INT", 2), ("KILL", 9)][round as usize % 4];
        // Moments all over a run, in an order without order.
        let part = f64::from(round.wrapping_mul(2_654_435_769) >> 8) / f64::from(1_u32 << 24);
        let moment = whole.mul_f64(part);
        let place = TempDir::new().unwrap();
        let mut run = command(&place).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(moment);
        let sent = Command::new("kill").args(["-s", signal, &run.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = run.wait().unwrap();
        // It may have been over by then, or not have begun to hear.
        let was_caught = status.code() == Some(128 + number);
        let ended = was_caught || status.success() || status.signal() == Some(number);
        assert!(ended, "{signal} after {moment:?}: {status}");
        if signal == "KILL" {
            killed += usize::from(!left(place.path()).is_empty());
            passes(&place);
        } else {
            caught += usize::from(was_caught);
            assert_eq!(left(place.path()), Vec::<String>::new(), "{signal} after {moment:?}");
        }
    }
    eprintln!("{caught} were ended by a signal, and {killed} left what the next one removed");
}
