//! A writer that is killed leaves the old version, and one that runs again ends in the new one.

#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Instant;

use karat::StorageOptions;
use karat::sink::Sink;
use tempfile::TempDir;

use super::{append, assert_ids, at, overwrite, provenance, rows, write, written};

const PLACE: &str = "KARAT_TEST_SINK";
const COUNT: i64 = 20_000;

/// What is killed: writes many small batches to the place that the environment names, in two partitions.
#[test]
#[ignore = "it is run, and killed, by the test below"]
fn writes() {
    let place = std::env::var(PLACE).unwrap();
    let batches: Vec<_> = (0..COUNT / 100).map(|part| rows(part * 100..(part + 1) * 100)).collect();
    write(&at(Path::new(&place)), &batches, &overwrite(), 2).unwrap();
}

#[test]
fn a_killed_writer_leaves_the_old_version() {
    let folder = TempDir::new().unwrap();
    let new: Vec<i64> = (0..COUNT).collect();
    let (mut killed, mut before) = (0, 0);
    let begun = Instant::now();
    assert!(writer(&folder.path().join("whole")).wait().unwrap().success());
    let whole = begun.elapsed();
    for (number, name) in ["table", "table.parquet"].iter().cycle().take(rounds()).enumerate() {
        let place = folder.path().join(format!("{number}-{name}"));
        let is_new = number % 4 >= 2;
        if !is_new {
            write(&at(&place), &[rows([-1])], &append(), 1).unwrap();
        }
        let mut writer = writer(&place);
        // At many moments, most of them before it has ended.
        sleep(whole.mul_f64((number as f64 * 0.618).fract() * 1.05));
        writer.kill().unwrap();
        killed += usize::from(!writer.wait().unwrap().success());
        let shown = place.to_str().unwrap();
        let sink = Sink::open(&at(&place), rows([]).schema(), &overwrite()).unwrap();
        let is_done = sink.already(&provenance(2)).unwrap().is_some();
        drop(sink);
        if is_done {
            assert_ids(shown, &StorageOptions::default(), &new);
        } else {
            before += 1;
            if !is_new {
                assert_ids(shown, &StorageOptions::default(), &[-1]);
            }
            // Running again ends as one run would have.
            written(&at(&place), &[rows(0..COUNT)], &overwrite()).unwrap().commit(&provenance(2)).unwrap();
            assert_ids(shown, &StorageOptions::default(), &new);
        }
    }
    eprintln!("{killed} of {} were killed, {before} of them before their commit", rounds());
    assert!(before > 0);
}

fn writer(place: &Path) -> Child {
    let mut writer = Command::new(std::env::current_exe().unwrap());
    writer.args(["sink::killed::writes", "--exact", "--ignored", "--nocapture"]).env(PLACE, place);
    writer.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// How many writers are killed: `KARAT_KILLS=100` takes longer.
fn rounds() -> usize {
    std::env::var("KARAT_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(8)
}

/// A disk that is full is told as such, and the table is as it was.
#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "only Linux has /dev/full and limits of file sizes by `ulimit -f`"
)]
fn a_full_disk_is_told() {
    let folder = TempDir::new().unwrap();
    for name in ["table", "table.parquet"] {
        let place = folder.path().join(name);
        write(&at(&place), &[rows([-1])], &append(), 1).unwrap();
        let before = super::files_in(folder.path());
        let mut limited = Command::new("sh");
        // As where a quota is reached, the signal that would end it is not heard.
        limited
            .args(["-c", "trap '' XFSZ; ulimit -f 20; exec \"$@\"", "sh"])
            .arg(std::env::current_exe().unwrap());
        limited.args(["sink::killed::writes", "--exact", "--ignored", "--nocapture"]).env(PLACE, &place);
        let output = limited.output().unwrap();
        let message =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && message.contains("File too large"), "{message}");
        assert!(message.contains(place.to_str().unwrap()), "{message}");
        assert_eq!(super::files_in(folder.path()), before);
        assert_ids(place.to_str().unwrap(), &StorageOptions::default(), &[-1]);
    }
}
