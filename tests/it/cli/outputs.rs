//! Formats, and where they go: results on standard output, all else on standard error.

use super::Project;

const SUITE: &str = "suite: orders\ndata: orders.parquet\ncolumns:\n  status: [not_null]\n";

#[test]
fn one_format_on_standard_output_and_others_in_files() {
    let project = Project::with(SUITE);
    let ran =
        project.check(&["orders.yml", "--format", "json=out/report.json", "--format", "html=report.html"]);
    insta::assert_snapshot!(ran, @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  3 scans, [TIME]
    ");
    assert!(project.read("report.html").starts_with("<!doctype html>"));
    let report: serde_json::Value = serde_json::from_str(&project.read("out/report.json")).unwrap();
    assert_eq!(report["verdict"], "fail");

    let ran = project.check(&["orders.yml", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&ran.stdout.replace("[TIME]", "0")).unwrap()["schema_version"],
        1
    );
}

#[test]
fn standard_output_can_be_a_file() {
    let project = Project::with(SUITE);
    insta::assert_snapshot!(project.check(&["orders.yml", "--output", "deep/er/result.txt"]), @"exit 1");
    assert!(project.read("deep/er/result.txt").contains("gate FAILED"));
    let ran = project.check(&["orders.yml", "--output", "report.json", "--format", "json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(project.read("report.json").starts_with('{'));
}

#[test]
fn docs_are_a_folder() {
    let project = Project::with(SUITE);
    insta::assert_snapshot!(project.check(&["orders.yml", "-q", "--docs", "docs"]), @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  3 scans, [TIME]
    --- stderr
    docs: docs/index.html
    ");
    assert!(project.read("docs/index.html").contains("The dataset is blocked"));
    assert!(project.read("docs/d/orders.json").contains("\"status.not_null\""));
}

#[test]
fn a_file_that_cannot_be_written() {
    let project = Project::with(SUITE).file("file", "");
    insta::assert_snapshot!(project.check(&["orders.yml", "-q", "--format", "json=file/report.json"]), @r"
    exit 3
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    --- stderr
    error: cannot write file/report.json: File exists (os error 17)
    ");
}

/// A file has what a format is made of, byte for byte, whichever option names it.
#[test]
fn output_and_format_write_the_same_file() {
    let project = Project::with("suite: s\ndata: odd.csv\ncolumns: {name: [{in_set: [z]}]}\n")
        .file("odd.csv", "name\na\u{7f}b\n");
    let time = regex::Regex::new(r#"time="[0-9.]+""#).unwrap();
    for format in ["json", "junit", "sarif"] {
        project.check(&[
            "orders.yml",
            "--now",
            "2026-01-01T00:00:00Z",
            "--format",
            format,
            "--output",
            "by_output",
        ]);
        let by_format = format!("{format}=by_format");
        project.check(&["orders.yml", "--now", "2026-01-01T00:00:00Z", "-q", "--format", &by_format]);
        let [one, other] = ["by_output", "by_format"]
            .map(|name| time.replace_all(&super::scrubbed(&project.read(name)), "").into_owned());
        assert_eq!(one, other, "{format}");
        assert!(format != "json" || one.contains('\u{7f}'), "{one}");
    }
}

/// Every output that lists failing groups says how many more there are.
#[test]
fn more_groups_than_are_shown_are_counted() {
    let project = Project::with(
        "suite: s\ndata: orders.parquet\ncolumns: {amount: [{mean: {min: 1000}, group_by: order_id}]}\n",
    );
    for format in ["junit", "markdown"] {
        let ran = project.check(&["orders.yml", "--samples", "2", "--format", format]);
        assert!(ran.stdout.contains("and 4 more"), "{format}: {ran}");
    }
    assert!(project.check(&["orders.yml", "--samples", "2", "-v"]).stdout.contains("and 4 more"));
}

/// A pipe, and `/dev/null` too, is written to and not replaced by a file.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to() {
    use std::os::unix::fs::FileTypeExt as _;
    let project = Project::with(SUITE);
    let pipe = project.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let read = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    let ran = project.check(&["orders.yml", "-q", "--output", "pipe"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(read.join().unwrap().contains("gate FAILED"));
    assert!(std::fs::symlink_metadata(pipe).unwrap().file_type().is_fifo());
}
