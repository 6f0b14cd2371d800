//! `karat lint`: checks that contradict each other, and columns that are locked.

use polars::prelude::df;

use super::{Project, Ran, karat};

fn lint(project: &Project, arguments: &[&str]) -> Ran {
    karat().arg("lint").args(arguments).in_dir(project.path()).run()
}

#[test]
fn contradictions_are_errors_at_their_place() {
    let project = Project::with(
        "suite: s
columns:
  amount:
    - between: {min: 0, max: 10}
    - {between: {min: 20}, id: high}
    - {in_set: [11, 12], id: outside}
    - type: string
    - max: {max: -1}
    - {mean: {min: 3, max: 2}, id: upside_down}
    - not_in_set: [5]
      where: amount = 3 AND amount = 4
  status:
    - in_set: [o, f]
    - matches: '^[A-Z]$'
    - not_null
    - null
  order_id:
    - unique
      warn_if: '> 5'
      fail_if: '> 2'
",
    );
    insta::assert_snapshot!(lint(&project, &["orders.yml"]), @"");
}

#[test]
fn what_is_superfluous_is_a_note() {
    let project = Project::with(
        "suite: s
columns:
  status:
    - in_set: [O, F, n]
    - {in_set: [O, F, n], id: again}
    - {in_set: [O, F, P, X, n], id: wider}
    - matches: '^[A-Z]$'
    - {in_set: [O], id: only, where: status = 'O'}
    - length_between: {min: 1}
      fail_if: '> 100 %'
",
    );
    insta::assert_snapshot!(lint(&project, &["orders.yml"]), @"");
}

#[test]
fn types_decide_with_the_data() {
    let project = Project::new().file(
        "s.yml",
        "suite: s
data: small.parquet
columns:
  tiny:
    - between: {min: 300}
    - {between: {min: -200}, id: always}
    - not_null
      where: tiny > 1000
",
    );
    project.parquet("small.parquet", &mut df!("tiny" => [1_i8, 2]).unwrap());
    insta::assert_snapshot!(lint(&project, &["s.yml"]), @"");
}

const LOCKED: &str = "suite: orders
data: orders.parquet
columns:
  order_id: [not_null]
  amount:
    - between: {min: -10, max: 100}
      where: status <> 'P'
  status:
    - exists_in: {data: states.parquet, column: name}
";

fn locked() -> Project {
    let project = Project::new().file("karat.yml", "").file("suites/orders.yml", LOCKED);
    project.parquet("states.parquet", &mut df!("name" => ["O", "F", "P"]).unwrap());
    project
}

#[test]
fn columns_are_locked_and_stand_for_the_data() {
    let project = locked();
    insta::assert_snapshot!(lint(&project, &["--locked"]), @"");
    insta::assert_snapshot!(lint(&project, &["--update-lock"]), @"");
    insta::assert_snapshot!(project.read("schema.lock"), @"");
    let bytes = project.read("schema.lock");
    assert_eq!(lint(&project, &["--lock"]).code, 0);
    assert_eq!(project.read("schema.lock"), bytes);
    std::fs::remove_file(project.path().join("orders.parquet")).unwrap();
    std::fs::remove_file(project.path().join("states.parquet")).unwrap();
    insta::assert_snapshot!(lint(&project, &["--locked"]), @"");
    insta::assert_snapshot!(lint(&project, &[]), @"");
    let wrong = project.file("suites/orders.yml", &LOCKED.replace("amount:", "amonut:"));
    insta::assert_snapshot!(lint(&wrong, &["--locked"]), @"");
}

#[test]
fn drift_is_compatible_or_breaking_and_names_what_it_touches() {
    let project = locked();
    assert_eq!(lint(&project, &["--update-lock"]).code, 0);
    let mut orders = df! {
        "order_id" => [1_i32, 2],
        "state" => ["O", "F"],
        "amount" => [1_i64, 2],
        "placed_on" => ["2026-01-01", "2026-01-02"],
        "note" => [None, Some("\u{1b}[31m")],
    }
    .unwrap();
    project.parquet("orders.parquet", &mut orders);
    let project = project.file("suites/orders.yml", &LOCKED[..LOCKED.find("  amount").unwrap()]);
    insta::assert_snapshot!(lint(&project, &[]), @"");
    insta::assert_snapshot!(lint(&project, &["--update-lock"]), @"");
    insta::assert_snapshot!(lint(&project, &[]), @"");
}

#[test]
fn a_lock_is_read_strictly() {
    for (text, told) in [
        ("{}", "\"lock_version\" is missing"),
        ("{\"lock_version\": 2, \"datasets\": {}}", "version 1"),
        ("{\"lock_version\": 1, \"datasets\": {}, \"dataset\": {}}", "did you mean \"datasets\"?"),
        (
            "{\"lock_version\": 1, \"datasets\": {\"a\": {\"format\": \"csv\", \"version\": null, \"columns\": [{\"name\": \"a\", \"type\": \"int65\", \"nullable\": true}]}}}",
            "a type",
        ),
        ("nothing", "schema.lock"),
    ] {
        let ran = lint(&locked().file("schema.lock", text), &["--locked"]);
        assert_eq!(ran.code, 2, "{text}");
        assert!(ran.stderr.contains(told) && ran.stderr.contains("schema.lock"), "{text}: {}", ran.stderr);
    }
}
