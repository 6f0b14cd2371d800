//! `karat check`, `lint` and `plan` on text.

use super::{Project, karat};

const SUITE: &str = "\
suite: orders
data: orders.csv
pii: email
schema: {amount: float64}
columns:
  amount: [{between: {min: 0}}]
table:
  - readable:
    fail_if: \"> 10 %\"
";

const ORDERS: &str =
    "order_id,amount,email\n1,10.50,a@x.org\n2,free,b@x.org\n3,7\n4,-1,\"d@x.org\n5,3,e@x.org\n";

fn project() -> Project {
    let strict = SUITE.split("table:").next().unwrap();
    Project::with(SUITE).file("orders.csv", ORDERS).file("strict.yml", strict)
}

#[test]
fn malformed_rows_are_counted_or_nothing_is_judged() {
    let project = project();
    insta::assert_snapshot!(project.check(&["orders.yml", "-v"]), @r##"
    exit 1
    --- stdout
    orders  orders.csv  2 rows in 1 file

      ✓ amount  between at least 0
      ✗ table   readable            3 of 5 rows fail (60 %); fails above 10 %
            reason=its value of column "amount" is no float64  (orders.csv, line 3)
            reason=it has 2 fields where there are 3 columns  (orders.csv, line 4)
            reason=a quote that is never closed  (orders.csv, line 5)

    gate FAILED: 1 failed, 1 passed  (the gate stops on fail and error; trust footer)  3 scans, [TIME]
    "##);
    insta::assert_snapshot!(project.check(&["strict.yml"]), @r"
    exit 3
    --- stdout
    orders  orders.csv

      ? could not be judged: cannot read orders.csv: line 4: it has 2 fields where there are 3 columns; with the check `readable`, such rows are counted and left out (strict.yml:2)

    gate COULD NOT TELL: 1 could not be evaluated  (the gate stops on fail and error)
    ");
}

#[test]
fn a_suite_is_bound_to_the_columns_that_all_rows_tell() {
    let project = project();
    let karat = |command: &str, suite: &str| karat().args([command, suite]).in_dir(project.path()).run();
    insta::assert_snapshot!(karat("lint", "orders.yml"), @r"
    exit 0
    --- stdout
    orders.yml: 2 checks fit orders.csv
    ");
    insta::assert_snapshot!(karat("lint", "strict.yml"), @r"
    exit 3
    --- stderr
    error: strict.yml: cannot read orders.csv: line 4: it has 2 fields where there are 3 columns
      help: with the check `readable`, such rows are counted and left out
    ");
    insta::assert_snapshot!(karat("plan", "orders.yml"), @r"
    exit 0
    --- stdout
    orders  orders.csv

    2 checks ask for 4 metrics; 3 measured, the others are shared
    columns read: 1 of 3: amount
    2 scans of the files first, which type and write them as Parquet; 1 scan of 2 rows; a second, narrow one only if rows fail

      count of all rows, proved by footers               for amount.between, readable
      count where amount is not null, proved by footers  for amount.between
      count where not (amount >= 0)                      for amount.between
    ");
}

#[test]
fn every_output_counts_the_readings_of_text() {
    let project = project();
    project.check(&["orders.yml", "--format", "json=out.json", "--format", "html=out.html"]);
    let out = |name: &str| std::fs::read_to_string(project.path().join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&out("out.json")).unwrap();
    let execution = &json["suites"][0]["execution"];
    // Five rows twice, with three of them malformed; then the two that are left.
    assert_eq!((&execution["scans"], &execution["rows_read"]), (&3.into(), &12.into()));
    assert!(execution["bytes_read"].as_u64() > Some(2 * ORDERS.len() as u64));
    assert!(out("out.html").contains("<li>3 scans</li>"));
}
