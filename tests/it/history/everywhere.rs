//! What holds of a history wherever it is kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::karat::{CheckOptions, Report, Suite, Verdict, check};
use polars::prelude::{Column, DataFrame, ParquetReader, SerReader as _, df};

use super::{PLACES, SUITE, history_in, opened, orders, printed, project, reports, run_in};
use crate::cli::{Project, karat};
use crate::fuzz::Random;

#[test]
fn the_history_is_listed_shown_and_compared() {
    insta::allow_duplicates!(for place in PLACES {
        let project = project(SUITE);
        for (day, wrong) in [(1, 0), (2, 2), (3, 0)] {
            orders(&project, wrong);
            run_in(place, &project, day, &[]);
        }
        insta::assert_snapshot!(history_in(place, &project, &[]), @r"
    exit 0
    --- stdout
    2026-01-03 08:00 UTC  passed  1 suite  3 passed            [RUN]
    2026-01-02 08:00 UTC  FAILED  1 suite  1 failed, 2 passed  [RUN]
    2026-01-01 08:00 UTC  passed  1 suite  3 passed            [RUN]
    ");
        insta::assert_snapshot!(history_in(place, &project, &["check", "status.in_set"]), @r"
    exit 0
    --- stdout
    status.in_set of orders

    2026-01-03 08:00 UTC  pass  0 of 6 rows fail
    2026-01-02 08:00 UTC  fail  2 of 6 rows fail
    2026-01-01 08:00 UTC  pass  0 of 6 rows fail
    ");
        insta::assert_snapshot!(history_in(place, &project, &["diff"]), @r"
    exit 0
    --- stdout
    [RUN] → [RUN]

    orders  6 rows  gate FAILED → passed
      fixed: status.in_set
    ");
        insta::assert_snapshot!(history_in(place, &project, &["diff", "20260101", "20260102"]), @r"
    exit 0
    --- stdout
    [RUN] → [RUN]

    orders  6 rows  gate passed → FAILED
      newly failing: status.in_set
    ");
        insta::assert_snapshot!(history_in(place, &project, &["check", "status.in_sets"]), @r#"
    exit 2
    --- stderr
    error: no run has a check "status.in_sets"
      help: did you mean "status.in_set"?
    "#);
        insta::assert_snapshot!(history_in(place, &project, &["diff", "2026"]), @r#"
    exit 2
    --- stderr
    error: several runs begin with "2026"
      help: give more of the id
    "#);
        insta::assert_snapshot!(history_in(place, &project, &["--suite", "order"]), @r#"
    exit 2
    --- stderr
    error: no run has a suite "order"
      help: did you mean "orders"?
    "#);
        let listed = printed(place, &project, &["--limit", "2"]);
        assert_eq!(listed.as_array().unwrap().len(), 2);
        assert_eq!(listed[0]["suites"][0]["checks"][2]["verdicts"], "pfp");
        let shown = printed(place, &project, &["check", "status.in_set"]);
        assert_eq!(shown[1]["check"]["failing"], 2);
        let compared = printed(place, &project, &["diff"]);
        assert_eq!(compared["suites"][0]["fixed"], serde_json::json!(["status.in_set"]));
    });
}

#[test]
fn old_runs_are_pruned_by_number_and_age() {
    for place in PLACES {
        prunes(place);
    }
}

fn prunes(place: &str) {
    let project = project(SUITE);
    for day in 1..=6 {
        run_in(place, &project, day, &[]);
    }
    assert_eq!(history_in(place, &project, &["prune"]).code, 2);
    assert!(
        history_in(place, &project, &["prune", "--keep", "0", "--suite", "orders"])
            .stderr
            .contains("--suite is not for prune")
    );
    assert!(
        history_in(place, &project, &["prune", "--older-than", "3w"])
            .stderr
            .contains("an age is written 90d or 12h")
    );
    // Nothing is that old.
    let kept = history_in(place, &project, &["prune", "--keep", "2", "--older-than", "40000d"]);
    assert_eq!(kept.stdout, "0 files deleted, 6 runs kept\n", "{kept}");
    let some = history_in(place, &project, &["prune", "--keep", "2"]);
    assert_eq!(some.stdout, "4 files deleted, 2 runs kept\n", "{some}");
    assert!(history_in(place, &project, &[]).stdout.starts_with("2026-01-06"));
    let ids: Vec<String> =
        reports(&opened(place, &project)).into_iter().map(|report| report.run.id).collect();
    assert!(ids.len() == 2 && ids[0].starts_with("20260105") && ids[1].starts_with("20260106"), "{ids:?}");
    // The next run goes on from there.
    assert!(run_in(place, &project, 7, &[]).stderr.is_empty());
}

/// Runs of the same suites in the same millisecond are two runs.
#[test]
fn runs_of_one_moment_are_both_kept() {
    for place in PLACES {
        let project = project(SUITE);
        for _ in 0..3 {
            assert_eq!(run_in(place, &project, 1, &[]).code, 0);
        }
        let mut ids: Vec<String> =
            opened(place, &project).runs().unwrap().runs.into_iter().map(|run| run.id).collect();
        ids.sort();
        let first = ids[0].clone();
        assert_eq!(ids, [first.clone(), format!("{first}-2"), format!("{first}-3")]);
    }
}

/// The whole reports are yielded one after the other, each under the id of its record; what is none is named in its place.
#[test]
fn whole_reports_are_read_the_oldest_first() {
    for place in PLACES {
        let nowhere = "suite: nowhere\ndata: nowhere.parquet\ncolumns: {id: [not_null]}\n";
        let project = project(SUITE).file("nowhere.yml", nowhere);
        orders(&project, 1);
        let mut written = Vec::new();
        // As many as are read at once, and more.
        for day in [2, 1, 1].into_iter().chain(3..16) {
            run_in(place, &project, day, &["nowhere.yml", "--format", "json=report.json"]);
            written.push(Report::read(&project.read("report.json")).unwrap());
        }
        let history = opened(place, &project);
        let ids: Vec<String> = history.runs().unwrap().runs.into_iter().rev().map(|run| run.id).collect();
        assert!(ids.is_sorted() && ids[1].ends_with("-2"), "{ids:?}");
        let read = reports(&history);
        assert_eq!(
            read.iter().map(|report| &report.run.id).collect::<Vec<_>>(),
            ids.iter().collect::<Vec<_>>()
        );
        written.sort_by(|one, other| one.run.started_at.cmp(&other.run.started_at));
        for (read, mut written) in read.iter().zip(written) {
            // Two of one moment are alike but for their time and their past.
            written.run.id.clone_from(&read.run.id);
            if !read.run.id.starts_with("20260101") {
                assert_eq!(::karat::report::json(read), ::karat::report::json(&written));
            }
        }
    }
}

#[test]
fn a_project_says_where_its_history_is() {
    let table = "variables: {KEPT: kept}\nhistory: {delta: \"${KEPT}/runs\"}\n";
    for (written, place) in [("history: kept/runs\n", "kept/runs"), (table, "delta:kept/runs")] {
        let project = project(SUITE).file("karat.yml", written);
        project.check(&["orders.yml", "-q"]);
        let listed = karat().arg("history").in_dir(project.path()).run();
        assert_eq!((listed.code, listed.stdout.lines().count()), (0, 1), "{listed}");
        assert_eq!(listed.stdout, history_in(place, &project, &[]).stdout);
        // The environment is stronger.
        let listed = karat().arg("history").env("KARAT_HISTORY", "delta:other").in_dir(project.path()).run();
        assert!(listed.code == 2 && listed.stderr.contains("other has no runs"), "{listed}");
    }
    let none = karat().arg("history").in_dir(Project::new().path()).run();
    assert!(none.code == 2 && none.stderr.contains("no history is kept here"), "{none}");
}

#[test]
fn a_history_that_cannot_be_kept_is_told() {
    for place in PLACES {
        let project = project(SUITE).file("runs", "a file");
        let ran = run_in(place, &project, 1, &[]);
        assert_eq!(ran.code, 3, "{ran}");
        assert!(
            ran.stderr.contains("the history runs cannot be read") && ran.stdout.contains("gate PASSED"),
            "{ran}"
        );
    }
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
    for place in PLACES {
        run_in(place, &project, 1, &[]);
        run_in(place, &project, 2, &[]);
        let told: Vec<String> = reports(&opened(place, &project)).iter().map(::karat::report::json).collect();
        assert!(told.len() == 2 && told.iter().all(|told| told.contains("\"masked\": true")), "{told:?}");
        let mut files = 0;
        for path in files_below(&project.path().join("runs")) {
            let bytes = std::fs::read(&path).unwrap();
            let mut texts = vec![String::from_utf8_lossy(&bytes).into_owned()];
            if path.extension().is_some_and(|extension| extension == "parquet") {
                let frame = ParquetReader::new(std::io::Cursor::new(bytes)).finish().unwrap();
                for column in frame.columns().iter().filter_map(|column| column.str().ok()) {
                    texts.extend(column.iter().flatten().map(str::to_owned));
                }
                assert!(texts.len() > 100, "{}", texts.len());
            }
            assert!(texts.iter().all(|text| !text.contains(SECRET)), "{}", path.display());
            files += 1;
        }
        // A file for each run; in the table, commits too.
        assert_eq!(files, if place == "runs" { 2 } else { 5 });
        std::fs::remove_dir_all(project.path().join("runs")).unwrap();
    }
}

/// All files below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// What a run says of the past is what somebody finds who has kept all verdicts.
#[test]
fn the_past_is_that_of_all_runs() {
    const IDS: [&str; 4] = ["a", "b", "c", "d"];
    for case in 0..21 {
        let mut random = Random::new(case);
        let folder = Project::new();
        // A commit takes longer than a file.
        let history = opened(PLACES[usize::from(case >= 20)], &folder);
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
