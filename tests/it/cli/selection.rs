//! `--select`, `--samples`.

use super::Project;

const SUITE: &str = "\
suite: orders
data: orders.parquet
key: order_id
columns:
  order_id: [not_null, unique]
  status:
    - not_null:
      tags: [nightly]
    - in_set: [O, F]
      id: open_or_filled
";

#[test]
fn what_is_not_asked_for_is_skipped() {
    let project = Project::with(SUITE);
    insta::assert_snapshot!(project.check(&["orders.yml", "--select", "order_id"]), @r"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ order_id  not_null
      ✓ order_id  unique
      - status    not_null
      - status    in_set [O, F]

    gate PASSED: 2 passed, 2 skipped  (the gate stops on fail and error; trust footer)  1 scan, [TIME]
    ");
    insta::assert_snapshot!(project.check(&["orders.yml", "-q", "--select", "nightly", "--select", "unique"]), @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed, 1 passed, 2 skipped  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    ");
    insta::assert_snapshot!(project.check(&["orders.yml", "-q", "--select", "open_or_filled"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O, F]  2 of 5 rows fail (40 %): "P", "X"

    gate FAILED: 1 failed, 3 skipped  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
    insta::assert_snapshot!(project.check(&["orders.yml", "--select", "nightli"]), @r#"
    exit 2
    --- stderr
    error: no check is called nightli; nothing was judged
      help: did you mean "nightly"?
    "#);
}

#[test]
fn as_many_samples_as_asked_for() {
    let project = Project::with(SUITE);
    let rows = |samples: &str| {
        let ran = project.check(&["orders.yml", "-q", "-v", "--select", "in_set", "--samples", samples]);
        ran.stdout.lines().filter(|line| line.contains("row ")).count()
    };
    assert_eq!([rows("0"), rows("1"), rows("10")], [0, 1, 2]);
}
