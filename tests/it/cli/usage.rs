//! Exit code 2: nothing was judged.

use super::{Project, karat};

#[test]
fn bad_usage() {
    let project = Project::with("suite: orders\ncolumns: {order_id: [not_null]}\n");
    let run = |arguments: &[&str]| karat().args(arguments).in_dir(project.path()).run();
    insta::assert_snapshot!(run(&["chek"]), @r"
    exit 2
    --- stderr
    error: unrecognized subcommand 'chek'

      tip: some similar subcommands exist: 'schema', 'check'

    Usage: karat [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["check", "--format", "yaml"]), @r"
    exit 2
    --- stderr
    error: invalid value 'yaml' for '--format <FORMAT[=FILE]>': a format is text, json, html, gx, junit, sarif, markdown, github, gitlab, azure or auto

    For more information, try '--help'.
    ");
    for size in ["", "2", "GB", "2gb", "2 GB", "0GB", "-1GB", "1.5GB", "99999999999999TB"] {
        let ran = run(&["check", &format!("--memory={size}")]).to_string();
        assert!(ran.starts_with("exit 2\n") && ran.contains("--memory <SIZE>"), "{ran}");
    }
    insta::assert_snapshot!(run(&["check", "--memory", "2gb"]), @r"
    exit 2
    --- stderr
    error: invalid value '2gb' for '--memory <SIZE>': a size is a number with kB, MB, GB, TB, KiB, MiB, GiB or TiB

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["check", "--version", "1", "--timestamp", "2026-01-01T00:00:00Z"]), @r"
    exit 2
    --- stderr
    error: the argument '--version <N>' cannot be used with '--timestamp <T>'

    Usage: karat check --version <N> [SUITE|DIR]...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["check", "orders.yml"]), @r"
    exit 2
    --- stderr
    error: the suite orders.yml names no data
      help: give it with --data, or write data: into the suite
    ");
    insta::assert_snapshot!(run(&["check", "missing.yml"]), @r"
    exit 2
    --- stderr
    error: no suite or folder of suites at missing.yml
      help: karat check suites/silver/orders.yml
    ");
    insta::assert_snapshot!(run(&["check", "orders.yml", "--format", "json", "--format", "html"]), @r"
    exit 2
    --- stderr
    error: only one format can go to standard output
      help: --format json=report.json
    ");
    insta::assert_snapshot!(run(&["check", "orders.yml", "--layer", "platinum"]), @r#"
    exit 2
    --- stderr
    error: no layer "platinum": a layer is bronze, silver or gold
    "#);
    assert_eq!(run(&[]).code, 2);
}

#[test]
fn no_suites() {
    let project = Project::new()
        .file("suites/readme.txt", "")
        .file("some/a.yml", "suite: a\nlayer: gold\ntable: [{row_count: {min: 1}}]\n");
    insta::assert_snapshot!(project.check(&[]), @r"
    exit 2
    --- stderr
    error: no suite in suites; nothing was judged
      help: a suite is a file whose name ends in .yml or .yaml, such as suites/silver/orders.yml
    ");
    insta::assert_snapshot!(project.check(&["some", "--layer", "bronze"]), @r"
    exit 2
    --- stderr
    error: no suite of the layer bronze in some; nothing was judged
    ");
}

#[test]
fn suites_of_one_name() {
    let project = Project::new()
        .file("suites/a.yml", "suite: a\ntable: [{row_count: {min: 1}}]\n")
        .file("suites/b.yml", "suite: a\ntable: [{row_count: {min: 1}}]\n");
    insta::assert_snapshot!(project.check(&[]), @r#"
    exit 2
    --- stderr
    error: two suites are called "a": suites/a.yml and suites/b.yml
      help: a suite's name is unique, so that history follows it
    "#);
    let project = Project::new()
        .file("suites/a.yml", "suite: a\ntable: [{row_count: {min: 1}}]\n")
        .file("suites/b.yml", "suite: b\ntable: [{row_count: {min: 1}}]\n");
    insta::assert_snapshot!(project.check(&["--data", "orders.parquet"]), @r"
    exit 2
    --- stderr
    error: --data is given for several suites
      help: name the one suite that it is for
    ");
}

#[test]
fn a_suite_that_does_not_parse_is_an_error_beside_the_others() {
    let project = Project::new()
        .file("suites/good.yml", "suite: good\ndata: orders.parquet\ntable: [{row_count: {min: 1}}]\n")
        .file("suites/typo.yml", "suite: typo\ndata: orders.parquet\ncolumns:\n  order_id:\n    - not_nul\n  amount:\n    - between: {min: 0, mx: 10}\n")
        .file("suites/yaml.yml", "suite: yaml\ncolumns: [\n");
    insta::assert_snapshot!(project.check(&[]), @r#"
    exit 3
    --- stdout
    good  orders.parquet  6 rows in 1 file

      ✓ table  row_count at least 1  observed 6

    gate PASSED: 1 passed  (the gate stops on fail and error; trust footer)  0 scans, [TIME]

    suites/typo.yml  

      ? could not be judged: the suite cannot be read: suites/typo.yml:5:7: no expectation "not_nul" (did you mean "not_null"?) (and 1 more)

    gate COULD NOT TELL: 1 could not be evaluated  (the gate stops on fail and error)

    suites/yaml.yml  

      ? could not be judged: the suite cannot be read: suites/yaml.yml:2:11: while parsing a node, did not find expected node content (a bracket, brace or quote is left open, or a comma is missing)

    gate COULD NOT TELL: 1 could not be evaluated  (the gate stops on fail and error)

      ✓ good             1 passed
      ? suites/typo.yml  1 could not be evaluated
      ? suites/yaml.yml  1 could not be evaluated

    COULD NOT TELL: 1 of 3 gates passed  [TIME]
    --- stderr
    error: no expectation "not_nul"
     --> suites/typo.yml:5:7
      |
    5 |     - not_nul
      |       ^^^^^^^
      |
      = help: did you mean "not_null"?

    error: between has no parameter "mx"
     --> suites/typo.yml:7:25
      |
    7 |     - between: {min: 0, mx: 10}
      |                         ^^
      |
      = help: did you mean "max"?

    error: while parsing a node, did not find expected node content
     --> suites/yaml.yml:2:11
      |
    2 | columns: [
      |           ^
      |
      = help: a bracket, brace or quote is left open, or a comma is missing
    "#);
}

#[test]
fn a_project_file_that_is_wrong() {
    let project = Project::with("suite: orders\ndata: orders.parquet\ntable: [{row_count: {min: 1}}]\n");
    let project = project.file("karat.yml", "layers:\n  golden: {fail_on: warn}\n");
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r#"
    exit 2
    --- stderr
    error: no layer "golden"
     --> karat.yml:2:3
      |
    2 |   golden: {fail_on: warn}
      |   ^^^^^^
      |
      = help: did you mean "gold"?
    "#);
    let project = project.file("karat.yml", "layers:\n  gold: {fail_on: never}\n");
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r#"
    exit 2
    --- stderr
    error: expected error or warn, found the text "never"
     --> karat.yml:2:19
      |
    2 |   gold: {fail_on: *****}
      |                   ^^^^^
    "#);
}
