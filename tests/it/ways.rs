//! Whoever is trusted: what is proved from statistics must be what a scan finds.

pub(crate) mod checks;
mod footers;
pub(crate) mod generated;
mod logs;
pub(crate) mod rows;
mod together;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use karat::data::{DataType, Value};
use karat::document::Syntax;
use karat::engine::polars::open;
use karat::evaluate::{Evidence, Outcome};
use karat::source::{At, StorageOptions, Trust};
use karat::{CheckOptions, Data, Run, Suite, check};
use serde_json::{Value as Json, json};

use super::corpora::corpora;
use super::foreseen::Foreseen;

/// How many columns a suite speaks of: of many, the engine takes its time.
const COLUMNS_AT_ONCE: usize = 5;

/// Checks data with every trust, which must come to the same, and gives what the default one comes to.
pub fn check_all_ways(suite: impl Fn() -> Suite, data: impl Fn() -> Data, options: &CheckOptions) -> Run {
    let options = CheckOptions { engine: Arc::new(Foreseen::default()), ..options.clone() };
    let run = |trust| check(&suite(), data(), &CheckOptions { trust, ..options.clone() });
    let scanned = run(Trust::None);
    let [footer, log] = [Trust::Footer, Trust::Log].map(run);
    for proved in [&footer, &log] {
        for (scanned, proved) in scanned.suites.iter().zip(&proved.suites) {
            assert_eq!(scanned.error, proved.error, "{:?}", scanned.uri);
            assert_eq!(scanned.outcomes.len(), proved.outcomes.len());
            for (check, (scanned, proved)) in
                proved.suite.checks.iter().zip(scanned.outcomes.iter().zip(&proved.outcomes))
            {
                assert_eq!(
                    told(scanned),
                    told(proved),
                    "{:?} {}: {:?}",
                    scanned.columns,
                    check.id,
                    proved.proved
                );
            }
        }
    }
    log
}

/// What an outcome says of the data, however it was found.
fn told(outcome: &Outcome) -> impl PartialEq + std::fmt::Debug {
    (
        (outcome.verdict, outcome.vacuous, outcome.reason.clone()),
        (outcome.observed.clone(), outcome.details.clone(), outcome.counts, outcome.samples.clone()),
    )
}

fn tables_below(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("_delta_log").is_dir() {
        found.push(folder.to_path_buf());
        return;
    }
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            tables_below(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "parquet") {
            found.push(entry);
        }
    }
}

/// A suite of what statistics may tell of all columns: nulls, bounds that hold, and such that do not.
fn suite(extremes: &BTreeMap<String, (Value, Value)>, types: &[(String, DataType)]) -> Suite {
    let mut columns = serde_json::Map::new();
    let first = types.first().map(|(name, _)| quoted(name));
    for (name, data_type) in types {
        let mut checks = vec![json!({"not_null": null, "id": format!("{name} not null")})];
        checks.push(json!({"null": null, "id": format!("{name} null"), "samples": 3}));
        if let Some((least, greatest)) = extremes.get(name) {
            let (least, greatest) = (least.to_json(), greatest.to_json());
            let mut add = |id: &str, what: Json| {
                let mut check = what;
                check["id"] = format!("{name} {id}").into();
                checks.push(check);
            };
            add("within", json!({"between": {"min": least, "max": greatest}}));
            add("least", json!({"between": {"max": least}}));
            add("greatest", json!({"between": {"min": greatest}}));
            add("in set", json!({"in_set": [least, greatest]}));
            add("not in set", json!({"not_in_set": [least]}));
            add("min", json!({"min": {"min": least}}));
            add("max", json!({"max": {"max": greatest}}));
            if let Some(first) = &first {
                let filtered = format!("{first} IS NOT NULL");
                add("filtered", json!({"between": {"min": least, "max": greatest}, "where": filtered}));
            }
        }
        if *data_type == DataType::String {
            checks.push(json!({"matches": "^[a-m]", "id": format!("{name} matches")}));
            checks.push(json!({"length_between": {"max": 4}, "id": format!("{name} length")}));
        }
        columns.insert(quoted(name), Json::Array(checks));
    }
    let text = json!({"suite": "ways", "columns": columns, "table": [{"row_count": {"min": 0}}]}).to_string();
    Suite::parse(&text, "ways.json", Syntax::Json).unwrap()
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The least and greatest values of columns, as a scan finds them.
fn extremes(uri: &str, types: &[(String, DataType)]) -> BTreeMap<String, (Value, Value)> {
    let mut columns = serde_json::Map::new();
    for (name, data_type) in types {
        let bound = match data_type {
            DataType::String => json!("x"),
            DataType::Date | DataType::Timestamp { .. } => json!("2020-01-01"),
            of if of.is_numeric() => json!(0),
            _ => continue,
        };
        let check = |what: &str| json!({what: {"min": bound}, "id": format!("{name} {what}")});
        columns.insert(quoted(name), json!([check("min"), check("max")]));
    }
    if columns.is_empty() {
        return BTreeMap::new();
    }
    let text = json!({"suite": "extremes", "columns": columns}).to_string();
    let suite = Suite::parse(&text, "extremes.json", Syntax::Json).unwrap();
    let run = check(&suite, uri.to_owned(), &CheckOptions { trust: Trust::None, ..CheckOptions::default() });
    let observed = |id: String| run.suites[0].outcome(&id).map(|outcome| Value::clone(&outcome.observed));
    let found = types.iter().filter_map(|(name, _)| {
        let pair = (observed(format!("{name} min"))?, observed(format!("{name} max"))?);
        let finite = |value: &Value| !value.is_null() && value.as_f64().is_none_or(f64::is_finite);
        (finite(&pair.0) && finite(&pair.1)).then(|| (name.clone(), pair))
    });
    found.collect()
}

/// Judges every table below the folders that can be opened, whoever is trusted. Returns how many checks were
/// proved at least in part, and how many of them whole.
fn judged_alike(folders: &[PathBuf]) -> [usize; 2] {
    let [mut proved, mut whole] = [0, 0];
    let mut tables = Vec::new();
    for folder in folders {
        tables_below(folder, &mut tables);
    }
    for table in tables {
        let uri = table.display().to_string();
        let Ok(snapshot) = open(&uri, At::Latest, &StorageOptions::default()) else { continue };
        let fields = snapshot.schema.fields.iter().filter(|field| field.data_type.is_read());
        let types: Vec<_> = fields.map(|field| (field.name.clone(), field.data_type.clone())).collect();
        let options = CheckOptions { samples: 4, ..CheckOptions::default() };
        for types in types.chunks(COLUMNS_AT_ONCE) {
            let extremes = extremes(&uri, types);
            let run = check_all_ways(|| suite(&extremes, types), || Data::from(uri.as_str()), &options);
            for outcome in &run.suites[0].outcomes {
                proved += usize::from(outcome.proved.rows() > 0);
                whole += usize::from(outcome.read == Evidence::Statistics);
            }
        }
    }
    [proved, whole]
}

#[test]
fn every_fixture_is_judged_alike_whoever_is_trusted() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let [proved, whole] = judged_alike(&[fixtures.join("delta"), fixtures.join("parquet")]);
    // Or else this would show nothing.
    assert!(proved > 100 && whole > 50, "{proved} proved at least in part, {whole} whole");
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn every_table_of_the_corpora_is_judged_alike_whoever_is_trusted() {
    let [proved, whole] = judged_alike(&["delta", "gx/reference", "dirty"].map(corpora));
    assert!(proved > 1_000 && whole > 500, "{proved} proved at least in part, {whole} whole");
}
