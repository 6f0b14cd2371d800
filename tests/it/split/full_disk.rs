//! A disk that fills up at any file leaves each table at its old version or its new one, says so, and the next split
//! completes it.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output};

use super::in_place::{data, ids, keep_vectors, orders};
use crate::cli::karat;
use crate::cli::project::Project;
use crate::sink::{append, at, files_in, write};

const SUITE: &str = "{suite: orders, data: orders, table: [rows: 'number < 50']}";

const ROWS: i64 = 20_000;

/// The longest file that may be written, in blocks of 512 bytes: from one that holds no commit to one that holds everything.
const BLOCKS: [u32; 9] = [1, 2, 3, 4, 8, 16, 64, 256, 4096];

/// Splits where no file may be longer than so many blocks, as where a disk is full.
#[expect(clippy::disallowed_methods, reason = "tests of the command line run it")]
fn split(folder: &Path, options: &[&str], blocks: u32) -> Output {
    let split = karat().args(["split", "orders.yml"]).args(options.iter().copied()).command();
    let mut limited = Command::new("sh");
    // As where a quota is reached, the signal that would end it is not heard.
    limited.args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", &blocks.to_string()]);
    limited.arg(split.get_program()).args(split.get_args()).current_dir(folder);
    limited.output().unwrap()
}

/// Splits a table with ever more room, and afterwards without a limit. `kept` is the folder of the rows that hold.
fn fills_up(options: &[&str], kept: &str) {
    let (bad, good): (Vec<i64>, Vec<i64>) = (0..ROWS).partition(|id| id % 7 == 0);
    let (mut told, mut done) = (0, 0);
    for blocks in BLOCKS {
        let project = Project::with(SUITE);
        let (source, aside) = (project.path().join("orders"), project.path().join("bad"));
        let kept = project.path().join(kept);
        let rows = orders(0..ROWS, |id| if id % 7 == 0 { 100 } else { 1 });
        write(&at(&source), &[rows], &append(), 0).unwrap();
        keep_vectors(&source, &[]);
        let before = ids(&kept);
        let named = data(&source);
        let output = split(project.path(), options, blocks);
        let text =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            assert_eq!((&ids(&kept), &ids(&aside)), (&good, &bad), "{text}");
            done += 1;
            continue;
        }
        told += 1;
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(text.contains("File too large"), "{text}");
        assert_eq!(ids(&kept), before, "after {blocks} blocks: {text}");
        let put_aside = ids(&aside);
        assert!(put_aside.is_empty() || put_aside == bad, "after {blocks} blocks: {text}");
        // What was not committed is gone, here and in the quarantine.
        assert_eq!(data(&source), named);
        if put_aside.is_empty() {
            assert_eq!(files_in(&aside), Vec::<String>::new(), "after {blocks} blocks: {text}");
        }
        assert!(split(project.path(), options, 1 << 20).status.success());
        assert_eq!((&ids(&kept), &ids(&aside)), (&good, &bad));
    }
    assert!(told >= 4 && done >= 1, "{told} told, {done} done");
}

#[test]
fn two_tables_are_written_whole_or_not_at_all() {
    fills_up(&["--valid", "good", "--quarantine", "bad", "-q"], "good");
}

#[test]
fn a_table_that_is_split_in_place_loses_nothing() {
    fills_up(&["--in-place", "--quarantine", "bad", "-q"], "orders");
}
