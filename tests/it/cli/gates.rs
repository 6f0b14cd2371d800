//! What stops a gate: policies by layer, project and argument.

use super::{Project, karat};

/// One check that warns.
fn warns(name: &str, layer: &str) -> String {
    format!(
        "suite: {name}\nlayer: {layer}\ndata: orders.parquet\ncolumns:\n  status:\n    - not_null:\n      severity: warning\n"
    )
}

fn fails(name: &str, layer: &str) -> String {
    warns(name, layer).replace("      severity: warning\n", "")
}

#[test]
fn gold_stops_on_warnings() {
    let project = Project::with(&warns("orders", "gold"));
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ! status  not_null  1 of 6 rows fails (16.7 %); severity warning

    gate FAILED: 1 warned  (gold stops on warn, fail and error; trust footer)  2 scans, [TIME]
    ");
    assert_eq!(project.check(&["orders.yml", "--fail-on", "error"]).code, 0);
    let project = project.file("karat.yml", "layers:\n  gold: {fail_on: error}\n");
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r"
    exit 0
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ! status  not_null  1 of 6 rows fails (16.7 %); severity warning

    gate PASSED: 1 warned  (gold stops on fail and error; trust footer)  2 scans, [TIME]
    ");
}

#[test]
fn others_let_warnings_through_unless_told() {
    for layer in ["bronze", "silver"] {
        let project = Project::with(&warns("orders", layer));
        assert_eq!(project.check(&["orders.yml"]).code, 0);
        assert_eq!(project.check(&["orders.yml", "--fail-on", "warn"]).code, 1);
        let project = project.file("karat.yml", &format!("layers:\n  {layer}: {{fail_on: warn}}\n"));
        assert_eq!(project.check(&["orders.yml"]).code, 1);
    }
}

#[test]
fn every_layer_runs_unless_told_to_stop() {
    let project = Project::new()
        .file("suites/1.yml", &fails("bronze/orders", "bronze"))
        .file("suites/2.yml", &warns("silver/orders", "silver"))
        .file("suites/3.yml", &warns("gold/orders", "gold"));
    insta::assert_snapshot!(project.check(&[]), @r"
    exit 1
    --- stdout
    bronze/orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (bronze stops on fail and error; trust footer)  2 scans for 3 suites at once, [TIME]

    silver/orders  orders.parquet  6 rows in 1 file

      ! status  not_null  1 of 6 rows fails (16.7 %); severity warning

    gate PASSED: 1 warned  (silver stops on fail and error; trust footer)  2 scans for 3 suites at once, [TIME]

    gold/orders  orders.parquet  6 rows in 1 file

      ! status  not_null  1 of 6 rows fails (16.7 %); severity warning

    gate FAILED: 1 warned  (gold stops on warn, fail and error; trust footer)  2 scans for 3 suites at once, [TIME]

      ✗ bronze/orders  1 failed
      ✓ silver/orders  1 warned
      ✗ gold/orders    1 warned

    FAILED: 1 of 3 gates passed  [TIME]
    ");
    insta::assert_snapshot!(project.check(&["--stop-on-layer", "--docs", "docs"]), @r"
    exit 1
    --- stdout
    bronze/orders  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (bronze stops on fail and error; trust footer)  3 scans, [TIME]

    silver/orders  orders.parquet

      - status  not_null  an earlier layer did not pass

    gate SKIPPED: 1 skipped  (silver stops on fail and error)

    gold/orders  orders.parquet

      - status  not_null  an earlier layer did not pass

    gate SKIPPED: 1 skipped  (gold stops on warn, fail and error)

      ✗ bronze/orders  1 failed
      - silver/orders  1 skipped
      - gold/orders    1 skipped

    FAILED: 0 of 3 gates passed, 2 skipped  [TIME]
    --- stderr
    docs: docs/index.html
    ");
    insta::assert_snapshot!(project.check(&["-q", "--layer", "silver"]), @r"
    exit 0
    --- stdout
    silver/orders  orders.parquet  6 rows in 1 file

      ! status  not_null  1 of 6 rows fails (16.7 %); severity warning

    gate PASSED: 1 warned  (silver stops on fail and error; trust footer)  2 scans, [TIME]
    ");
}

#[test]
fn data_is_relative_to_the_project() {
    let suite = "suite: orders\ndata: lake/orders.parquet\ntable: [{row_count: {min: 1}}]\n";
    let project = Project::new().file("karat.yml", "").file("suites/silver/orders.yml", suite);
    std::fs::create_dir(project.path().join("lake")).unwrap();
    std::fs::rename(project.path().join("orders.parquet"), project.path().join("lake/orders.parquet"))
        .unwrap();
    let from = |folder: &str, suite: &str| {
        karat().args(["check", suite]).in_dir(&project.path().join(folder).canonicalize().unwrap()).run()
    };
    insta::assert_snapshot!(from(".", "suites"), @r"
    exit 0
    --- stdout
    orders  lake/orders.parquet  6 rows in 1 file

      ✓ table  row_count at least 1  observed 6

    gate PASSED: 1 passed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]
    ");
    assert_eq!(from("suites", "silver/orders.yml").code, 0);
    assert_eq!(from("suites/silver", "orders.yml").code, 0);
}
