//! `karat split --in-place` as its users see it.

use super::{append, commit, commit_file, data, ids, keep_vectors, orders, table, vectors, version};
use crate::cli::project::Project;
use crate::cli::{Ran, karat};
use crate::sink::{at, write};

const SUITE: &str = "
suite: silver/orders
data: orders
columns:
  id: [not_null]
  number:
    - between: {max: 50}
    - not_null: {}
      severity: warning
";

fn number(id: i64) -> Option<i64> {
    (id != 3).then_some(if id % 10 == 5 { 100 } else { id })
}

fn project() -> Project {
    let project = Project::with(SUITE);
    table(&project.path().join("orders"), &[orders(0..10, number), orders(10..20, number)], &append());
    project
}

fn split(project: &Project, further: &[&str]) -> Ran {
    let command = karat().args(["split", "orders.yml", "--in-place", "--quarantine", "bad"]);
    command.args(further).in_dir(project.path()).run()
}

#[test]
fn bad_rows_go_and_no_file_is_rewritten() {
    let project = project();
    let (place, bad) = (project.path().join("orders"), project.path().join("bad"));
    let before = data(&place);
    let ran = split(&project, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("quarantine  bad @ v0  2 rows"), "{}", ran.stdout);
    assert!(ran.stdout.contains("deleted     orders @ v2  2 rows"), "{}", ran.stdout);
    let left: Vec<i64> = (0..20).filter(|id| id % 10 != 5).collect();
    assert_eq!((ids(&place), ids(&bad)), (left.clone(), vec![5, 15]));
    assert_eq!((data(&place), vectors(&place).len()), (before.clone(), 1));
    // What is in the log: each file is taken away as it was, and added with its vector.
    let actions = commit(&place, 2);
    assert_eq!(actions[0]["commitInfo"]["operation"], "DELETE");
    assert_eq!(actions[0]["commitInfo"]["operationMetrics"]["numDeletedRows"], "2");
    assert_eq!(actions[0]["commitInfo"]["readVersion"], 1);
    assert_eq!(actions[1]["txn"]["version"], 1);
    let firsts: Vec<_> =
        (0..2).flat_map(|version| commit(&place, version)).filter(|it| it.get("add").is_some()).collect();
    for first in &firsts {
        let own = |name: &str| {
            actions
                .iter()
                .find_map(|it| it.get(name).filter(|it| it["path"] == first["add"]["path"]))
                .unwrap()
        };
        let (remove, add) = (own("remove"), own("add"));
        for (name, value) in first["add"].as_object().unwrap().iter().filter(|(name, _)| *name != "stats") {
            assert_eq!(&add[name], value);
        }
        let statistics = first["add"]["stats"].as_str().unwrap();
        let wide = format!("{},\"tightBounds\":false}}", statistics.strip_suffix('}').unwrap());
        assert_eq!(add["stats"], wide.replace(",\"tightBounds\":true", ""));
        assert_eq!((&remove["dataChange"], remove.get("deletionVector")), (&true.into(), None));
        assert_eq!(
            (&add["deletionVector"]["storageType"], &add["deletionVector"]["cardinality"]),
            (&"u".into(), &1.into())
        );
    }
    // Again: nothing is left to do.
    let again = split(&project, &[]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stderr.contains("no row goes to the quarantine: nothing was written"), "{}", again.stderr);
    assert_eq!((version(&place), version(&bad)), (2, 0));
    // A file all of whose rows go is taken away; the old vectors are in the new ones.
    write(&at(&place), &[orders([25, 35], number)], &append(), 9).unwrap();
    std::fs::write(project.path().join("orders.yml"), SUITE.replace("max: 50", "max: 8")).unwrap();
    let before = data(&place);
    assert_eq!(split(&project, &[]).code, 0);
    let left: Vec<i64> = (0..9).filter(|id| *id != 5).collect();
    assert_eq!((ids(&place), data(&place)), (left, before));
    let adds: Vec<_> = commit(&place, 4).into_iter().filter(|it| it.get("add").is_some()).collect();
    assert_eq!(adds.len(), 1);
    assert_eq!(adds[0]["add"]["deletionVector"]["cardinality"], 2);
}

#[test]
fn a_half_of_before_is_completed_and_all_that_came_since_too() {
    let project = project();
    let (place, bad) = (project.path().join("orders"), project.path().join("bad"));
    assert_eq!(split(&project, &[]).code, 0);
    std::fs::remove_file(commit_file(&place, 2)).unwrap();
    write(&at(&place), &[orders(20..30, number)], &append(), 9).unwrap();
    let ran = split(&project, &["-q"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("completing what was put aside of version 1"), "{}", ran.stderr);
    let left: Vec<i64> = (0..30).filter(|id| id % 10 != 5).collect();
    assert_eq!((ids(&place), ids(&bad)), (left, vec![5, 15, 25]));
}

#[test]
fn a_half_that_cannot_be_completed_is_taken_back() {
    let project = project();
    let (place, bad) = (project.path().join("orders"), project.path().join("bad"));
    assert_eq!(split(&project, &[]).code, 0);
    std::fs::remove_file(commit_file(&place, 2)).unwrap();
    let other = "{suite: other, data: orders, table: [rows: 'id <> 7']}";
    std::fs::write(project.path().join("other.yml"), other).unwrap();
    let other = karat().args(["split", "other.yml", "--in-place", "--quarantine", "aside", "-q"]);
    assert_eq!(other.in_dir(project.path()).run().code, 0);
    let ran = split(&project, &["-q"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("were taken out of bad again"), "{}", ran.stderr);
    let left: Vec<i64> = (0..20).filter(|id| id % 10 != 5 && *id != 7).collect();
    assert_eq!((ids(&place), ids(&bad)), (left, vec![5, 15]));
}

#[test]
fn tables_that_cannot_have_rows_deleted_are_refused() {
    let properties: [(&[(&str, &str)], &str); 3] = [
        (&[("delta.enableDeletionVectors", "false")], "its property delta.enableDeletionVectors is not true"),
        (&[("delta.appendOnly", "true")], "it is append-only, by its property delta.appendOnly"),
        (&[("delta.enableChangeDataFeed", "true")], "delta.enableChangeDataFeed"),
    ];
    for (properties, reason) in properties {
        let project = project();
        let place = project.path().join("orders");
        keep_vectors(&place, properties);
        let ran = split(&project, &["-q"]);
        assert_eq!(ran.code, 3, "{}", ran.stderr);
        assert!(ran.stderr.contains(reason), "{}", ran.stderr);
        let is_told = ran.stderr.contains("SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)");
        assert_eq!(is_told, reason.contains("enableDeletionVectors"), "{}", ran.stderr);
        assert_eq!((version(&place), vectors(&place).len()), (1, 0));
        assert!(!project.path().join("bad").exists());
    }
    // A table that knows nothing of deletion vectors.
    let project = Project::with(SUITE);
    write(&at(&project.path().join("orders")), &[orders(0..10, number)], &append(), 0).unwrap();
    let ran = split(&project, &["-q"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("its protocol does not know deletion vectors"), "{}", ran.stderr);
    assert!(ran.stderr.contains("SET TBLPROPERTIES"), "{}", ran.stderr);
}

#[test]
fn what_is_no_newest_version_of_a_table_is_refused() {
    let project = project();
    let run = |arguments: &[&str]| {
        let ran = karat().arg("split").args(arguments).in_dir(project.path()).run();
        assert!(!project.path().join("bad").exists());
        (ran.code, ran.stderr)
    };
    let in_place = ["orders.yml", "--in-place", "--quarantine", "bad"];
    for further in [
        &["--valid", "good"][..],
        &["--version", "0"],
        &["--changes", "1..1"],
        &["--since-last"],
        &["--overwrite"],
        &["--warnings"],
    ] {
        let (code, told) = run(&[&in_place[..], further].concat());
        assert_eq!(code, 2, "{further:?} {told}");
        assert!(told.contains("cannot be used with"), "{told}");
    }
    let (code, told) = run(&[&in_place[..], &["--data", "orders@v0"]].concat());
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("rows are deleted from the newest one"), "{told}");
    let (code, told) = run(&[&in_place[..], &["--data", "orders.parquet"]].concat());
    assert!(code > 1, "{told}");
    let (code, told) = run(&["orders.yml", "--in-place", "--quarantine", "orders/"]);
    assert_eq!(code, 2, "{told}");
    let absolute = project.path().join("orders");
    let (code, told) =
        run(&["orders.yml", "--in-place", "--evolve", "--quarantine", absolute.to_str().unwrap()]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("is what is split"), "{told}");
    let (code, _) = run(&["orders.yml", "--quarantine", "bad"]);
    assert_eq!(code, 2);
    assert_eq!(version(&project.path().join("orders")), 1);
}

#[test]
fn data_that_is_no_table_is_refused() {
    let project = Project::with("{suite: s, data: orders.parquet, columns: {amount: [{between: {min: 0}}]}}");
    let ran = split(&project, &["-q"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("only a version of a Delta table"), "{}", ran.stderr);
    assert!(!project.path().join("bad").exists());
}

#[test]
fn checks_that_stop_or_cannot_be_evaluated_keep_everything_as_it_is() {
    for (from, by, code) in [
        ("between: {max: 50}", "between: {max: 50}\n      on_fail: stop", 1),
        ("  number:", "  no_such_column:", 3),
    ] {
        let project = project();
        std::fs::write(project.path().join("orders.yml"), SUITE.replace(from, by)).unwrap();
        let ran = split(&project, &["-q"]);
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert_eq!(version(&project.path().join("orders")), 1);
        assert!(!project.path().join("bad").exists());
    }
}

#[test]
fn a_quarantine_may_be_one_file() {
    let project = project();
    let command = karat().args(["split", "orders.yml", "--in-place", "--quarantine", "bad.parquet", "-q"]);
    let ran = command.in_dir(project.path()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ids(&project.path().join("orders")).len(), 18);
    assert!(project.path().join("bad.parquet").exists());
}
