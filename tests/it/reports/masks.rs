//! What stands for personal values: nothing, or keyed hashes.

use std::path::Path;

use polars::prelude::df;
use serde_json::{Value as Json, json};

use crate::cli::{Project, Ran, karat};

const KEY: &str = "3b1f7a90c2d84e56a1b0c9d8e7f60514";
/// A personal value that several tables have.
const SECRET: &str = "wombat-4711@example.org";
const FORMATS: [&str; 10] =
    ["text", "json", "html", "gx", "junit", "sarif", "markdown", "github", "gitlab", "azure"];

const CUSTOMERS: &str = "suite: customers
data: customers.parquet
key: email
pii: [email]
columns:
  email: [{matches: '^[A-Z]'}, unique, {min: {min: zzz}}, {most_common: [a]}]
  age: [{between: {max: 3}}]
table:
  - unique: [email, age]
  - unexpected_rows: select email from batch where age > 5
  - {id: computed, unexpected_rows: 'select email, count(*) as n from batch group by email having count(*) > 1'}
";

const ORDERS: &str = "suite: orders
data: orders.csv
pii: [buyer]
columns:
  buyer: [{in_set: [nobody]}, {not_null: {}, id: there}]
  amount: [{max: {max: 1}, group_by: buyer}]
";

/// Two tables that have personal values in common, and a null.
fn project() -> Project {
    let project = Project::new().file("customers.yml", CUSTOMERS).file("orders.yml", ORDERS).file(
        "orders.csv",
        &format!("buyer,amount\n{SECRET},7\n{SECRET},7\n,1\n\"koala-1@example.org\",9\n"),
    );
    let emails = [Some(SECRET), Some(SECRET), Some("quokka@example.org"), None];
    project.parquet("customers.parquet", &mut df! { "email" => emails, "age" => [7, 7, 9, 1] }.unwrap());
    project
}

fn check(project: &Project, key: &str, arguments: &[&str]) -> Ran {
    let suites = ["check", "customers.yml", "orders.yml"];
    karat().args(suites).args(arguments).env("KARAT_MASK_KEY", key).in_dir(project.path()).run()
}

fn report(project: &Project, arguments: &[&str]) -> Json {
    check(project, KEY, &[&["--format", "json=report.json"], arguments].concat());
    serde_json::from_str(&project.read("report.json")).unwrap()
}

fn of<'a>(report: &'a Json, id: &str) -> &'a Json {
    let checks =
        report["suites"].as_array().unwrap().iter().flat_map(|suite| suite["checks"].as_array().unwrap());
    checks.into_iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no check {id}: {report}"))
}

/// Everything that a run writes, by its name: each format, and the histories.
fn outputs(project: &Project, arguments: &[&str]) -> Vec<(String, String)> {
    let files = FORMATS.map(|format| format!("{format}=out.{format}"));
    let mut asked = vec!["-v", "--gx-result-format", "COMPLETE"];
    asked.extend(files.iter().flat_map(|file| ["--format", file]));
    asked.extend(arguments);
    let mut all = Vec::new();
    for place in ["runs", "delta:kept"] {
        let ran = check(project, KEY, &[asked.as_slice(), &["--history", place]].concat());
        assert_eq!(ran.code, 1, "{ran}");
        all.push((format!("stderr of {place}"), ran.stderr));
    }
    all.extend(FORMATS.map(|format| (format.to_owned(), project.read(&format!("out.{format}")))));
    for entry in std::fs::read_dir(project.path().join("runs")).unwrap() {
        all.push(("runs".to_owned(), std::fs::read_to_string(entry.unwrap().path()).unwrap()));
    }
    let history = crate::history::opened("delta:kept", project);
    let kept = crate::history::reports(&history);
    all.extend(kept.iter().map(|kept| ("delta:kept".to_owned(), ::karat::report::json(kept))));
    all
}

#[test]
fn rows_can_be_joined_by_hashes() {
    let project = project();
    let report = report(&project, &["--mask", "hash"]);
    let hash = of(&report, "email.matches")["samples"][0]["values"]["email"].as_str().unwrap().to_owned();
    assert!(hash.len() == 21 && hash.starts_with("hash:"), "{hash}");
    // The same in every place: of a row, of its key, of a frequent value, of a struct, and of another table.
    let sample = &of(&report, "email.matches")["samples"][0];
    assert_eq!(sample["key"]["email"], hash.as_str());
    assert_eq!(of(&report, "age.between")["samples"][0]["key"]["email"], hash.as_str());
    assert_eq!(of(&report, "email.matches")["values"][0], json!({"value": hash, "count": 2}));
    assert_eq!(of(&report, "email.unique")["values"][0]["value"], hash.as_str());
    assert_eq!(of(&report, "unique")["values"][0]["value"], json!({"email": hash, "age": 7}));
    let bought = of(&report, "buyer.in_set");
    assert_eq!(bought["samples"][1]["values"]["buyer"], hash.as_str());
    assert_eq!(
        (&bought["masked"], &bought["samples"][2]["values"]["buyer"].is_string()),
        (&json!(false), &true)
    );
    // A null stays one.
    assert_eq!(of(&report, "there")["samples"][0]["values"]["buyer"], Json::Null);
    let by_buyer = of(&report, "amount.max");
    assert!(by_buyer["samples"][0]["key"]["buyer"].as_str().unwrap().starts_with("hash:"), "{by_buyer}");
    // What is measured, and what a query gives, is withheld.
    for id in ["email.min", "email.most_common"] {
        let measured = of(&report, id);
        assert_eq!((&measured["observed"], &measured["masked"]), (&Json::Null, &json!(true)), "{measured}");
    }
    assert_eq!(of(&report, "unexpected_rows")["samples"][0]["key"]["email"], hash.as_str());
    assert_eq!(of(&report, "computed")["samples"], json!([]));

    // Another run has the same hashes, and another key has others.
    let again = self::report(&project, &["--mask", "hash"]);
    assert_eq!(of(&again, "buyer.in_set")["samples"], bought["samples"]);
    let other = check(&project, &KEY.replace('3', "4"), &["--mask", "hash", "-v"]);
    assert!(other.stdout.contains("hash:") && !other.stdout.contains(&hash), "{other}");
}

/// Whatever stands for a personal value, no output and no history has the value or the key.
#[test]
fn no_output_has_the_value_or_the_key() {
    for (mask, shown) in [("hash", true), ("withhold", false)] {
        let project = project();
        for (name, text) in outputs(&project, &["--mask", mask]) {
            for secret in ["wombat", "koala", "quokka", KEY] {
                assert!(!text.contains(secret), "{mask}: {name} shows {secret}: {text}");
            }
            let shows = text.contains("hash:") || text.contains("hash&#58;") || text.contains("hash\\:");
            let is_about_rows = !name.starts_with("stderr");
            assert_eq!(shows, shown && is_about_rows, "{mask}: {name}: {text}");
        }
    }
}

#[test]
fn a_project_says_what_stands_for_personal_values() {
    let project = project().file("karat.yml", "defaults: {mask: hash}\n");
    assert!(check(&project, KEY, &["-v"]).stdout.contains("hash:"));
    assert!(!check(&project, KEY, &["-v", "--mask", "withhold"]).stdout.contains("hash:"));
    assert_eq!(check(&project, "", &[]).code, 2);
    // Who needs no key is asked for none.
    assert_eq!(check(&project, "", &["--mask", "withhold"]).code, 1);
    std::fs::write(project.path().join("karat.yml"), "defaults: {mask: hsah}\n").unwrap();
    let wrong = check(&project, KEY, &[]);
    assert!(wrong.code == 2 && wrong.stderr.contains("expected withhold or hash"), "{wrong}");
}

#[test]
fn a_key_that_is_none_is_told_and_not_shown() {
    let project = project();
    let short = &KEY[..31];
    for (key, told) in [
        ("", "personal values cannot be hashed: KARAT_MASK_KEY holds no key"),
        (short, "KARAT_MASK_KEY: the key has 31 characters, and needs 32 at least"),
    ] {
        let ran = check(&project, key, &["--mask", "hash"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran}");
        assert!(ran.stderr.contains(told) && ran.stderr.contains("openssl rand -hex 32"), "{ran}");
        assert!(key.is_empty() || !ran.stderr.contains(key), "{ran}");
    }
    // No suite has a personal value: the key is wanted all the same, so that nobody is surprised later.
    let mistyped =
        karat().args(["check", "orders.yml"]).env("KARAT_MASK_KEYS", KEY).in_dir(project.path()).run();
    assert!(
        mistyped.stderr.contains("did you mean KARAT_MASK_KEY?") && !mistyped.stderr.contains(KEY),
        "{mistyped}"
    );
    let known = check(&project, KEY, &[]);
    assert!(!known.stderr.contains("did you mean"), "{known}");
}

/// Names of partitions are names of files: they are masked, not hashed.
#[test]
fn partitions_are_masked() {
    let project = Project::new().file(
        "parts.yml",
        "suite: parts\ndata: parts\npii: [name]\ncolumns: {id: [{between: {max: 0}}], name: [{in_set: [a]}]}\n",
    );
    project.parquet("parts/name=wombat/0.parquet", &mut df! { "id" => [1] }.unwrap());
    let asked = ["check", "parts.yml", "-v", "--mask", "hash", "--format", "json"];
    let ran = karat().args(asked).env("KARAT_MASK_KEY", KEY).in_dir(project.path()).run();
    assert!(!ran.stdout.contains("wombat") && ran.stdout.contains("hash:"), "{ran}");
}

/// `--samples 0` shows no value of a row, of whatever column, and whatever a check asks for.
#[test]
fn no_samples_are_none_anywhere() {
    const VALUE: &str = "numbat";
    let suite = "suite: s
data: t.parquet
key: id
columns:
  name: [{in_set: [a]}, {unique: {}, samples: 5}, {matches: '^z', id: other}]
  amount: [{max: {max: 1}, group_by: name}]
table:
  - unique: [name, amount]
  - unexpected_rows: select name from batch where amount > 1
";
    let project = Project::new().file("customers.yml", suite).file(
        "orders.yml",
        "suite: text\ndata: t.csv\nschema: {n: int}\ncolumns: {n: [not_null]}\ntable: [readable]\n",
    );
    project.parquet(
        "t.parquet",
        &mut df! { "id" => [VALUE, "dingo"], "name" => [VALUE, VALUE], "amount" => [7, 7] }.unwrap(),
    );
    let project = project.file("t.csv", &format!("n\n1\n{VALUE}\n"));
    let shown = outputs(&project, &[]);
    assert!(shown.iter().filter(|(_, text)| text.contains(VALUE)).count() > 10);
    for folder in ["runs", "kept"] {
        std::fs::remove_dir_all(project.path().join(folder)).unwrap();
    }
    for (name, text) in outputs(&project, &["--samples", "0"]) {
        assert!(!text.contains(VALUE), "{name}: {text}");
    }
    let report: Json = serde_json::from_str(&project.read("out.json")).unwrap();
    assert_eq!(of(&report, "name.in_set")["counts"]["failing"], 2);
    let parts: Vec<&Json> = report["suites"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|suite| suite["checks"].as_array().unwrap())
        .collect();
    for check in parts {
        assert_eq!((&check["samples"], &check["values"]), (&json!([]), &json!([])), "{check}");
    }
    assert!(Path::new(&project.path().join("out.gx")).exists());
}
