//! What only a folder of runs has.

use serde_json::Value as Json;

use super::{SUITE, history, orders, project, run};

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
