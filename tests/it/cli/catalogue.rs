//! `karat list` and `karat explain`, packs, and a project's own expectations.

use ::karat::suite::Catalogue;

use super::Project;
use super::karat;

const CODED: &str = "\
expectation: coded
on: column
summary: every value is one of our codes
description: Codes are made by the registry of offices.
parameters:
  letters: {default: O, meaning: the letters in front}
  length: {takes: number, default: 1, meaning: how long a code is}
bare: letters
checks:
  - rows: starts_with($column, $letters) and length($column) = $length
";

const WHOLE: &str = "\
expectation: whole
on: table
summary: orders are whole
parameters:
  statuses: {takes: values, meaning: the statuses there are}
checks:
  - primary_key: [order_id]
  - rows: status in ($statuses)
    id: known
  - share: {of: amount < 0, max: 0.5}
";

const SUITE: &str = "\
suite: orders
data: orders.parquet
columns:
  status:
    - coded
    - {coded: F, where: order_id = 2, id: second}
    - not_blank
table:
  - whole: {statuses: [O, F, P]}
  - implies: {when: status = 'X', then: amount > 50}
  - measure: {of: sum(amount) / count(*), min: 20}
";

fn project() -> Project {
    Project::with(SUITE)
        .file("karat.yml", "")
        .file("expectations/coded.yml", CODED)
        .file("expectations/whole.yaml", WHOLE)
        .file("expectations/README.md", "no definition")
}

#[test]
fn a_project_s_own_expectations_are_like_any_other() {
    let project = project();
    insta::assert_snapshot!(project.check(&["orders.yml"]), @r##"
    exit 1
    --- stdout
    orders  orders.parquet  6 rows in 1 file

      ✗ status  coded                                         3 of 5 rows fail (60 %): "F", "P", "X"
      ✓ status  coded F
      ✓ status  not_blank
      ✓ table   whole.primary_key.not_null statuses: [O, F, P]
      ✓ table   whole.primary_key.unique statuses: [O, F, P]
      ✗ table   whole.known statuses: [O, F, P]               2 of 6 rows fail (33.3 %): "X"
      ✓ table   whole.share statuses: [O, F, P]               observed 0.166666666667
      ✗ table   implies when: status = 'X', then: amount > 50  1 of 1 row fails (100 %)
      ✓ table   measure sum(amount) / count(*) at least 20    observed 27.5833333333

    gate FAILED: 3 failed, 6 passed  (the gate stops on fail and error; trust footer)  2 scans, [TIME]
    "##);
    project.check(&["orders.yml", "--format", "json=report.json"]);
    let report: serde_json::Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let check = &report["suites"][0]["checks"][1];
    assert_eq!(check["expectation"], "coded");
    assert_eq!(check["sentence"], "every value is one of our codes");
    assert_eq!(check["expected"], "coded F");
    assert_eq!(check["arguments"], serde_json::json!({ "letters": "F" }));
    assert_eq!(check["where"], "order_id = 2");
    let selected = project.check(&["orders.yml", "--select", "whole", "-q"]);
    assert!(selected.stdout.contains("1 failed, 3 passed"), "{selected}");
}

#[test]
fn lint_reads_them_too() {
    insta::assert_snapshot!(karat().args(["lint", "orders.yml"]).in_dir(project().path()).run(), @r"
    exit 0
    --- stdout
    expectations/coded.yml: coded reads well
    expectations/whole.yaml: whole reads well
    orders.yml: 9 checks fit orders.parquet
    --- stderr
    note: status.not_blank: whole.known fails whatever it fails
     --> orders.yml:7:7
      |
    7 |     - not_blank
      |       ^^^^^^^^^
      |
      = help: line 9: whole.known statuses: [O, F, P]
    ");
    let wrong = project()
        .file("expectations/wrong.yml", &WHOLE.replace("whole", "w").replace("known", "primary_key"));
    insta::assert_snapshot!(karat().args(["lint", "orders.yml"]).in_dir(wrong.path()).run(), @r#"
    exit 2
    --- stderr
    error: a second check with the id "primary_key"
     --> expectations/wrong.yml:8:5
      |
    8 |   - rows: status in ($statuses)
      |     ^^^^
      |
      = help: give one of them an id: of its own
    "#);
}

#[test]
fn what_does_not_fit_the_table_is_told_where_it_is_used() {
    let project = project().file(
        "orders.yml",
        "suite: orders\ndata: orders.parquet\ncolumns:\n  amount:\n    - coded: x\n  stauts:\n    - coded\n",
    );
    insta::assert_snapshot!(karat().args(["lint", "orders.yml"]).in_dir(project.path()).run(), @r#"
    exit 2
    --- stdout
    expectations/coded.yml: coded reads well
    expectations/whole.yaml: whole reads well
    --- stderr
    error: amount.coded: starts_with() cannot take a value of type float64 here
     --> orders.yml:5:7
      |
    5 |     - coded: x
      |       ^^^^^
      |
      = help: it takes a text

    error: stauts.coded: no column "stauts"
     --> orders.yml:7:7
      |
    7 |     - coded
      |       ^^^^^
      |
      = help: did you mean "status"?

    orders.yml: 2 of 2 checks do not fit orders.parquet
    "#);
}

#[test]
fn list_names_every_expectation() {
    let listed = karat().arg("list").in_dir(project().path()).run();
    assert_eq!(listed.code, 0, "{listed}");
    let lines: Vec<Vec<&str>> = listed.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    for id in Catalogue::standard().ids().chain(["coded", "whole"]) {
        assert!(lines.iter().any(|line| line.len() > 3 && line[0] == id), "{id}");
    }
    let own: Vec<_> = listed.stdout.lines().skip_while(|line| *line != "project").collect();
    insta::assert_snapshot!(own.join("\n"), @r"
    project
      coded              column  rows            every value is one of our codes
      whole              table   rows and value  orders are whole

    Each stands on a column, the table or either, and judges rows, a value or the
    schema. `karat explain NAME` says more of one, `karat explain options` what may
    stand beside it.
    ");
}

#[test]
fn list_is_there_for_programs_too() {
    let listed = karat().args(["list", "--format", "json"]).in_dir(project().path()).run();
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    let listed = listed["expectations"].as_array().unwrap();
    assert_eq!(listed.len(), Catalogue::standard().ids().count() + 2);
    let find = |id: &str| listed.iter().find(|entry| entry["id"] == id).unwrap();
    insta::assert_snapshot!(format!("{}\n{}", find("unique"), find("coded")), @r#"
    {"id":"unique","family":"values","scope":"column or table","natures":["rows"],"summary":"no two rows have the same value, or the same values of several columns","parameters":[{"name":"columns","type":"columns","required":true,"scope":"table","meaning":"the columns that together are unique"},{"name":"ignore_row_if","type":"choice","required":false,"choices":["all_values_are_missing","any_value_is_missing","never"],"scope":"table","meaning":"which rows with nulls are not considered"}],"bare":"columns","great_expectations":["expect_column_values_to_be_unique","expect_compound_columns_to_be_unique"]}
    {"id":"coded","family":"project","scope":"column","natures":["rows"],"summary":"every value is one of our codes","parameters":[{"name":"letters","type":"value","required":false,"default":"O","meaning":"the letters in front"},{"name":"length","type":"number","required":false,"default":"1","meaning":"how long a code is"}],"bare":"letters","great_expectations":[],"path":"expectations/coded.yml"}
    "#);
}

#[test]
fn explain_shows_a_page() {
    for definition in ::karat::expectation::all() {
        assert_eq!(karat().args(["explain", definition.id]).run().stdout.trim(), definition.page.trim());
    }
    let by_other_name = karat().args(["explain", "expect_column_values_to_be_unique"]).run();
    assert!(by_other_name.stdout.starts_with("# unique"), "{by_other_name}");
    for page in ["predicates", "queries", "definitions", "semantics", "primary_key"] {
        assert!(karat().args(["explain", page]).run().stdout.starts_with("# "), "{page}");
    }
    let json = karat().args(["explain", "unique", "--format", "json"]).run().stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["family"], "values");
    assert!(json["page"].as_str().unwrap().starts_with("# unique"));
    insta::assert_snapshot!(karat().args(["explain", "coded"]).in_dir(project().path()).run(), @r"
    exit 0
    --- stdout
    # coded

    Every value is one of our codes.

    Stands on a column; defined in expectations/coded.yml.

    Codes are made by the registry of offices.

    ## Parameters

    A bare argument is `letters`.

    | parameter | type | default | meaning |
    |---|---|---|---|
    | `letters` | value | `O` | the letters in front |
    | `length` | number | `1` | how long a code is |

    ## Definition

    ```yaml
    expectation: coded
    on: column
    summary: every value is one of our codes
    description: Codes are made by the registry of offices.
    parameters:
      letters: {default: O, meaning: the letters in front}
      length: {takes: number, default: 1, meaning: how long a code is}
    bare: letters
    checks:
      - rows: starts_with($column, $letters) and length($column) = $length
    ```
    ");
}

#[test]
fn explain_offers_the_nearest_name() {
    insta::assert_snapshot!(karat().args(["explain", "uniqe"]).run(), @r#"
    exit 2
    --- stderr
    error: no expectation "uniqe"
      help: did you mean "unique"?
    "#);
    insta::assert_snapshot!(karat().args(["explain", "zzzzzzzz"]).run(), @r#"
    exit 2
    --- stderr
    error: no expectation "zzzzzzzz"
      help: `karat list` shows the catalogue
    "#);
}

#[test]
fn explain_lists_what_there_is() {
    let project = Project::new().file("karat.yml", "").file("expectations/coded.yml", CODED);
    let text = karat().arg("explain").in_dir(project.path()).run();
    assert_eq!((text.code, text.stderr.as_str()), (0, ""), "{text}");
    let line = |name: &str| text.stdout.lines().find(|line| line.trim_start().starts_with(name));
    assert_eq!(
        line("memory "),
        Some("  memory              how much a check may take, and which checks keep to it")
    );
    assert!(text.stdout.lines().any(|line| line.split_whitespace().eq(["project", "coded"])), "{text}");
    let json = karat().args(["explain", "--format", "json"]).in_dir(project.path()).run().stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["families"]["project"], serde_json::json!(["coded"]));
    // Whatever is listed can be explained.
    let topics = json["topics"].as_array().unwrap().iter().map(|topic| topic["id"].as_str().unwrap());
    let families = json["families"].as_object().unwrap().values();
    let expectations = families.map(|family| family[0].as_str().unwrap());
    for name in topics.chain(expectations) {
        assert_eq!(karat().args(["explain", name]).in_dir(project.path()).run().code, 0, "{name}");
    }
}
