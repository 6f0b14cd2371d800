//! A split that is killed at any moment leaves each table at its old version or its new one, and the next one completes it.
#![cfg(unix)]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::command::{SUITE, rows};
use crate::cli::karat;
use crate::cli::project::Project;
use crate::fuzz::Random;

/// As many as `KARAT_KILLS` says.
const KILLS: u64 = 12;

/// Number of rows that are split.
const ROWS: usize = 5_000;

fn input() -> String {
    let mut text = "id,status,amount,email\n".to_owned();
    for row in 0..ROWS {
        let status = if row % 7 == 0 { "lost" } else { "paid" };
        text.push_str(&format!("{row},{status},{},x@y.org\n", row % 100));
    }
    text
}

fn start(project: &Project) -> Child {
    let split = ["split", "orders.yml", "--valid", "good", "--quarantine", "bad", "-q"];
    let mut command = karat().args(split).in_dir(project.path()).command();
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Returns how many rows a table has, and that none is there twice; `None` if there is no table.
fn count(project: &Project, table: &str) -> Option<usize> {
    let log = project.path().join(table).join("_delta_log/00000000000000000000.json");
    if !log.exists() {
        return None;
    }
    let mut ids: Vec<i64> =
        rows(project, table).iter().map(|row| Json::as_i64(&row["id"]).unwrap()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "rows of {table} are there twice");
    Some(all)
}

#[test]
fn a_split_may_be_killed_at_any_moment() {
    let kills = std::env::var("KARAT_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let mut random = Random::new(17);
    let bad = ROWS.div_ceil(7);
    let text = input();
    let time = {
        let project = Project::with(SUITE).file("orders.csv", &text);
        let begun = Instant::now();
        assert!(start(&project).wait().unwrap().success());
        let time = begun.elapsed();
        assert_eq!((count(&project, "good"), count(&project, "bad")), (Some(ROWS - bad), Some(bad)));
        time
    };
    let (mut none, mut half, mut whole) = (0, 0, 0);
    for _ in 0..kills {
        let project = Project::with(SUITE).file("orders.csv", &text);
        let mut child = start(&project);
        // More often towards the end, where the commits are.
        let longest = usize::try_from(time.as_millis()).unwrap().max(2);
        let least = random.below(2) * longest / 2;
        std::thread::sleep(Duration::from_millis((least + random.below(longest - least)) as u64));
        let _ = child.kill();
        let _ = child.wait();
        match (count(&project, "bad"), count(&project, "good")) {
            (None, None) => none += 1,
            (Some(aside), None) if aside == bad => half += 1,
            (Some(aside), Some(kept)) if (aside, kept) == (bad, ROWS - bad) => whole += 1,
            other => panic!("{other:?} of {bad} and {}", ROWS - bad),
        }
        assert!(start(&project).wait().unwrap().success());
        assert_eq!((count(&project, "good"), count(&project, "bad")), (Some(ROWS - bad), Some(bad)));
    }
    eprintln!("{kills} killed: {none} before, {half} between, {whole} after both commits");
}
