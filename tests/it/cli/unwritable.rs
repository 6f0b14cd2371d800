//! Output that cannot be written, and what an earlier run has written.

use std::path::Path;
use std::process::Stdio;

use super::{Project, karat};

const PASSES: &str = "suite: orders\ndata: orders.parquet\ncolumns: {order_id: [not_null]}\n";
const FAILS: &str = "suite: orders\ndata: orders.parquet\ncolumns: {status: [not_null]}\n";

/// A full disk under standard output, whatever was found and whatever the command.
#[cfg(target_os = "linux")]
#[test]
fn what_nobody_could_be_told_is_no_verdict() {
    let project = Project::with(PASSES).file("fails.yml", FAILS);
    for arguments in [
        &["check", "orders.yml"][..],
        &["check", "fails.yml"],
        &["check", "orders.yml", "--format", "json"],
        &["lint", "orders.yml"],
        &["plan", "orders.yml"],
        &["diff", "orders.yml", "fails.yml"],
        &["inspect", "orders.parquet"],
        &["list"],
        &["explain", "not_null"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = karat().args(arguments).in_dir(project.path()).command();
        let ran = command.stdout(Stdio::from(full)).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(3), "{arguments:?}: {told}");
        assert!(told.contains("cannot write to standard output: No space left"), "{told}");
    }
}

/// The reader has seen enough.
#[cfg(unix)]
#[test]
fn a_closed_pipe_changes_no_verdict() {
    let project = Project::with(PASSES).file("fails.yml", FAILS);
    for (suite, code) in [("orders.yml", 0), ("fails.yml", 1)] {
        let command = karat().args(["check", suite]).in_dir(project.path()).command();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = command;
        let ran = command.stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(code), &b""[..]));
    }
}

/// One file that cannot be written costs no other one, and is not left as an earlier run wrote it.
#[test]
fn a_file_that_cannot_be_written_is_no_verdict_and_no_old_one() {
    let project = Project::with(PASSES).file("taken", "a file, no folder");
    let formats = ["--format", "json=taken/report.json", "--format", "html=page.html"];
    let ran = project.check(&[&["orders.yml"], &formats[..]].concat());
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("cannot write taken/report.json"), "{ran}");
    assert!(ran.stdout.contains("PASSED"), "{ran}");
    assert!(project.read("page.html").contains("orders"));
}

/// Whatever stops a run before it judges, no page or JSON of an earlier one stays as if it were its own.
#[test]
fn a_run_that_judges_nothing_leaves_no_old_verdict() {
    let outputs =
        ["--docs", "docs", "--format", "json=r.json", "--format", "html=p.html", "--format", "gx=g.json"];
    let reasons: [&[&str]; 4] =
        [&["broken.yml"], &["missing.yml"], &["orders.yml", "--select", "nosuch"], &["no-data.yml"]];
    for reason in reasons {
        let project = Project::with(PASSES)
            .file("broken.yml", "suite: orders\ncolumns: {order_id: [nosuch]}\n")
            .file("no-data.yml", "suite: orders\ncolumns: {order_id: [not_null]}\n");
        let ran = project.check(&[&["orders.yml"], &outputs[..]].concat());
        assert_eq!(ran.code, 0, "{ran}");
        let is_there = |name: &str| project.path().join(name).exists();
        let written = ["r.json", "p.html", "g.json"];
        assert!(written.iter().all(|name| is_there(name)));
        let ran = project.check(&[reason, &outputs[..]].concat());
        assert_eq!(ran.code, 2, "{ran}");
        let start = project.read("docs/index.html");
        assert!(start.contains("The last run judged nothing") && !start.contains("is open"), "{start}");
        for name in written {
            if Path::new(name).extension().is_some_and(|extension| extension == "html") {
                let page = project.read(name);
                assert!(page.contains("Nothing was judged") && !page.contains("order_id"), "{page}");
            } else {
                assert!(!is_there(name), "{name}");
            }
        }
    }
}
