//! Histories: what is kept of runs, and what later runs know of it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::time::Duration;

use ::karat::history::History;
use ::karat::{CheckOptions, Report, Suite, Verdict, check};
use polars::prelude::{Column, DataFrame, df};
use serde_json::Value as Json;

use crate::cli::{Project, Ran, karat};
use crate::fuzz::Random;

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

/// A run on a day of January.
fn run(project: &Project, day: u32, arguments: &[&str]) -> Ran {
    let now = format!("2026-01-{day:02}T08:00:00Z");
    let always = ["orders.yml", "-q", "--history", "runs", "--now", &now];
    project.check(&[&always, arguments].concat())
}

fn history(project: &Project, arguments: &[&str]) -> Ran {
    karat().args(["history", "--history", "runs"]).args(arguments).in_dir(project.path()).run()
}

/// The report of such a run, as it is written to a file.
fn report(project: &Project, day: u32, arguments: &[&str]) -> Json {
    run(project, day, &[&["--format", "json=report.json"], arguments].concat());
    serde_json::from_str(&project.read("report.json")).unwrap()
}

/// What the command prints as JSON.
fn printed(project: &Project, arguments: &[&str]) -> Json {
    let asked = karat().args(["history", "--history", "runs", "--format", "json"]).args(arguments);
    serde_json::from_slice(&asked.in_dir(project.path()).command().output().unwrap().stdout).unwrap()
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
    assert_eq!(listing.runs.len(), 3);
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

#[test]
fn the_history_is_listed_shown_and_compared() {
    let project = project(SUITE);
    for (day, wrong) in [(1, 0), (2, 2), (3, 0)] {
        orders(&project, wrong);
        run(&project, day, &[]);
    }
    insta::assert_snapshot!(history(&project, &[]), @r"
    exit 0
    --- stdout
    2026-01-03 08:00 UTC  passed  1 suite  3 passed            [RUN]
    2026-01-02 08:00 UTC  FAILED  1 suite  1 failed, 2 passed  [RUN]
    2026-01-01 08:00 UTC  passed  1 suite  3 passed            [RUN]
    ");
    insta::assert_snapshot!(history(&project, &["check", "status.in_set"]), @r"
    exit 0
    --- stdout
    status.in_set of orders

    2026-01-03 08:00 UTC  pass  0 of 6 rows fail
    2026-01-02 08:00 UTC  fail  2 of 6 rows fail
    2026-01-01 08:00 UTC  pass  0 of 6 rows fail
    ");
    insta::assert_snapshot!(history(&project, &["diff"]), @r"
    exit 0
    --- stdout
    [RUN] → [RUN]

    orders  6 rows  gate FAILED → passed
      fixed: status.in_set
    ");
    insta::assert_snapshot!(history(&project, &["diff", "20260101", "20260102"]), @r"
    exit 0
    --- stdout
    [RUN] → [RUN]

    orders  6 rows  gate passed → FAILED
      newly failing: status.in_set
    ");
    insta::assert_snapshot!(history(&project, &["check", "status.in_sets"]), @r#"
    exit 2
    --- stderr
    error: no run has a check "status.in_sets"
      help: did you mean "status.in_set"?
    "#);
    insta::assert_snapshot!(history(&project, &["diff", "2026"]), @r#"
    exit 2
    --- stderr
    error: several runs begin with "2026"
      help: give more of the id
    "#);
    insta::assert_snapshot!(history(&project, &["--suite", "order"]), @r#"
    exit 2
    --- stderr
    error: no run has a suite "order"
      help: did you mean "orders"?
    "#);
    let listed = printed(&project, &["--limit", "2"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[0]["suites"][0]["checks"][2]["verdicts"], "pfp");
    let shown = printed(&project, &["check", "status.in_set"]);
    assert_eq!(shown[1]["check"]["failing"], 2);
    let compared = printed(&project, &["diff"]);
    assert_eq!(compared["suites"][0]["fixed"], serde_json::json!(["status.in_set"]));
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

#[test]
fn old_runs_are_pruned_by_number_and_age() {
    let project = project(SUITE);
    for day in 1..=6 {
        run(&project, day, &[]);
    }
    assert_eq!(history(&project, &["prune"]).code, 2);
    assert!(
        history(&project, &["prune", "--keep", "0", "--suite", "orders"])
            .stderr
            .contains("--suite is not for prune")
    );
    assert!(
        history(&project, &["prune", "--older-than", "3w"]).stderr.contains("an age is written 90d or 12h")
    );
    // Nothing is that old.
    let kept = history(&project, &["prune", "--keep", "2", "--older-than", "40000d"]);
    assert_eq!(kept.stdout, "0 files deleted, 6 runs kept\n", "{kept}");
    let some = history(&project, &["prune", "--keep", "2"]);
    assert_eq!(some.stdout, "4 files deleted, 2 runs kept\n", "{some}");
    assert!(history(&project, &[]).stdout.starts_with("2026-01-06"));
}

#[test]
fn a_project_says_where_its_history_is() {
    let project = project(SUITE).file("karat.yml", "history: kept/runs\n");
    project.check(&["orders.yml", "-q"]);
    let listed = karat().arg("history").in_dir(project.path()).run();
    assert_eq!((listed.code, listed.stdout.lines().count()), (0, 1), "{listed}");
    let none = karat().arg("history").in_dir(Project::new().path()).run();
    assert!(none.code == 2 && none.stderr.contains("no history is kept here"), "{none}");
}

/// What is no run is named and skipped, whatever it is, by those who list and by those who remember.
#[test]
fn what_is_no_run_is_named_and_skipped() {
    let project = project(SUITE);
    run(&project, 1, &[]);
    let folder = project.path().join("runs");
    let whole = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read_to_string(whole).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    for (name, text) in [
        ("20260102T000000000Z-00000000.jsonl", &whole[..whole.len() / 2]),
        ("20260103T000000000Z-00000000.jsonl", &whole[..40]),
        ("20260104T000000000Z-00000000.jsonl", ""),
        ("20260105T000000000Z-00000000.jsonl", "{}\n{}\n"),
        ("20260106T000000000Z-00000000.jsonl", "\u{0}\u{1}"),
        ("20260107T000000000Z-00000000.jsonl", lines[0]),
        (
            "20260108T000000000Z-00000000.jsonl",
            &whole.replace("\"history_version\":1", "\"history_version\":2"),
        ),
        ("notes.txt", "mine"),
        (".karat-abc", "half"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    std::fs::create_dir(folder.join("20260109T000000000Z-00000000.jsonl")).unwrap();
    let listed = history(&project, &[]);
    assert_eq!((listed.code, listed.stdout.lines().count()), (0, 1), "{listed}");
    assert_eq!(listed.stderr.matches(" is no run: ").count(), 10, "{listed}");
    let ran = run(&project, 20, &["--format", "json=report.json"]);
    let report: Json = serde_json::from_str(&project.read("report.json")).unwrap();
    assert_eq!(report["suites"][0]["past"]["started_at"], "2026-01-01T08:00:00.000Z", "{ran}");
    assert_eq!(ran.stderr.matches(" is no run: ").count(), 8, "{ran}");
    // What a writer has left is his for a day.
    assert!(history(&project, &["prune", "--keep", "0"]).stdout.starts_with("2 files deleted"));
    assert!(folder.join(".karat-abc").exists() && folder.join("notes.txt").exists());
}

#[test]
fn a_history_that_cannot_be_kept_is_told() {
    let project = project(SUITE).file("runs", "a file");
    let ran = run(&project, 1, &[]);
    assert_eq!(ran.code, 3, "{ran}");
    assert!(
        ran.stderr.contains("the history runs cannot be read") && ran.stdout.contains("gate PASSED"),
        "{ran}"
    );
}

/// Runs of the same suites in the same millisecond are two runs.
#[test]
fn runs_of_one_moment_are_both_kept() {
    let project = project(SUITE);
    run(&project, 1, &[]);
    run(&project, 1, &[]);
    assert_eq!(history(&project, &[]).stdout.lines().count(), 2);
}

/// Ten writers at once, and fifty that are killed at any moment: no file is torn, and no run is lost that was reported.
#[cfg(unix)]
#[test]
fn writers_need_no_lock_and_may_be_killed() {
    let project = project(SUITE);
    let start = || -> Child {
        let writer = karat().args(["check", "orders.yml", "--history", "runs", "--format", "json"]);
        let mut writer = writer.in_dir(project.path()).command();
        writer.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    };
    let told: BTreeSet<String> = std::thread::scope(|scope| {
        let killer = scope.spawn(|| {
            let mut random = Random::new(7);
            for _ in 0..50 {
                let mut child = start();
                std::thread::sleep(Duration::from_millis(random.below(150) as u64));
                let _ = child.kill();
                let _ = child.wait();
            }
        });
        let writers: Vec<_> = (0..10)
            .map(|_| {
                scope.spawn(|| {
                    let ran = start().wait_with_output().unwrap();
                    let report: Json = serde_json::from_slice(&ran.stdout).unwrap();
                    report["run"]["id"].as_str().unwrap().to_owned()
                })
            })
            .collect();
        let told = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        killer.join().unwrap();
        told
    });
    let listing = History::at(project.path().join("runs")).runs().unwrap();
    let is_torn = |name: &str| !name.starts_with(".karat-");
    assert!(listing.skipped.iter().all(|skipped| !is_torn(&skipped.file)), "{:?}", listing.skipped);
    let kept: Vec<&str> = listing.runs.iter().map(|run| run.id.as_str()).collect();
    assert!(told.iter().all(|id| kept.iter().any(|kept| kept.starts_with(id))), "{told:?} in {kept:?}");
    assert!(kept.len() >= 10, "{kept:?}");
}

/// No byte of a history is of a personal column.
#[test]
fn a_history_holds_nothing_personal() {
    const SECRET: &str = "wombat-4711";
    let suite = "suite: people
data: people.parquet
pii: [name]
columns:
  name: [{matches: '^[A-Z]'}, {min: {min: zzz}}, {length_between: {max: 3}}, {in_set: [A]}, unique]
  age: [{between: {max: 3}}]
";
    let project = Project::new().file("orders.yml", suite);
    let mut people = df! { "name" => [SECRET, SECRET, "Z"], "age" => [1, 2, 9] }.unwrap();
    project.parquet("people.parquet", &mut people);
    run(&project, 1, &[]);
    run(&project, 2, &[]);
    let mut files = 0;
    for entry in std::fs::read_dir(project.path().join("runs")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains(SECRET) && text.contains("\"masked\":true"), "{text}");
        files += 1;
    }
    assert_eq!(files, 2);
}

#[test]
fn a_record_meets_its_schema() {
    let project = project(SUITE);
    orders(&project, 1);
    run(&project, 1, &[]);
    run(&project, 2, &[]);
    let validator = jsonschema::validator_for(&::karat::history::history_schema()).unwrap();
    for entry in std::fs::read_dir(project.path().join("runs")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut lines = text.lines();
        let record: Json = serde_json::from_str(lines.next().unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        // The report behind it can be read back.
        ::karat::Report::read(lines.next().unwrap()).unwrap();
        assert!(lines.next().is_none());
    }
}

/// The whole reports are yielded one after the other, each under the id of its record; what is none is named in its place.
#[test]
fn whole_reports_are_read_the_oldest_first() {
    let project = project(SUITE);
    orders(&project, 1);
    for day in [2, 1, 1] {
        run(&project, day, &[]);
    }
    let folder = project.path().join("runs");
    let history = History::at(&folder);
    let ids: Vec<String> = history.runs().unwrap().runs.into_iter().rev().map(|run| run.id).collect();
    let torn = "20260101T000000000Z-00000000.jsonl";
    std::fs::write(folder.join(torn), "{}").unwrap();
    let mut reports = history.reports().unwrap();
    assert_eq!(reports.next().unwrap().unwrap_err().file, torn);
    let read: Vec<::karat::Report> = reports.map(Result::unwrap).collect();
    assert_eq!(read.iter().map(|report| report.run.id.clone()).collect::<Vec<_>>(), ids);
    assert!(ids[1].ends_with("-2"), "{ids:?}");
    assert!(read.iter().all(|report| report.suites[0].checks[2].counts.as_ref().unwrap().failing == 1));
}

/// What a run says of the past is what somebody finds who has kept all verdicts.
#[test]
fn the_past_is_that_of_all_runs() {
    const IDS: [&str; 4] = ["a", "b", "c", "d"];
    for case in 0..20 {
        let mut random = Random::new(case);
        let folder = tempfile::TempDir::new().unwrap();
        let history = History::at(folder.path());
        // The verdicts of each check since it is there, the oldest first.
        let mut kept: BTreeMap<&str, Vec<Verdict>> = BTreeMap::new();
        for day in 0..40 {
            let there: Vec<&str> = IDS.into_iter().filter(|_| random.below(8) > 0).collect();
            // Each is on a column of its own: one that is gone is not taken for another one.
            let checks: Vec<String> = there
                .iter()
                .map(|id| format!("{id}: [{{id: {id}, between: {{max: {}}}}}]", random.below(3)))
                .collect();
            let suite = format!("suite: s\ncolumns: {{{}}}\n", checks.join(", "));
            let select = if random.below(4) == 0 { vec![(*random.of(&IDS)).to_owned()] } else { Vec::new() };
            let now = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(day);
            let options = CheckOptions { now: Some(now), select, ..CheckOptions::default() };
            let columns = IDS.map(|id| Column::new(id.into(), [u64::try_from(random.below(3)).unwrap()]));
            let data = DataFrame::new(1, columns.into()).unwrap();
            let mut run = check(&Suite::from_yaml(&suite).unwrap(), data, &options);
            assert_eq!(history.remember(&mut run).unwrap(), []);

            kept.retain(|id, _| there.contains(id));
            let ran = &run.suites[0];
            let past = ran.past.as_ref().unwrap();
            assert_eq!(past.previous.is_some(), day > 0);
            for (id, (outcome, past)) in there.iter().zip(ran.outcomes.iter().zip(&past.checks)) {
                let verdicts = kept.entry(id).or_default();
                let judged = |verdict: &&Verdict| **verdict != Verdict::Skip;
                let previous = verdicts.iter().rfind(judged).or(verdicts.last()).copied();
                verdicts.push(outcome.verdict);
                let troubles =
                    verdicts.iter().rev().filter(judged).take_while(|verdict| **verdict != Verdict::Pass);
                let last = &verdicts[verdicts.len().saturating_sub(30)..];
                let found = past.since.as_ref().map_or(0, |since| since.runs);
                let expected = (previous, troubles.count() as u64, last);
                assert_eq!(
                    (past.previous, found, past.verdicts.as_slice()),
                    expected,
                    "case {case}, day {day}, {id}"
                );
            }
            history.append(&run, &Report::from(&run)).unwrap();
        }
    }
}
