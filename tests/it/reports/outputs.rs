//! The outputs for build servers: what they look like, that their schemas hold, and that all of them say the same.

pub(super) mod read;
mod schemas;

use std::path::Path;

use polars::prelude::df;

use super::golden::holds;
use crate::cli::{Project, scrubbed};

/// Every verdict, a check without a row to judge, personal data, and names in Chinese.
const SUITE: &str = "\
suite: shop/订单
layer: silver
data: orders.parquet
owner: orders-team
key: order_id
pii: [email]
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F, P]
    - not_null
  状态: [not_null]
  amount:
    - between: {min: 0, max: 100}
      warn_if: '> 0'
      fail_if: '> 50 %'
  email:
    - matches: '^[^@]+@[^@]+$'
  shipped_at: [not_null]
table:
  - row_count: {min: 1}
    tags: [nightly]
  - rows: amount < 100
    where: status = 'lost'
    id: lost_orders_are_small
";

/// One whose data is not there.
const NOWHERE: &str = "\
suite: shop/nowhere
data: nowhere.parquet
columns:
  a: [not_null, unique]
";

fn project() -> Project {
    let project = Project::new().file("suites/orders.yml", SUITE).file("suites/nowhere.yml", NOWHERE);
    let mut orders = df! {
        "order_id" => [1_i64, 2, 3, 9_007_199_254_740_993, 9_007_199_254_740_993, 6],
        "status" => [Some("O"), Some("F"), Some("P"), Some("X|`<b>"), Some("##[error]%0A::"), None],
        "状态" => [Some("新"), None, None, Some("旧"), Some("旧"), Some("旧")],
        "amount" => [10.0, 20.5, 30.0, -5.0, 50.0, 60.0],
        "email" => ["a@x.org", "b@x.org", "secret-carl", "d@x.org", "e@x.org", "f@x.org"],
    }
    .unwrap();
    project.parquet("orders.parquet", &mut orders);
    project
}

/// The names of the outputs, each of which is a file.
const OUTPUTS: [(&str, &str); 9] = [
    ("json", "report.json"),
    ("html", "report.html"),
    ("gx", "gx.json"),
    ("junit", "junit.xml"),
    ("sarif", "sarif.json"),
    ("markdown", "markdown.md"),
    ("github", "github.txt"),
    ("gitlab", "gitlab.json"),
    ("azure", "azure.txt"),
];

/// Writes the run in every format, all checks but one selected; what text says of it.
fn run(project: &Project) -> String {
    let mut arguments: Vec<String> =
        ["suites", "-v", "--samples", "2", "--now", "2026-01-31T10:00:00Z"].map(str::to_owned).to_vec();
    for selected in
        ["order_id", "status", "状态", "amount", "email", "shipped_at", "lost_orders_are_small", "a"]
    {
        arguments.extend(["--select".to_owned(), selected.to_owned()]);
    }
    for (format, file) in OUTPUTS {
        arguments.extend(["--format".to_owned(), format!("{format}={file}")]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = project.check(&arguments);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    ran.stdout
}

#[test]
fn the_golden_files_are_what_karat_writes() {
    let project = project();
    let text = run(&project);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/golden/outputs");
    holds(&folder.join("text.txt"), &text);
    let time = regex::Regex::new(r#" time="[0-9.]+""#).unwrap();
    // The others have golden files of their own.
    for (_, file) in &OUTPUTS[3..] {
        let text = time.replace_all(&project.read(file), r#" time="[TIME]""#).into_owned();
        holds(&folder.join(file), &scrubbed(&text));
    }
}

#[test]
fn all_outputs_come_to_the_same_verdicts() {
    let project = project();
    let text = run(&project);
    let report: serde_json::Value = serde_json::from_str(&project.read("report.json")).unwrap();
    let verdicts = read::json(&report);
    for verdict in ["pass", "warn", "fail", "error", "skip"] {
        assert!(verdicts.values().any(|found| found == verdict), "no check came to {verdict}");
    }
    let checks =
        report["suites"].as_array().unwrap().iter().flat_map(|suite| suite["checks"].as_array().unwrap());
    let has = |word: &str| checks.clone().any(|check| check[word] == true);
    assert!(has("vacuous") && has("masked"));

    assert_eq!(read::junit(&project.read("junit.xml")), verdicts);
    assert_eq!(read::html(&project.read("report.html"), &verdicts), verdicts);
    assert_eq!(read::text(&text, &report), verdicts);
    // These tell only of what did not pass.
    let troubles = read::troubles(&verdicts);
    assert_eq!(read::sarif(&project.read("sarif.json")), troubles);
    assert_eq!(read::gitlab(&project.read("gitlab.json"), &report), troubles);
    assert_eq!(read::github(&project.read("github.txt"), &verdicts), troubles);
    assert_eq!(read::azure(&project.read("azure.txt"), &verdicts), troubles);
    assert_eq!(read::markdown(&project.read("markdown.md")), troubles);
    // Great Expectations knows success and no more; what was not asked for it is not told of.
    assert_eq!(read::great_expectations(&project.read("gx.json")), read::successes(&verdicts));
}

#[test]
fn the_worst_come_first() {
    let project = project();
    run(&project);
    let annotations = project.read("azure.txt");
    let order: Vec<usize> = ["status.in_set", "email.matches", "shop/nowhere", "amount.between"]
        .iter()
        .map(|name| annotations.find(name).unwrap_or_else(|| panic!("no {name} in {annotations}")))
        .collect();
    assert!(order.is_sorted(), "{annotations}");
    // A suite that could not be read is told once, and not for each of its checks.
    assert_eq!(annotations.matches("shop/nowhere").count(), 1, "{annotations}");
}

/// Checks of which a great many fail and warn.
fn many(project: Project) -> Project {
    let mut suite = String::from("suite: many\ndata: orders.parquet\nkey: order_id\ntable:\n");
    for number in 0..30 {
        suite.push_str(&format!("  - rows: amount > {number}\n    id: more_than_{number}\n"));
        suite.push_str(&format!(
            "  - rows: amount < {number}\n    id: less_than_{number}\n    severity: warning\n"
        ));
    }
    project.file("many.yml", &suite)
}

#[test]
fn the_limits_of_platforms_are_kept() {
    let project = many(Project::new());
    let summary = project.path().join("summary.md");
    std::fs::write(&summary, "Told before").unwrap();
    let karat = crate::cli::karat().args(["check", "many.yml", "-q", "--format", "github", "--samples", "6"]);
    let ran = karat.env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()).in_dir(project.path()).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let lines = |begin: &str| ran.stdout.lines().filter(|line| line.starts_with(begin)).count();
    assert_eq!((lines("::error "), lines("::warning "), lines("::notice ")), (10, 10, 1), "{ran}");
    // Those of which most rows fail: a comparison with a greater number.
    assert!(ran.stdout.starts_with("::error file=many.yml,line=110,title=many%3A more_than_21::"), "{ran}");
    assert!(ran.stdout.contains("::20 more errors and 20 more warnings: see"), "{ran}");
    let told = std::fs::read_to_string(&summary).unwrap();
    assert!(told.starts_with("Told before\n<!-- karat: report -->\n### ❌ karat: gate failed"), "{told}");
    assert!(told.ends_with('\n') && told.contains("more&#95;than&#95;3"), "{told}");

    // What there is no room for is left out, and the summary says so.
    let karat = crate::cli::karat().args(["check", "many.yml", "-q", "--format", "github"]);
    let held = "x".repeat((1 << 20) - 4_000);
    std::fs::write(&summary, &held).unwrap();
    karat.env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()).in_dir(project.path()).run();
    let told = std::fs::read_to_string(&summary).unwrap();
    assert!(told.len() > held.len() && told.len() <= 1 << 20, "{} bytes", told.len());
    assert!(told.contains("Left out, because there is no room here: "), "{}", &told[held.len()..]);
    // Nor is there room for anything.
    let held = "x".repeat((1 << 20) - 100);
    std::fs::write(&summary, &held).unwrap();
    let karat = crate::cli::karat().args(["check", "many.yml", "-q", "--format", "github"]);
    let ran = karat.env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()).in_dir(project.path()).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "there is no room left in the summary of this step\n"));
    assert!(std::fs::read_to_string(&summary).unwrap() == held);
}

#[test]
fn a_comment_is_never_too_long() {
    let mut suite = String::from("suite: long\ndata: orders.parquet\nkey: order_id\ntable:\n");
    for number in 0..400 {
        suite.push_str(&format!(
            "  - rows: amount > {}\n    id: {}_{number}\n",
            number + 60,
            "long".repeat(20)
        ));
    }
    let project = Project::with(&suite);
    project.check(&["orders.yml", "--format", "markdown=comment.md"]);
    let comment = project.read("comment.md");
    assert!((60_000..=65_536).contains(&comment.len()), "{} bytes", comment.len());
    assert!(comment.starts_with("<!-- karat: report -->\n") && comment.contains("Left out, because"));
    assert!(comment.trim_end().ends_with(" s") && comment.contains("400 checks: 400 failed"));
}
