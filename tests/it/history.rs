//! Histories: what is kept of runs, and what later runs know of it.

mod everywhere;
mod folder;
mod read_back;
mod table;
mod writers;

use ::karat::history::{History, Place};
use ::karat::source::StorageOptions;
use ::karat::{Report, Suite};
use polars::prelude::df;
use serde_json::Value as Json;

use crate::cli::{Project, Ran, karat};

const SUITE: &str = "suite: orders
data: orders.parquet
columns:
  id: [not_null, unique]
  status: [{in_set: [O, F]}]
";

/// Orders with so many unknown states among six.
fn orders(project: &Project, wrong: usize) {
    let status: Vec<&str> = (0..6).map(|row| if row < wrong { "X" } else { "O" }).collect();
    project.parquet("orders.parquet", &mut df! { "id" => [1, 2, 3, 4, 5, 6], "status" => status }.unwrap());
}

fn project(suite: &str) -> Project {
    let project = Project::new().file("orders.yml", suite);
    orders(&project, 0);
    project
}

/// Where histories are kept: a folder, and a Delta table.
const PLACES: [&str; 2] = ["runs", TABLE];

const TABLE: &str = "delta:runs";

/// A run on a day of January, kept at a place.
fn run_in(place: &str, project: &Project, day: u32, arguments: &[&str]) -> Ran {
    let now = format!("2026-01-{day:02}T08:00:00Z");
    let always = ["orders.yml", "-q", "--history", place, "--now", &now];
    project.check(&[&always, arguments].concat())
}

fn run(project: &Project, day: u32, arguments: &[&str]) -> Ran {
    run_in("runs", project, day, arguments)
}

fn history_in(place: &str, project: &Project, arguments: &[&str]) -> Ran {
    karat().args(["history", "--history", place]).args(arguments).in_dir(project.path()).run()
}

fn history(project: &Project, arguments: &[&str]) -> Ran {
    history_in("runs", project, arguments)
}

/// The report of such a run, as it is written to a file.
fn report_in(place: &str, project: &Project, day: u32, arguments: &[&str]) -> Json {
    run_in(place, project, day, &[&["--format", "json=report.json"], arguments].concat());
    serde_json::from_str(&project.read("report.json")).unwrap()
}

fn report(project: &Project, day: u32, arguments: &[&str]) -> Json {
    report_in("runs", project, day, arguments)
}

/// What the command prints as JSON.
fn printed(place: &str, project: &Project, arguments: &[&str]) -> Json {
    let asked = karat().args(["history", "--history", place, "--format", "json"]).args(arguments);
    serde_json::from_slice(&asked.in_dir(project.path()).command().output().unwrap().stdout).unwrap()
}

/// The history of a project at a place, for those who use the library.
pub(crate) fn opened(place: &str, project: &Project) -> History {
    let place = match place.strip_prefix("delta:") {
        Some(table) => Place::Delta(project.path().join(table).display().to_string()),
        None => Place::Folder(project.path().join(place)),
    };
    History::of(place, &StorageOptions::default())
}

/// All whole reports.
pub(crate) fn reports(history: &History) -> Vec<Report> {
    history.reports().unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_run_says_since_when_a_check_fails_and_what_has_changed() {
    let project = project(SUITE);
    assert_eq!(run(&project, 1, &[]).code, 0);
    orders(&project, 2);
    insta::assert_snapshot!(run(&project, 2, &[]), @r#"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O, F]  2 of 6 rows fail (33.3 %): "X" ×2; passed in the run before

      since 2026-01-01 08:00 UTC: newly failing: status.in_set

    gate FAILED: 1 failed, 2 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "#);
    orders(&project, 3);
    insta::assert_snapshot!(run(&project, 3, &[]), @r#"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O, F]  3 of 6 rows fail (50 %): "X" ×3; failing since 2026-01-02 08:00 UTC, 2 runs

    gate FAILED: 1 failed, 2 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "#);
    // One check is gone, one is new, and one demands something else.
    let project = project.file(
        "orders.yml",
        &SUITE.replace("not_null, unique", "not_null, positive").replace("[O, F]", "[O]"),
    );
    insta::assert_snapshot!(run(&project, 4, &[]), @r#"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  in_set [O]  3 of 6 rows fail (50 %): "X" ×3; failing since 2026-01-02 08:00 UTC, 3 runs

      since 2026-01-03 08:00 UTC: new: id.positive; stronger: status.in_set; gone: id.unique (passed)

    gate FAILED: 1 failed, 2 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "#);
    orders(&project, 0);
    let past = &report(&project, 5, &[])["suites"][0];
    assert_eq!(past["past"]["fixed"], serde_json::json!(["status.in_set"]));
    assert_eq!(past["past"]["started_at"], "2026-01-04T08:00:00.000Z");
    let check =
        past["checks"].as_array().unwrap().iter().find(|check| check["id"] == "status.in_set").unwrap();
    assert_eq!((&check["past"]["verdicts"], &check["past"]["since"]), (&"pfffp".into(), &Json::Null));
}

/// A suite that is run for the first time has no past, and neither has one without a history.
#[test]
fn what_has_no_past_says_nothing_of_it() {
    let project = project(SUITE);
    orders(&project, 1);
    let suite = &report(&project, 1, &[])["suites"][0];
    assert!(suite["past"].is_null() && suite["checks"][0]["past"]["previous"].is_null(), "{suite}");
    let without = project.check(&["orders.yml", "--format", "json"]);
    assert!(!without.stdout.contains("\"past\""), "{without}");
}

#[test]
fn a_check_keeps_its_past_under_another_id_and_in_another_suite() {
    let project = project(SUITE);
    orders(&project, 1);
    run(&project, 1, &[]);
    let project =
        project.file("orders.yml", &SUITE.replace("{in_set: [O, F]}", "{id: states, in_set: [O, F]}"));
    let suite = &report(&project, 2, &[])["suites"][0];
    let states = suite["checks"].as_array().unwrap().iter().find(|check| check["id"] == "states").unwrap();
    assert_eq!(states["past"]["verdicts"], "ff");
    assert!(["new", "gone"].iter().all(|list| suite["past"][list].as_array().unwrap().is_empty()), "{suite}");

    // From one suite to the other.
    let both = |number: u32, orders: &str, more: &str| {
        let now = format!("2026-02-0{number}T08:00:00Z");
        std::fs::write(project.path().join("orders.yml"), orders).unwrap();
        std::fs::write(project.path().join("more.yml"), more).unwrap();
        let asked =
            ["orders.yml", "more.yml", "--history", "both", "--now", &now, "--format", "json=report.json"];
        project.check(&asked);
        serde_json::from_str::<Json>(&project.read("report.json")).unwrap()
    };
    let one = "suite: one\ndata: orders.parquet\ncolumns:\n  id: [not_null]\n";
    let other = "suite: other\ndata: orders.parquet\ncolumns:\n  id: [unique]\n";
    let states = "  status: [{in_set: [O, F]}]\n";
    both(1, &format!("{one}{states}"), other);
    let moved = both(2, one, &format!("{other}{states}"));
    let suites = &moved["suites"];
    assert_eq!(suites[1]["checks"][1]["past"]["verdicts"], "ff", "{moved}");
    assert!(suites[0]["past"]["gone"].as_array().unwrap().is_empty(), "{moved}");
}

/// What has been weakened is told, by the run and by who compares two.
#[test]
fn what_is_weaker_is_told() {
    let project = project(SUITE);
    run(&project, 1, &[]);
    for (day, from, to, told) in [
        (2, "{in_set: [O, F]}", "{in_set: [O, F, X]}", "weaker: status.in_set"),
        (3, "{in_set: [O, F]}", "{in_set: [O, F, X], mostly: 0.9}", "weaker: status.in_set"),
        (
            4,
            "{in_set: [O, F]}",
            "{in_set: [O, F, X], where: id > 3, severity: warning}",
            "changed: status.in_set",
        ),
        (5, "{in_set: [O, F]}", "{in_set: [O, F], where: id > 3}", "stronger: status.in_set"),
        (6, "{in_set: [O, F]}", "{in_set: [O, F]}", "stronger: status.in_set"),
        (
            7,
            "{in_set: [O, F]}",
            "{in_set: [O, F], fail_if: '> 2 %', warn_if: '> 0'}",
            "weaker: status.in_set",
        ),
        (
            8,
            "{in_set: [O, F]}",
            "{in_set: [O, F], fail_if: '>= 2 %', warn_if: '> 0'}",
            "stronger: status.in_set",
        ),
    ] {
        std::fs::write(project.path().join("orders.yml"), SUITE.replace(from, to)).unwrap();
        let ran = run(&project, day, &[]);
        assert!(ran.stdout.contains(told), "day {day}: {told}: {ran}");
        let compared = history(&project, &["diff"]);
        assert!(compared.stdout.contains(told), "day {day}: {told}: {compared}");
    }
}

/// What a record says that a check demands is what it demands.
#[test]
fn demands_can_be_read_again() {
    let folder = tempfile::TempDir::new().unwrap();
    karat().args(["demo", "demo"]).in_dir(folder.path()).run();
    let listing = History::at(folder.path().join("demo/history")).runs().unwrap();
    assert_eq!(listing.runs.len(), 8);
    let mut count = 0;
    for check in listing.runs[0].suites.iter().flat_map(|suite| &suite.checks) {
        let demand = check.demand.as_ref().unwrap().to_string();
        let suite = Suite::from_yaml(&demand).unwrap_or_else(|error| panic!("{demand}: {error}"));
        assert_eq!(suite.checks[0].fingerprint(), check.fingerprint, "{demand}");
        count += 1;
    }
    assert!(count > 130, "{count}");
}

/// Every output for machines says since when, and the comment what has changed.
#[test]
fn build_servers_are_told_since_when() {
    let project = project(SUITE);
    for day in 1..=4 {
        orders(&project, usize::from(day > 1));
        run(&project, day, &[]);
    }
    for format in ["markdown", "github", "gitlab", "azure", "junit", "sarif"] {
        let ran = run(&project, 5, &["--format", format]);
        assert!(ran.stdout.contains("failing since 2026-01-02 "), "{format}: {ran}");
    }
    orders(&project, 0);
    let fixed = run(&project, 6, &["--format", "markdown"]);
    assert!(
        fixed.stdout.contains("since 2026-01-05 ") && fixed.stdout.contains("status.in&#95;set"),
        "{fixed}"
    );
}

/// A check that is gone is told, also where its suite passes among others.
#[test]
fn what_is_gone_is_not_gone_silently() {
    let project =
        project(SUITE).file("other.yml", "suite: other\ndata: orders.parquet\ncolumns: {id: [not_null]}\n");
    let both = |day: u32| {
        let now = format!("2026-01-{day:02}T08:00:00Z");
        project.check(&["orders.yml", "other.yml", "-q", "--history", "runs", "--now", &now])
    };
    both(1);
    std::fs::write(project.path().join("orders.yml"), SUITE.replace(", unique", "")).unwrap();
    let ran = both(2);
    assert!(ran.code == 0 && ran.stdout.contains("gone: id.unique (passed)"), "{ran}");
    assert!(!ran.stdout.contains("other  orders.parquet"), "{ran}");
}

/// What is left out by `--select` is neither gone nor fixed, and goes on where it was.
#[test]
fn what_is_not_selected_stays_as_it_was() {
    let project = project(SUITE);
    orders(&project, 1);
    run(&project, 1, &[]);
    let some = report(&project, 2, &["--select", "id"]);
    assert!(some["suites"][0]["past"]["summary"] == "", "{some}");
    let all = report(&project, 3, &[]);
    let check = &all["suites"][0]["checks"][2]["past"];
    assert_eq!((&check["verdicts"], &check["since"]["runs"]), (&"fsf".into(), &2.into()), "{all}");
}

/// Runs of other suites lie between the two of one.
#[test]
fn a_run_is_compared_with_the_last_one_of_its_suites() {
    let project =
        project(SUITE).file("other.yml", "suite: other\ndata: orders.parquet\ncolumns: {id: [not_null]}\n");
    run(&project, 1, &[]);
    project.check(&["other.yml", "-q", "--history", "runs", "--now", "2026-01-02T08:00:00Z"]);
    assert!(history(&project, &["diff"]).stderr.contains("no earlier run has any of its suites"));
    orders(&project, 1);
    run(&project, 3, &[]);
    let compared = history(&project, &["diff"]);
    assert!(
        compared.stdout.contains("newly failing: status.in_set") && !compared.stdout.contains("other"),
        "{compared}"
    );
}
