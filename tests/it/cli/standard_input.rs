//! Suites that are piped.

use std::io::Write as _;
use std::process::Stdio;

use super::{Project, karat, scrubbed};

const SUITE: &str =
    "suite: piped\ndata: orders.parquet\ncolumns: {order_id: [not_null], status: [not_null]}\n";

/// What a command comes to with a text on its standard input.
fn piped(arguments: &[&str], text: &str) -> String {
    let project = Project::new();
    let command = karat().args(arguments).in_dir(project.path()).command();
    let mut command = command;
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, error) = (text(ended.stdout), text(ended.stderr));
    scrubbed(&format!("exit {}\n{out}{error}", ended.status.code().unwrap()))
}

#[test]
fn are_judged() {
    insta::assert_snapshot!(piped(&["check", "-"], SUITE), @r"
    exit 1
    piped  orders.parquet  6 rows in 1 file

      ✓ order_id  not_null
      ✗ status    not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    ");
    let other = SUITE.replace("orders.parquet", "nowhere.parquet");
    assert!(piped(&["check", "-", "--data", "orders.parquet"], &other).starts_with("exit 1\n"));
    // A process that begins again reads them once.
    assert!(piped(&["check", "-", "--threads", "1", "--memory", "1GB"], SUITE).starts_with("exit 1\n"));
    assert!(piped(&["lint", "-"], SUITE).starts_with("exit 0\n<stdin>: 2 checks fit"));
    assert!(piped(&["plan", "-"], SUITE).starts_with("exit 0\npiped  orders.parquet"));
}

#[test]
fn may_be_json_and_of_another_tool() {
    let json = r#"{"suite": "j", "data": "orders.parquet", "table": [{"row_count": {"min": 6}}]}"#;
    assert!(piped(&["check", "-"], json).starts_with("exit 0\n"));
    let gx = r#"{"name": "g", "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "order_id"}}]}"#;
    assert!(piped(&["check", "-", "--data", "orders.parquet"], gx).starts_with("exit 0\n"));
    assert!(piped(&["import", "gx", "-"], gx).contains("suite <stdin>.\nsuite: g\n"));
}

#[test]
fn errors_have_their_place() {
    insta::assert_snapshot!(piped(&["check", "-"], "sute: x\n"), @r#"
    exit 2
    error: a suite has no "sute"
     --> <stdin>:1:1
      |
    1 | sute: x
      | ^^^^
      |
      = help: did you mean "suite"?
    "#);
    insta::assert_snapshot!(piped(&["check", "-"], ""), @r"
    exit 2
    error: <stdin>: the suite is empty
      help: suite: silver/orders
    ");
    insta::assert_snapshot!(piped(&["check", "-", "-"], SUITE), @r"
    exit 2
    error: standard input is named twice, and can be read once
    ");
}

/// Data is read more than once, and so from files.
#[test]
fn data_is_no_such_thing() {
    insta::assert_snapshot!(piped(&["lint", "-", "--data", "-"], SUITE), @r"
    exit 2
    error: invalid value '-' for '--data <URI>': data is read from files; write what is piped into one

    For more information, try '--help'.
    ");
}
