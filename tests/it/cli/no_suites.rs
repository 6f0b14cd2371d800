//! `karat check` where there is no folder `suites`.

use super::{Project, Ran, karat};

const SUITE: &str = "suite: one\ndata: orders.parquet\ncolumns: {order_id: [not_null]}\n";

fn here(project: &Project, folder: &str, command: &str) -> Ran {
    karat().arg(command).in_dir(&project.path().join(folder)).run()
}

#[test]
fn says_which_suites_are_here() {
    let project = Project::new().file("karat.yml", "").file("one.yml", SUITE);
    insta::assert_snapshot!(here(&project, "", "check"), @r"
    exit 2
    --- stderr
    error: no folder suites is here; there is 1 suite: one.yml
      help: karat check one.yml
    ");
    let project = project
        .file("more/two.yaml", &SUITE.replace("one", "two"))
        .file("more/deep/three.json", r#"{"suite": "three"}"#)
        .file("more/deep/four.json", r#"{"name": "four", "expectations": []}"#)
        .file("expectations/mine.yml", "expectation: mine\non: column\nsummary: mine\nchecks: [not_null]\n")
        .file(".github/workflows/ci.yml", "on: push\n");
    insta::assert_snapshot!(here(&project, "", "lint"), @r"
    exit 2
    --- stderr
    error: no folder suites is here; there are 3 suites: more/deep/four.json, more/two.yaml, one.yml
      help: karat lint .
    ");
    insta::assert_snapshot!(here(&project, "more", "check"), @r"
    exit 2
    --- stderr
    error: no folder suites is here; there are 2 suites: deep/four.json, two.yaml
      help: karat check .
    ");
    // What would not be taken for a suite is not named.
    let project = project.file("compose.yml", "services: {}\n");
    insta::assert_snapshot!(here(&project, "", "check"), @r"
    exit 2
    --- stderr
    error: no folder suites is here; there are 3 suites: more/deep/four.json, more/two.yaml, one.yml
      help: karat check more/deep/four.json more/two.yaml one.yml
    ");
}

/// What it says to type works.
#[test]
fn names_what_karat_then_finds() {
    let project = Project::new()
        .file("karat.yml", "")
        .file("one.yml", SUITE)
        .file("more/two.yml", &SUITE.replace("one", "two"))
        .file("expectations/mine.yml", "expectation: mine\non: column\nsummary: s\nchecks: [not_null]\n");
    let said = here(&project, "", "check").stderr;
    let typed = said.lines().find_map(|line| line.strip_prefix("  help: karat ")).unwrap();
    assert_eq!(typed, "check .");
    assert_eq!(karat().args(typed.split(' ')).in_dir(project.path()).run().code, 0);
}

#[test]
fn finds_those_of_the_project() {
    let project = Project::new().file("karat.yml", "").file("suites/one.yml", SUITE).file("notes/a.txt", "");
    let ran = here(&project, "notes", "check");
    assert!(ran.code == 0 && ran.stdout.contains("gate PASSED: 1 passed"), "{ran}");
    insta::assert_snapshot!(here(&Project::new(), "", "check"), @r"
    exit 2
    --- stderr
    error: no suite or folder of suites at suites
      help: karat check suites/silver/orders.yml
    ");
}
