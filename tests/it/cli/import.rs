//! `karat import`, and suites of Great Expectations on the command line.

use super::{Project, karat};

const THEIRS: &str = r#"{
  "name": "orders",
  "expectations": [
    {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "status", "value_set": ["O", "F", "P"]}},
    {"type": "expect_column_values_to_be_between", "kwargs": {"column": "amount", "min_value": 0, "mostly": 0.5}},
    {"type": "expect_quack", "kwargs": {"column": "status"}}
  ],
  "meta": {"great_expectations_version": "1.24.1"}
}"#;

#[test]
fn a_suite_of_great_expectations_runs_as_it_is() {
    let project =
        Project::with("suite: unused\ntable: [{row_count: {min: 1}}]\n").file("gx/orders.json", THEIRS);
    let check =
        |path: &str| karat().args(["check", path, "--data", "orders.parquet"]).in_dir(project.path()).run();
    insta::assert_snapshot!(check("gx/orders.json"), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O, F, P]    1 of 5 rows fails (20 %): "X"
      ✓ amount  between at least 0  1 of 6 rows falls short (16.7 %), 50 % allowed: -5
      ? status  expect_quack        could not be evaluated: karat knows no expectation "expect_quack"; `karat explain great-expectations` lists those that there are (gx/orders.json:6)

    gate FAILED: 1 failed, 1 could not be evaluated, 1 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
    assert_eq!(check("gx").to_string(), check("gx/orders.json").to_string());
    insta::assert_snapshot!(karat().args(["lint", "gx", "--data", "orders.parquet"]).in_dir(project.path()).run(), @r##"
    exit 2
    --- stderr
    error: status.expect_quack: karat knows no expectation "expect_quack"
     --> gx/orders.json:6:14
      |
    6 |     {"type": "expect_quack", "kwargs": {"column": "status"}}
      |              ^^^^^^^^^^^^^^
      |
      = help: `karat explain great-expectations` lists those that there are

    gx/orders.json: 1 of 3 checks does not fit orders.parquet
    "##);
    insta::assert_snapshot!(karat().args(["lint", "gx"]).in_dir(project.path()).run(), @r##"
    exit 2
    --- stderr
    error: karat knows no expectation "expect_quack"
     --> gx/orders.json:6:14
      |
    6 |     {"type": "expect_quack", "kwargs": {"column": "status"}}
      |              ^^^^^^^^^^^^^^
      |
      = help: `karat explain great-expectations` lists those that there are

    gx/orders.json: 1 of 3 checks cannot be judged
    "##);
}

#[test]
fn import_writes_what_it_can_and_says_what_it_cannot() {
    let project =
        Project::with("suite: unused\ntable: [{row_count: {min: 1}}]\n").file("gx/orders.json", THEIRS);
    let import =
        |arguments: &[&str]| karat().args(["import", "gx"]).args(arguments).in_dir(project.path()).run();
    insta::assert_snapshot!(import(&["gx/orders.json"]), @r##"
    exit 3
    --- stdout
    # Imported from the Great Expectations suite gx/orders.json.
    suite: orders
    columns:
      status:
        - in_set: {values: [O, F, P], other_types: unequal}
      amount:
        - between: {min: 0}
          mostly: 0.5
    # Left out, because karat cannot judge them:
    # - status.expect_quack: karat knows no expectation "expect_quack"
    #   expect_quack {"column":"status"}
    --- stderr
    left out status.expect_quack: karat knows no expectation "expect_quack"
    1 of 3 expectations is left out, and stands as a comment
    "##);
    insta::assert_snapshot!(import(&["gx/orders.json", "--output", "new/orders.yml"]), @r##"
    exit 3
    --- stderr
    left out status.expect_quack: karat knows no expectation "expect_quack"
    1 of 3 expectations is left out, and stands as a comment
    "##);
    insta::assert_snapshot!(karat().args(["lint", "new/orders.yml"]).in_dir(project.path()).run(), @r##"
    exit 0
    --- stdout
    new/orders.yml: reads well; it names no data to check its types against
    "##);
    insta::assert_snapshot!(import(&["orders.yml"]), @r##"
    exit 2
    --- stderr
    error: expected a suite of Great Expectations, with a list of "expectations", found a mapping
     --> orders.yml:1:1
      |
    1 | suite: unused
      | ^^^^^^^^^^^^^
    "##);
    insta::assert_snapshot!(import(&["gx/none.json"]), @r##"
    exit 2
    --- stderr
    error: cannot read gx/none.json: No such file or directory (os error 2)
      help: is the path right, and may the file be read?
    "##);
}

const PARAMETERS: &str = r#"{
  "name": "orders",
  "expectations": [
    {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": {"$PARAMETER": "least * 2"}, "max_value": 6}},
    {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "status", "value_set": {"$PARAMETER": "known"}}}
  ],
  "suite_parameters": {"least": 1}
}"#;

#[test]
fn parameters_may_be_given() {
    let project =
        Project::with("suite: unused\ntable: [{row_count: {min: 1}}]\n").file("orders.json", PARAMETERS);
    let check = |more: &[&str]| {
        let arguments = ["check", "orders.json", "--data", "orders.parquet"];
        karat().args(arguments.into_iter().chain(more.iter().copied())).in_dir(project.path()).run()
    };
    insta::assert_snapshot!(check(&[]), @r##"
    exit 3
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ table   row_count between 2 and 6          observed 6
      ? status  expect_column_values_to_be_in_set  could not be evaluated: no value is given for $PARAMETER "known"; values stand under "suite_parameters" of the suite, or are given: --parameter NAME=VALUE (orders.json:5)

    gate COULD NOT TELL: 1 could not be evaluated, 1 passed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    "##);
    insta::assert_snapshot!(check(&["--parameter", "least=3", "--parameter", "known=[O, F, P, X]"]), @r"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✓ table   row_count exactly 6  observed 6
      ✓ status  in_set [O, F, P, X]

    gate PASSED: 2 passed  (the gate stops on fail and error; trust footer)  1 scan, [TIME]
    ");
    insta::assert_snapshot!(check(&["--parameter", "least"]), @r##"
    exit 2
    --- stderr
    error: invalid value 'least' for '--parameter <NAME=VALUE>': a parameter is NAME=VALUE

    For more information, try '--help'.
    "##);
    insta::assert_snapshot!(check(&["--parameter", "known=[O"]), @r##"
    exit 2
    --- stderr
    error: the parameter known: while parsing a flow sequence, expected ',' or ']'
     --> orders.json:1:1
      |
    1 | {
      | ^
    "##);
}
