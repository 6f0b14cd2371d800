//! A split in place that is killed at any moment loses no row, and the next one completes it.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{append, data, ids, orders, table};
use crate::cli::karat;
use crate::cli::project::Project;
use crate::fuzz::Random;

/// As many as `KARAT_KILLS` says.
const KILLS: u64 = 8;

const ROWS: i64 = 20_000;

fn made(project: &Project) -> std::path::PathBuf {
    let place = project.path().join("orders");
    let batches = [0, 1].map(|half| {
        orders(half * ROWS / 2..(half + 1) * ROWS / 2, |id| Some(if id % 7 == 0 { 100 } else { 1 }))
    });
    table(&place, &batches, &append());
    place
}

fn start(folder: &Path) -> Child {
    let split = ["split", "orders.yml", "--in-place", "--quarantine", "bad", "-q"];
    let mut command = karat().args(split).in_dir(folder).command();
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_split_in_place_may_be_killed_at_any_moment() {
    let suite = "{suite: orders, data: orders, table: [rows: 'number < 50']}";
    let kills = std::env::var("KARAT_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let (bad, good): (Vec<i64>, Vec<i64>) = (0..ROWS).partition(|id| id % 7 == 0);
    let mut random = Random::new(17);
    let run = |after: Option<Duration>| {
        let project = Project::with(suite);
        let place = made(&project);
        let before = data(&place);
        let begun = Instant::now();
        let mut child = start(project.path());
        if let Some(after) = after {
            std::thread::sleep(after);
            let _ = child.kill();
        }
        let _ = child.wait();
        let time = begun.elapsed();
        let (left, aside) = (ids(&place), ids(&project.path().join("bad")));
        let state = if left.len() == good.len() {
            assert_eq!((&left, &aside), (&good, &bad));
            2
        } else {
            assert_eq!(left.len(), ROWS as usize);
            assert!(aside.is_empty() || aside == bad);
            usize::from(!aside.is_empty())
        };
        assert!(start(project.path()).wait().unwrap().success());
        assert_eq!((ids(&place), ids(&project.path().join("bad"))), (good.clone(), bad.clone()));
        assert_eq!(data(&place), before);
        (state, time)
    };
    let (state, time) = run(None);
    assert_eq!(state, 2);
    let mut states = [0; 3];
    for _ in 0..kills {
        let longest = usize::try_from(time.as_millis()).unwrap().max(2);
        // More often towards the end, where the commits are.
        let least = longest / 4 + random.below(2) * longest / 4;
        let after = Duration::from_millis((least + random.below(longest - least)) as u64);
        states[run(Some(after)).0] += 1;
    }
    let [none, half, whole] = states;
    eprintln!("{kills} killed: {none} before, {half} between, {whole} after both commits");
}
