//! Profiles: `karat profile`, and what it measures.

use std::collections::BTreeMap;
use std::path::Path;

use karat::data::{ColumnPath, Dialect};
use karat::engine::{Control, Engine, PolarsEngine};
use karat::profile::{Profile, ProfileOptions, Questions, RemarkKind, profile};
use karat::report::{ProfileReport, profile_html, profile_json, profile_schema};
use karat::source::{Data, StorageOptions};
use polars::prelude::{
    DataFrame, DataType, IntoLazy as _, IntoSeries as _, NamedFrom as _, Series, StructChunked, col, df,
};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::{Just, ProptestConfig, prop_assert_eq, prop_oneof, proptest};

use crate::cli::karat::{Ran, karat, scrubbed};
use crate::cli::project::Project;
use crate::naive::Naive;

/// Customers with all that is suspicious.
pub(crate) fn customers() -> DataFrame {
    let rows = 0..40_i64;
    let of = |value: fn(i64) -> Option<&'static str>| rows.clone().map(value).collect::<Vec<_>>();
    let frame = df! {
        "customer_id" => rows.clone().map(|row| row + 1).collect::<Vec<_>>(),
        "email" => rows.clone().map(|row| format!("jane{row}@example.org")).collect::<Vec<_>>(),
        "contact" => rows.clone().map(|row| format!("john{row}@example.org")).collect::<Vec<_>>(),
        "code" => rows.clone().map(|row| format!("K-{row:04}")).collect::<Vec<_>>(),
        "segment" => of(|row| Some(["gold", "silver", "Gold", " tin"][row as usize % 4])),
        "country" => of(|row| (row % 10 != 0).then_some(["SE", "NO", "N/A"][row as usize % 3])),
        "score" => rows.clone().map(|row| if row % 8 == 0 { -1.0 } else { row as f64 / 4.0 }).collect::<Vec<_>>(),
        "joined" => rows.clone().map(|row| if row == 7 { 2_932_896 } else { 20_000 + row as i32 }).collect::<Vec<_>>(),
        "since" => of(|row| Some(["2026-01-01", "2026-02-01"][row as usize % 2])),
        "state" => of(|_| Some("active")),
        "note" => of(|_| None),
    };
    frame.unwrap().lazy().with_column(col("joined").cast(DataType::Date)).collect().unwrap()
}

fn told(mut frame: DataFrame, options: &ProfileOptions) -> Profile {
    let project = Project::new();
    project.parquet("data.parquet", &mut frame);
    let engine = PolarsEngine::default();
    let uri = project.path().join("data.parquet").display().to_string();
    let data = engine.open(Data::from(uri), &StorageOptions::default(), &Dialect::default()).unwrap();
    profile(data.as_ref(), &engine, options, Control::default()).unwrap()
}

fn ran(project: &Project, arguments: &[&str]) -> Ran {
    karat().args(arguments).in_dir(project.path()).run()
}

#[test]
fn a_profile_tells_what_columns_hold_and_what_is_suspicious() {
    let project = Project::new();
    project.parquet("customers.parquet", &mut customers());
    let told = ran(&project, &["profile", "customers.parquet"]);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/golden/profile/customers.txt");
    crate::reports::golden::holds(&golden, &told.stdout);
    let unknown = ran(&project, &["profile", "customers.parquet", "--pii", "mail"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
    assert!(
        unknown.stderr.contains("no column \"mail\"") && unknown.stderr.contains("did you mean"),
        "{unknown}"
    );
    assert_eq!(ran(&project, &["profile", "nowhere"]).code, 3);
}

/// What quotes the values of a column: each of these stands in an output unless it is masked.
const PERSONAL: [&str; 2] = ["jane", "john"];

#[test]
fn values_that_look_personal_are_in_no_output() {
    let project = Project::new();
    project.parquet("customers.parquet", &mut customers());
    let all = |more: &[&str]| -> String {
        let formats = ["text", "json", "html"];
        let shown = |format: &&str| {
            let arguments = ["profile", "customers.parquet", "--format", format];
            ran(&project, &[&arguments, more].concat()).stdout
        };
        formats.iter().map(shown).collect()
    };
    let masked = all(&[]);
    assert!(PERSONAL.iter().all(|name| !masked.contains(name)));
    assert!(masked.contains("active") && masked.contains("K-"));
    let shown = all(&["--show-personal"]);
    assert!(PERSONAL.iter().all(|name| shown.contains(name)));
    let named = all(&["--show-personal", "--pii", "contact", "--pii", "state"]);
    assert!(named.contains("jane") && !named.contains("john") && !named.contains("\"active\""));
}

#[test]
fn few_different_values_take_one_scan_and_many_a_second_one_for_histograms() {
    let histograms = ProfileOptions { histograms: true, ..ProfileOptions::default() };
    let few = told(customers(), &histograms);
    assert!(few.columns.iter().all(|column| column.failed.is_empty()), "{:?}", few.columns);
    assert_eq!(few.execution.scans, 1);
    let many =
        || df!("number" => (0..30_000_i64).collect::<Vec<_>>(), "small" => vec![1_i32; 30_000]).unwrap();
    let profile = told(many(), &histograms);
    assert_eq!(profile.execution.scans, 2);
    assert_eq!(told(many(), &ProfileOptions::default()).execution.scans, 1);
    let distinct = profile.columns[0].distinct.unwrap();
    assert!(!distinct.exact && distinct.count.abs_diff(30_000) < 1_500, "{distinct:?}");
    assert!(profile.columns[0].may_be_unique());
    let report: serde_json::Value =
        serde_json::from_str(&profile_json(&ProfileReport::from(&profile))).unwrap();
    let classes = report["columns"][0]["values"]["histogram"].as_array().unwrap();
    assert!(classes.len() == 10 && classes.iter().all(|class| class["rows"] == 3_000), "{classes:?}");
    assert_eq!(report["columns"][0]["values"]["frequent"], serde_json::json!([]));
    assert_eq!(report["columns"][0]["distinct"]["unique"], serde_json::Value::Null);
}

#[test]
fn floats_that_are_no_numbers_are_told_and_hide_nothing() {
    let values = (0..40).map(|row| if row % 4 == 0 { f64::NAN } else { f64::from(row) });
    let profile = told(
        df!("x" => values.collect::<Vec<_>>()).unwrap(),
        &ProfileOptions { histograms: true, ..ProfileOptions::default() },
    );
    let column = &profile.columns[0];
    assert!(column.remarks.iter().any(|remark| remark.kind == RemarkKind::NotANumber && remark.count == 10));
    let values = profile.privacy.show(column.values.clone()).unwrap();
    assert_eq!((values.least.as_f64(), values.greatest.as_f64()), (Some(1.0), Some(39.0)));
    assert_eq!(values.mean.as_f64(), Some(20.0));
    assert_eq!(values.histogram.as_ref().unwrap().rows.iter().sum::<u64>(), 30);
}

#[test]
fn fields_of_structs_are_columns_and_lists_are_counted() {
    let fields = [Series::new("city".into(), ["Oslo", "Lund"]), Series::new("zip".into(), [1_i64, 2])];
    let address = StructChunked::from_series("address".into(), 2, fields.iter()).unwrap();
    let list = Series::new("tags".into(), [Series::new("".into(), ["a"]), Series::new("".into(), ["b"])]);
    let frame = DataFrame::new(2, vec![address.into_series().into(), list.into()]).unwrap();
    let profile = told(frame, &ProfileOptions::default());
    let names: Vec<String> = profile.columns.iter().map(|column| column.path.to_string()).collect();
    assert_eq!(names, ["address", "address.city", "address.zip", "tags"]);
    assert!(profile.columns.iter().all(|column| column.present == Some(2) && column.failed.is_empty()));
    assert!(profile.privacy.hides(&ColumnPath::parse("address.city").unwrap()));
}

#[test]
fn the_json_of_a_profile_meets_its_schema_and_the_page_is_golden() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
    let schema = profile_schema();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    crate::reports::golden::holds(&root.join("profile.v1.schema.json"), &text);
    let profile = told(customers(), &ProfileOptions { histograms: true, ..ProfileOptions::default() });
    let mut report = ProfileReport::from(&profile);
    "customers.parquet".clone_into(&mut report.uri);
    let json = profile_json(&report);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&serde_json::from_str(&json).unwrap()).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let html = scrubbed(&profile_html(&report).unwrap());
    for (extension, text) in [("json", scrubbed(&json)), ("html", html.clone())] {
        crate::reports::golden::holds(
            &root.join("golden/profile/customers").with_extension(extension),
            &text,
        );
    }
    assert!(!html.contains("<script") && !html.contains("http://") && !html.contains("src="));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn another_engine_finds_the_same(
        numbers in vec(weighted(0.8, -5_i64..5), 1..60),
        doubles in vec(weighted(0.8, prop_oneof![-1e6..1e6_f64, Just(f64::NAN)]), 60),
        texts in vec(weighted(0.8, "[aA9 ]{0,3}"), 60),
        days in vec(weighted(0.9, 0_i32..20_000), 60),
    ) {
        let height = numbers.len();
        let frame = df! {
            "n" => numbers,
            "x" => &doubles[..height],
            "t" => &texts[..height],
            "d" => &days[..height],
        };
        let frame = frame.unwrap().lazy().with_column(col("d").cast(DataType::Date)).collect().unwrap();
        let open = |engine: &dyn Engine| {
            engine.open(frame.clone().into(), &StorageOptions::default(), &Dialect::default()).unwrap()
        };
        let polars = PolarsEngine::default();
        let (own, theirs) = (open(&polars), open(&Naive));
        let plan = Questions::of(own.schema()).plan;
        let none = BTreeMap::new();
        let found = polars.measure(&plan, own.as_ref(), &none, Control::default()).unwrap();
        let wanted = Naive.measure(&plan, theirs.as_ref(), &none, Control::default()).unwrap();
        for (id, metric) in plan.metrics.entries() {
            let [found, wanted] = [&found, &wanted].map(|all| {
                crate::naive::kinds::comparable(all.measured[id].as_ref().unwrap())
            });
            prop_assert_eq!(found, wanted, "{}", metric);
        }
    }
}
