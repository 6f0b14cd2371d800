//! Drafts of suites: `karat suggest` and `karat init`.

use std::fs;
use std::path::{Path, PathBuf};

use karat::data::Dialect;
use karat::engine::{Control, Engine as _, PolarsEngine};
use karat::profile::{ProfileOptions, profile};
use karat::source::StorageOptions;
use karat::suggest::{Draft, Opening, SuggestOptions, suggest};
use karat::{CheckOptions, Suite, check};
use polars::prelude::{DataFrame, DataType, IntoLazy as _, col, df};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_oneof, proptest};

use crate::cli::karat::{Ran, karat};
use crate::cli::project::Project;
use crate::corpora::corpora;
use crate::profile::customers;
use crate::support::{assert_all_pass, parsed};

const NOW: &str = "2026-07-01T00:00:00Z";

fn ran(project: &Project, arguments: &[&str]) -> Ran {
    karat().args(arguments).in_dir(project.path()).run()
}

fn drafted(frame: &DataFrame) -> Draft {
    let engine = PolarsEngine::default();
    let data = engine.open(frame.clone().into(), &StorageOptions::default(), &Dialect::default()).unwrap();
    let profile = profile(data.as_ref(), &engine, &ProfileOptions::default(), Control::default()).unwrap();
    let check = CheckOptions { now: Some(NOW.parse().unwrap()), ..CheckOptions::default() };
    let options = SuggestOptions {
        suite: "drafted",
        layer: None,
        data: "frame",
        schema: "suite.v1.schema.json",
        longest_list: 50,
        others: &[],
        check: &check,
    };
    suggest(&profile, Opening { data, uri: None }, &options).unwrap()
}

#[test]
fn a_draft_says_what_is_seen_and_passes_on_what_it_was_made_of() {
    let project = Project::new();
    project.parquet("lake/silver/customers.parquet", &mut customers());
    let arguments = ["suggest", "lake/silver/customers.parquet", "--now", NOW];
    let told = ran(&project, &arguments);
    assert_eq!(told.code, 0, "{told}");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/golden/profile/customers.yml");
    crate::reports::golden::holds(&golden, &told.stdout);
    for personal in ["jane", "john", "example.org"] {
        assert!(!told.stdout.contains(personal));
    }
    let written = ran(&project, &[&arguments[..], &["--output", "suites/silver/customers.yml"]].concat());
    assert_eq!((written.code, written.stdout.as_str()), (0, ""), "{written}");
    assert!(written.stderr.contains("next: karat check suites/silver/customers.yml"));
    assert_eq!(project.read("suites/silver/customers.yml"), told.stdout);
    let checked = project.check(&["suites/silver/customers.yml"]);
    assert_eq!(checked.code, 0, "{checked}");
    let again = ran(&project, &[&arguments[..], &["--output", "suites/silver/customers.yml"]].concat());
    assert_eq!(again.code, 2, "{again}");
    assert!(again.stderr.contains("exists"));
}

#[test]
fn keys_of_several_columns_and_of_other_tables_are_found() {
    let project = Project::new();
    let orders = (1..=60_i64).collect::<Vec<_>>();
    project.parquet("orders.parquet", &mut df!("order_id" => &orders).unwrap());
    let lines = (0..180_i64).map(|row| (row / 3 + 1, row % 3 + 1));
    let (order_id, line_number): (Vec<i64>, Vec<i64>) = lines.unzip();
    let quantity = (0..180_i64).map(|row| row * 7 % 11).collect::<Vec<_>>();
    let mut lines =
        df!("order_id" => order_id, "line_number" => line_number, "quantity" => quantity).unwrap();
    project.parquet("lines.parquet", &mut lines);
    let told = ran(&project, &["suggest", "lines.parquet", "--with", "orders.parquet"]);
    for part in
        ["key: [order_id, line_number]", "- unique: [order_id, line_number]", "- exists_in: orders.parquet"]
    {
        assert!(told.stdout.contains(part), "{part}\n{told}");
    }
    assert!(!told.stdout.contains("unique: [order_id, quantity]"));
    fs::write(project.path().join("lines.yml"), &told.stdout).unwrap();
    assert_eq!(project.check(&["lines.yml"]).code, 0);
}

#[test]
fn what_a_delta_table_says_of_itself_is_suggested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta");
    let copied = tempfile::tempdir().unwrap();
    copy(&root.join("dv_files/table"), copied.path());
    // What its commits say of the table gets a constraint, and a comment of a column.
    for entry in fs::read_dir(copied.path().join("_delta_log")).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("json") => {
                let text = fs::read_to_string(&path).unwrap();
                let lines: Vec<String> = text.lines().map(with_declarations).collect();
                fs::write(&path, lines.join("\n") + "\n").unwrap();
            }
            Some("crc") => fs::remove_file(path).unwrap(),
            _ => {}
        }
    }
    let told = karat().args(["suggest", "."]).in_dir(copied.path()).run();
    assert_eq!(told.code, 0, "{told}");
    assert!(told.stdout.contains("the number of the row"), "{told}");
    assert!(told.stdout.contains("constraint id_is_small of the table"), "{told}");
    let rule = "- rows: {predicate: 'id < 1000000', nulls: pass}";
    assert!(told.stdout.contains(rule) && told.stdout.contains("id: constraint.id_is_small"), "{told}");
}

fn with_declarations(line: &str) -> String {
    let mut action: serde_json::Value = serde_json::from_str(line).unwrap();
    if let Some(metadata) = action.get_mut("metaData") {
        metadata["configuration"]["delta.constraints.id_is_small"] = "id < 1000000".into();
        let mut schema: serde_json::Value =
            serde_json::from_str(metadata["schemaString"].as_str().unwrap()).unwrap();
        schema["fields"][0]["metadata"]["comment"] = "the number of the row".into();
        metadata["schemaString"] = schema.to_string().into();
    }
    action.to_string()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(|_| ()).unwrap() }
    }
}

#[test]
fn a_project_begins_with_a_draft_for_each_dataset_and_replaces_nothing() {
    let project = Project::new();
    let mut orders = df!("order_id" => (1..=60_i64).collect::<Vec<_>>()).unwrap();
    for number in 0..12 {
        project.parquet(&format!("lake/raw/table_{number}/part-0.parquet"), &mut orders);
    }
    project.parquet("lake/silver/customers.parquet", &mut customers());
    let project = project.file("lake/raw/broken.parquet", "no parquet");
    let told = ran(&project, &["init", "lake"]);
    assert_eq!(told.code, 3, "{told}");
    assert!(
        told.stdout.contains("13 suites written, 1 dataset could not be read\nnext: karat check"),
        "{told}"
    );
    assert!(project.read("karat.yml").contains("bronze:\n    fail_on: error"));
    let first = project.read("suites/bronze/table_0.yml");
    assert!(first.starts_with("# yaml-language-server: $schema=../../suite.v1.schema.json\n"), "{first}");
    assert!(project.path().join("suites/bronze/../../suite.v1.schema.json").is_file());
    let checked = project.check(&[]);
    assert_eq!(checked.code, 0, "{checked}");
    let project = project.file("suites/bronze/table_0.yml", "suite: mine\ndata: lake/raw/table_0\n");
    let again = ran(&project, &["init", "lake"]);
    assert!(again.stdout.contains("0 suites written, 13 suites kept"), "{again}");
    assert_eq!(project.read("suites/bronze/table_0.yml"), "suite: mine\ndata: lake/raw/table_0\n");
    let nothing = Project::new().file("empty/readme.txt", "");
    let nothing = ran(&nothing, &["init", "empty"]);
    assert_eq!(nothing.code, 2, "{nothing}");
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn drafts_of_the_reference_tables_pass_on_them() {
    let mut files: Vec<PathBuf> = fs::read_dir(corpora("gx/reference"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "parquet"))
        .collect();
    files.extend(
        ["hospital/clean.csv", "hospital/dirty.csv", "beers/clean.csv", "beers/dirty.csv"]
            .map(|file| corpora("dirty").join(file)),
    );
    for file in files {
        let folder = tempfile::tempdir().unwrap();
        let uri = file.display().to_string();
        let told = karat().args(["suggest", &uri, "--output", "drafted.yml"]).in_dir(folder.path()).run();
        assert_eq!(told.code, 0, "{uri}: {told}");
        let checked = karat().args(["check", "drafted.yml"]).in_dir(folder.path()).run();
        assert_eq!(checked.code, 0, "{uri}: {checked}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_draft_passes_on_what_it_was_made_of(
        numbers in vec(weighted(0.9, prop_oneof![-3_i64..3, any::<i64>()]), 1..80),
        doubles in vec(weighted(0.9, prop_oneof![any::<f64>(), -1.0..1.0_f64]), 80),
        texts in vec(weighted(0.9, prop_oneof!["[ab]", "[A-Z]{2}-[0-9]{3}", "\\PC{0,12}"]), 80),
        days in vec(weighted(0.95, -30_000_i32..60_000), 80),
        truths in vec(weighted(0.8, any::<bool>()), 80),
    ) {
        let height = numbers.len();
        let frame = df! {
            "n" => &numbers,
            "id" => (0..height as i64).collect::<Vec<_>>(),
            "x" => &doubles[..height],
            "t: 'quoted' #1" => &texts[..height],
            "email" => &texts[..height],
            "d" => &days[..height],
            "yes" => &truths[..height],
        };
        let frame = frame.unwrap().lazy().with_column(col("d").cast(DataType::Date)).collect().unwrap();
        let draft = drafted(&frame);
        let suite: Suite = parsed(&draft.yaml);
        let options = CheckOptions { now: Some(NOW.parse().unwrap()), ..CheckOptions::default() };
        let run = check(&suite, frame, &options);
        assert_all_pass(&run);
        prop_assert!(draft.checks > 5 && run.passed(), "{}", draft.yaml);
    }
}
