//! `karat split` as its users see it.

use serde_json::{Value as Json, json};

use crate::cli::project::Project;
use crate::cli::{Ran, karat};

pub(super) const SUITE: &str = "
suite: orders
data: orders.csv
key: id
pii: [email]
columns:
  id: [not_null, unique]
  status:
    - in_set: [paid, open]
  amount:
    - between: {min: 0}
      severity: warning
table:
  - row_count: {min: 1}
";

pub(super) const ORDERS: &str = "id,status,amount,email
1,paid,10,a@x.org
2,lost,20,b@x.org
3,open,-5,c@x.org
3,open,7,d@x.org
,paid,1,e@x.org
5,paid,3,f@x.org
";

pub(super) fn project() -> Project {
    Project::with(SUITE).file("orders.csv", ORDERS)
}

fn split(project: &Project, further: &[&str]) -> Ran {
    let command = karat().args(["split", "orders.yml", "--valid", "good", "--quarantine", "bad", "-q"]);
    command.args(further).in_dir(project.path()).run()
}

/// Returns the rows of a table as JSON, by karat itself.
pub(super) fn rows(project: &Project, table: &str) -> Vec<Json> {
    let all = format!("{{suite: all, data: {table}, table: [{{rows: 'false', id: all}}]}}");
    std::fs::write(project.path().join("all.yml"), all).unwrap();
    let ran = karat().args(["rows", "all.yml", "--format", "ndjson"]).in_dir(project.path()).run();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the ids of a table's orders, in the order of the ids.
fn ids(project: &Project, table: &str) -> Vec<Json> {
    let mut ids: Vec<Json> = rows(project, table).iter().map(|row| row["id"].clone()).collect();
    ids.sort_by_key(|id| id.as_i64().unwrap_or(i64::MAX));
    ids
}

#[test]
fn good_rows_and_bad_rows_go_apart() {
    let project = project();
    let ran = split(&project, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told = ran.stdout.lines().skip_while(|line| !line.starts_with("valid"));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    valid       good @ v0  2 rows
    quarantine  bad @ v0  4 rows
    gate of the valid rows passed: 1 warned, 4 passed
    ");
    assert_eq!(ids(&project, "good"), [json!(1), json!(5)]);
    assert_eq!(ids(&project, "bad"), [json!(2), json!(3), json!(3), json!(null)]);
}

#[test]
fn the_same_rows_are_not_written_twice() {
    let project = project();
    assert_eq!(split(&project, &[]).code, 0);
    let again = split(&project, &[]);
    assert_eq!(again.code, 0);
    assert!(again.stdout.contains("nothing was written again"), "{}", again.stdout);
    assert_eq!(ids(&project, "good").len(), 2);
    // Other rows are added.
    let project = project.file("orders.csv", "id,status,amount,email\n9,paid,1,z@x.org\n");
    assert_eq!(split(&project, &[]).code, 0);
    assert_eq!(ids(&project, "good"), [json!(1), json!(5), json!(9)]);
    assert_eq!(ids(&project, "bad").len(), 4);
}

#[test]
fn reports_say_what_was_written_where() {
    let project = project();
    let report = |code: i32, change: &[&str]| {
        let ran = split(&project, &[&["--format=json"], change].concat());
        assert_eq!(ran.code, code, "{}", ran.stderr);
        let report: Json = serde_json::from_str(&ran.stdout.replace("[TIME]", "0")).unwrap();
        report["split"].clone()
    };
    let first = report(0, &[]);
    for (part, rows) in [("valid", 2), ("quarantine", 4)] {
        assert_eq!(first[part]["rows"], json!(rows));
        assert_eq!((&first[part]["version"], &first[part]["written"]), (&json!(0), &json!(true)));
    }
    assert_eq!(first["gate"]["verdict"], json!("pass"));
    let again = report(0, &[]);
    for part in ["valid", "quarantine"] {
        assert_eq!((&again[part]["rows"], &again[part]["written"]), (&first[part]["rows"], &json!(false)));
        assert!(again[part]["earlier_run"].is_string());
    }
    let markdown = split(&project, &["--format=markdown"]).stdout;
    assert!(markdown.contains("gate of the valid rows passed"), "{markdown}");
}

#[test]
fn a_half_of_another_suite_is_not_completed() {
    let project = project();
    assert_eq!(split(&project, &[]).code, 0);
    std::fs::remove_dir_all(project.path().join("good")).unwrap();
    let project = project.file("orders.yml", &SUITE.replace("paid, open", "paid, open, lost"));
    let ran = split(&project, &[]);
    assert_eq!(ran.code, 3);
    assert!(ran.stderr.contains("another version of the suite"), "{}", ran.stderr);
    assert!(!project.path().join("good").join("_delta_log").exists());
}

#[test]
fn a_check_that_stops_keeps_everything_from_being_written() {
    let project = project();
    let stops = SUITE.replace("in_set: [paid, open]", "in_set: [paid, open]\n      on_fail: stop");
    let project = project.file("orders.yml", &stops);
    let ran = split(&project, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("nothing was written, since status.in_set failed"), "{}", ran.stderr);
    assert!(!project.path().join("good").exists() && !project.path().join("bad").exists());
}

#[test]
fn what_is_not_about_rows_is_blamed_on_none() {
    let project = project();
    let wants_more = SUITE.replace("row_count: {min: 1}", "row_count: {min: 100}");
    let project = project.file("orders.yml", &wants_more);
    let ran = split(&project, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(ids(&project, "good").len() + ids(&project, "bad").len(), 6);
    assert!(rows(&project, "bad").iter().all(|row| !row.to_string().contains("row_count")));
}

#[test]
fn a_check_that_cannot_be_evaluated_stops_everything() {
    let project = project().file("orders.yml", &SUITE.replace("status:", "state:"));
    let ran = split(&project, &[]);
    assert_eq!(ran.code, 3);
    assert!(!project.path().join("good").exists() && !project.path().join("bad").exists());
}

#[test]
fn valid_rows_do_not_come_back_to_what_is_split() {
    let project = project();
    for (valid, quarantine) in [("orders.csv", "bad"), ("good", "good/")] {
        let command = karat().args(["split", "orders.yml", "--valid", valid, "--quarantine", quarantine]);
        assert_eq!(command.in_dir(project.path()).run().code, 2);
    }
}

#[test]
fn what_is_new_is_added_once() {
    let project = Project::with("{suite: orders, data: table, table: [{rows: 'amount < 100', id: cheap}]}");
    let add = |rows: &str| {
        let all = "{suite: all, data: new.csv, table: [{row_count: {min: 1}}]}";
        std::fs::write(project.path().join("all.yml"), all).unwrap();
        std::fs::write(project.path().join("new.csv"), format!("id,amount\n{rows}")).unwrap();
        let command = karat().args(["split", "all.yml", "--valid", "table", "--quarantine", "none", "-q"]);
        let ran = command.in_dir(project.path()).run();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    };
    add("1,5\n2,500\n");
    for rows in ["3,6\n", "4,7\n5,700\n"] {
        let ran = split(&project, &["--since-last"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        add(rows);
    }
    assert_eq!(split(&project, &["--since-last"]).code, 0);
    assert_eq!(split(&project, &["--since-last"]).code, 0);
    assert_eq!((ids(&project, "good"), ids(&project, "bad")), (json_ids([1, 3, 4]), json_ids([2, 5])));
}

fn json_ids<const N: usize>(ids: [i64; N]) -> Vec<Json> {
    ids.map(Json::from).to_vec()
}
