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
    insta::assert_snapshot!(check("gx/orders.json"), @"");
    assert_eq!(check("gx").to_string(), check("gx/orders.json").to_string());
    insta::assert_snapshot!(karat().args(["lint", "gx", "--data", "orders.parquet"]).in_dir(project.path()).run(), @"");
}

#[test]
fn import_writes_what_it_can_and_says_what_it_cannot() {
    let project =
        Project::with("suite: unused\ntable: [{row_count: {min: 1}}]\n").file("gx/orders.json", THEIRS);
    let import =
        |arguments: &[&str]| karat().args(["import", "gx"]).args(arguments).in_dir(project.path()).run();
    insta::assert_snapshot!(import(&["gx/orders.json"]), @"");
    insta::assert_snapshot!(import(&["gx/orders.json", "--output", "new/orders.yml"]), @"");
    insta::assert_snapshot!(karat().args(["lint", "new/orders.yml"]).in_dir(project.path()).run(), @"");
    insta::assert_snapshot!(import(&["orders.yml"]), @"");
    insta::assert_snapshot!(import(&["gx/none.json"]), @"");
}
