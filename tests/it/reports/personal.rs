//! Personal data appears nowhere: in no format, no sample, no aggregate, no error, no file name.

use polars::prelude::df;

use crate::cli::{Project, karat};

/// What every personal value of the table holds, so that no trace of one is missed.
const TRACE: &str = "secret";

const SUITE: &str = "\
suite: people
data: people
key: email
pii: [email, name, age]
columns:
  email:
    - matches: '@nowhere$'
    - unique
    - in_set: [a, b]
    - min: {min: zzz}
    - max: {max: aaa}
    - distinct_values: {in: [a, b]}
    - distinct_count: {max: 0}
  name:
    - not_in_set: [a]
    - length_equal: 1
    - distinct_values: {equal: [a]}
      id: exactly_a
  age:
    - between: {min: 0, max: 1}
    - mean: {max: 1}
    - sum: {max: 1}
    - quantiles: [{at: 0.5, max: 1}]
  city:
    - in_set: [nowhere]
table:
  - unique: [name, city]
  - pair: {left: name, is: '=', right: city}
  - rows: length(name) < 2 and email like '%nowhere'
";

/// A folder partitioned by e-mail address.
fn people() -> Project {
    let project = Project::new().file("people.yml", SUITE);
    for number in 1..4 {
        let name = format!("{TRACE}-name");
        let mut rows = df! { "name" => [name.as_str(), name.as_str()], "age" => [48_151_623_i64, 48_151_642], "city" => ["Paris", "Paris"] }.unwrap();
        project.parquet(&format!("people/email={TRACE}-{number}@example.org/part.parquet"), &mut rows);
    }
    project
}

/// What each format says, on a build server that reads all that it is told.
fn outputs(project: &Project) -> String {
    const FILES: [&str; 9] =
        ["json", "html", "gx", "junit", "sarif", "markdown", "github", "gitlab", "azure"];
    let summary = project.path().join("summary.md");
    let formats = FILES.map(|format| format!("--format={format}=out.{format}"));
    let karat = karat().args(["check", "people.yml", "-v", "--gx-result-format", "COMPLETE"]).args(formats);
    let karat = karat.env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap());
    let ran = karat.in_dir(project.path()).run();
    let files = FILES.map(|format| project.read(&format!("out.{format}")));
    format!("{ran}\n{}\n{}", files.join("\n"), project.read("summary.md"))
}

/// The text around what must not be there.
fn leak(outputs: &str) -> Option<&str> {
    let at = [TRACE, "4815"].iter().find_map(|trace| outputs.find(trace))?;
    outputs.get(at.saturating_sub(200)..(at + 60).min(outputs.len()))
}

#[test]
fn no_personal_value_is_shown() {
    let outputs = outputs(&people());
    assert_eq!(leak(&outputs), None);
    // What is not personal is shown, so that this test sees samples at all.
    assert!(outputs.starts_with("exit 1") && outputs.contains("Paris"), "{outputs}");
    assert!(outputs.contains("(masked)"));
}

#[test]
fn errors_name_no_personal_partition() {
    let project = people().file(&format!("people/email={TRACE}-5@example.org/part.parquet"), "broken");
    let outputs = outputs(&project);
    assert!(outputs.starts_with("exit 3"), "{outputs}");
    assert_eq!(leak(&outputs), None);
}

#[test]
fn masked_is_said_only_where_something_was_withheld() {
    let suite = "suite: people\ndata: orders.parquet\npii: [status]\ncolumns:\n  status:\n    - not_null\n    - matches: '.'\n    - max: {max: z}\n";
    let project = Project::with(suite);
    project.check(&["orders.yml", "--format", "json=out.json"]);
    let report: serde_json::Value = serde_json::from_str(&project.read("out.json")).unwrap();
    let masked: Vec<_> = report["suites"][0]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["masked"].as_bool())
        .collect();
    assert_eq!(masked, [Some(true), Some(false), Some(true)]);
}

/// The name of a folder may be the column's name encoded, and a suite quotes a name with a dot.
#[test]
fn errors_name_no_personal_partition_however_its_column_is_called() {
    for (column, folder) in [("`e.mail`", "e.mail"), ("e mail", "e%20mail"), ("é", "%C3%A9")] {
        let suite = format!("suite: people\ndata: people\npii: ['{column}']\ntable:\n  - row_count: 1\n");
        let project = Project::new().file("people.yml", &suite);
        let project = project.file(&format!("people/{folder}={TRACE}/part.parquet"), "broken");
        let outputs = outputs(&project);
        assert!(outputs.starts_with("exit 3") && outputs.contains("=(masked)/part.parquet"), "{outputs}");
        assert_eq!(leak(&outputs), None);
    }
}

/// A column of another dataset that is called as a personal one is personal too.
#[test]
fn errors_of_other_datasets_name_no_personal_partition() {
    let suite = "\
suite: people
data: here.parquet
pii: [email]
columns:
  email:
    - exists_in: {data: people, column: email}
table:
  - row_count_same_as: people
";
    let project = Project::new().file("people.yml", suite);
    let project = project.file(&format!("people/email={TRACE}-5@example.org/part.parquet"), "broken");
    project.parquet("here.parquet", &mut df! { "email" => ["a"] }.unwrap());
    let outputs = outputs(&project);
    assert!(outputs.starts_with("exit 3") && outputs.contains("email=(masked)/part.parquet"), "{outputs}");
    assert_eq!(leak(&outputs), None);
}
