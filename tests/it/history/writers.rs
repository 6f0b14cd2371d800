//! Many writers at once.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

use super::{SUITE, opened, project, reports};
use crate::cli::karat;
use crate::fuzz::Random;

/// Ten writers at once, and fifty that are killed at any moment: no file is torn, and no run is lost that was reported.
#[test]
fn writers_need_no_lock_and_may_be_killed() {
    // The longest time after which one is killed: a commit comes later than a file.
    for (place, longest) in [("runs", 150), ("delta:runs", 600)] {
        many_write(place, longest);
    }
}

fn many_write(place: &str, longest: usize) {
    let project = project(SUITE);
    let start = || -> Child {
        let writer = karat().args(["check", "orders.yml", "--history", place, "--format", "json"]);
        let mut writer = writer.in_dir(project.path()).command();
        writer.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let told: BTreeSet<String> = std::thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let mut random = Random::new(7);
            for _ in 0..50 {
                let mut child = start();
                std::thread::sleep(Duration::from_millis(random.below(longest) as u64));
                let _ = child.kill();
                let _ = child.wait();
            }
        });
        let writers: Vec<_> = (0..10)
            .map(|_| {
                scope.spawn(|| {
                    let ran = start().wait_with_output().unwrap();
                    let report: Json = serde_json::from_slice(&ran.stdout).unwrap();
                    report["run"]["id"].as_str().unwrap().to_owned()
                })
            })
            .collect();
        let told = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        killer.join().unwrap();
        told
    });
    let history = opened(place, &project);
    let listing = history.runs().unwrap();
    let is_torn = |name: &str| !name.starts_with(".karat-");
    assert!(listing.skipped.iter().all(|skipped| !is_torn(&skipped.file)), "{:?}", listing.skipped);
    let kept: Vec<&str> = listing.runs.iter().map(|run| run.id.as_str()).collect();
    assert!(told.iter().all(|id| kept.iter().any(|kept| kept.starts_with(id))), "{told:?} in {kept:?}");
    assert!(kept.len() >= 10, "{kept:?}");
    // Each is there once, and whole.
    let read = reports(&history);
    assert_eq!(read.len(), kept.len());
    assert!(read.iter().all(|report| report.suites[0].checks.len() == 3));
    if place != "runs" {
        let rows = project.file(
            "rows.yml",
            &format!("{{suite: s, data: runs, table: [row_count: {{equal: {}}}]}}", kept.len() * 3),
        );
        assert_eq!(rows.check(&["rows.yml", "-q"]).code, 0);
    }
}
