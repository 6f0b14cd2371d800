//! Data whose bytes someone changed.

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use karat::document::Syntax;
use karat::engine::polars::open;
use karat::source::{At, StorageOptions};
use karat::{CheckOptions, Suite, check};
use serde_json::{Map, Value, json};

use super::super::mutate::{Random, mutate, mutate_text};
use super::{Input, look_at};

/// A dataset to change: one file, or a folder of which one file is changed.
struct Seed {
    input: Input,
    path: PathBuf,
    /// The files within that may be changed; none if it is a file.
    within: Vec<PathBuf>,
    suite: OnceLock<Map<String, Value>>,
}

impl Seed {
    fn new(input: Input, path: PathBuf, within: Vec<PathBuf>) -> Self {
        Self { input, path, within, suite: OnceLock::new() }
    }

    fn suite(&self) -> &Map<String, Value> {
        self.suite.get_or_init(|| checks(&self.path))
    }
}

static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files = Vec::new();
    for folder in ["codecs", "encodings", "duckdb", "shapes"] {
        files.extend(below(&fixtures.join("parquet").join(folder)));
    }
    files.push(fixtures.join("parquet/types.parquet"));
    files.extend(below(&fixtures.join("arrow")));
    files.extend(below(&fixtures.join("text")));
    let files = files.into_iter().filter_map(|path| Some(Seed::new(kind(&path)?, path, Vec::new())));
    let folders = std::fs::read_dir(fixtures.join("delta")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path().join("table"));
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.join("_delta_log").is_dir()).collect();
    folders.sort();
    let tables = folders.iter().flat_map(|path| {
        let within = below(path).into_iter().filter(|file| is_small(file));
        let within = within.map(|file| file.strip_prefix(path).unwrap().to_path_buf());
        let (log, data): (Vec<_>, Vec<_>) = within.partition(|file| file.starts_with("_delta_log"));
        [Seed::new(Input::Log, path.clone(), log), Seed::new(Input::Table, path.clone(), data)]
    });
    files.chain(tables.filter(|seed| !seed.within.is_empty())).collect()
});

/// What kind of input a file is.
fn kind(file: &Path) -> Option<Input> {
    let name = file.file_name()?.to_str()?;
    let name = name.strip_suffix(".gz").unwrap_or(name);
    Some(match name.rsplit_once('.')?.1 {
        "parquet" => Input::Parquet,
        "arrow" | "arrows" => Input::Arrow,
        "csv" | "tsv" => Input::Csv,
        "ndjson" | "jsonl" => Input::Ndjson,
        _ => return None,
    })
}

/// Whether a change is likely to hit something.
fn is_small(file: &Path) -> bool {
    file.metadata().unwrap().len() < 100_000
}

/// All files below a folder, in the order of their names.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Checks that read every column in every way, as text.
pub(crate) fn suite(path: &Path) -> String {
    Value::Object(checks(path)).to_string()
}

/// Checks that read every column in every way; if the columns cannot be told, one on the table.
fn checks(path: &Path) -> Map<String, Value> {
    let fields = open(&path.display().to_string(), At::Latest, &StorageOptions::default())
        .map(|snapshot| snapshot.schema.fields);
    let mut columns = Map::new();
    let mut table = vec![json!({"row_count": {"min": 0}})];
    for (index, field) in fields.unwrap_or_default().iter().enumerate() {
        let path = format!("`{}`", field.name.replace('`', "``"));
        let id = |name: &str| format!("{name} {index}");
        let of_type: Value = match field.data_type.to_string().as_str() {
            "string" => json!({"in_set": ["red"], "id": id("set")}),
            name if name.contains('<') => json!({"exists": null}),
            name if name.contains("int") => json!({"between": {"min": 3}, "id": id("set")}),
            "float64" => json!({"mean": {"min": 0}}),
            _ => json!({"exists": null}),
        };
        columns.insert(path.clone(), json!(["not_null", {"distinct_count": {"min": 0}}, of_type]));
        table.push(json!({"rows": format!("{path} IS NULL"), "id": id("null")}));
    }
    table.push(json!({"rows": "1 = 2", "id": "every row"}));
    let mut suite = Map::new();
    suite.insert("suite".to_owned(), json!("changed"));
    suite.insert("table".to_owned(), json!(table));
    if !columns.is_empty() {
        suite.insert("columns".to_owned(), Value::Object(columns));
    }
    suite
}

/// A changed dataset and its suite, as JSON.
pub struct Made {
    pub path: PathBuf,
    pub suite: String,
}

/// A case below a folder.
pub fn make(input: Input, folder: &Path, random: &mut Random) -> Made {
    let seeds: Vec<&Seed> = SEEDS.iter().filter(|seed| seed.input == input).collect();
    let seed = random.of(&seeds);
    let target = folder.join(seed.path.file_name().unwrap());
    let file = if seed.within.is_empty() {
        std::fs::copy(&seed.path, &target).unwrap();
        target.clone()
    } else {
        // All tables have one name: nothing of an earlier case stays.
        std::fs::remove_dir_all(&target).ok();
        for file in below(&seed.path) {
            let copy = target.join(file.strip_prefix(&seed.path).unwrap());
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(file, copy).unwrap();
        }
        target.join(random.of(&seed.within))
    };
    let mut bytes = std::fs::read(&file).unwrap();
    let mut suite = seed.suite().clone();
    match input {
        Input::Csv | Input::Ndjson => {
            mutate_text(&mut bytes, random, &TOKENS);
            say_how_it_is_written(input, &mut suite, random);
        }
        Input::Log if is_text(&file) => mutate_text(&mut bytes, random, &LOG_TOKENS),
        _ => mutate(&mut bytes, random),
    }
    std::fs::write(file, bytes).unwrap();
    Made { path: target, suite: Value::Object(suite).to_string() }
}

fn is_text(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "json" || extension == "crc")
}

/// What text of data may hold.
const TOKENS: [&str; 30] = [
    ",",
    ";",
    "\t",
    "\"",
    "\"\"",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\u{feff}",
    "'",
    "\\",
    "null",
    "NaN",
    "-inf",
    "1e400",
    "-0",
    "007",
    "+5",
    ".5",
    "12345678901234567890123456789012345678901",
    "2026-02-30",
    "2026-01-31T23:59:60Z",
    "+24:00",
    "{",
    "}",
    "[",
    "]",
    ":",
    "é\u{301}\u{202e}",
];

/// What a log may hold.
const LOG_TOKENS: [&str; 22] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "\n",
    "null",
    "-1",
    "1e9",
    "9223372036854775807",
    "18446744073709551616",
    "\"add\"",
    "\"remove\"",
    "\"path\":\"../../x\"",
    "\"path\":\"s3://b/x\"",
    "\"size\":-5",
    "\"numRecords\":",
    "\"type\":\"variant\"",
    "\"minReaderVersion\":9",
    "\"2026-13-45\"",
    "\\u0000",
];

/// Says in a suite how text is written, right or wrong.
fn say_how_it_is_written(input: Input, suite: &mut Map<String, Value>, random: &mut Random) {
    const CSV: [&str; 10] = [
        r#"{"separator": ";"}"#,
        r#"{"separator": "\t"}"#,
        r#"{"quote": ""}"#,
        r#"{"quote": "'"}"#,
        r#"{"header": false}"#,
        r#"{"null": ["", "2"]}"#,
        r#"{"encoding": "utf-16"}"#,
        r#"{"encoding": "latin-1"}"#,
        r#"{"nan": "x", "infinity": "inf"}"#,
        r#"{"encoding": "shift_jis", "separator": "|"}"#,
    ];
    const TYPES: [&str; 12] = [
        "boolean",
        "int8",
        "uint64",
        "float32",
        "float64",
        "decimal(12,2)",
        "decimal(38,38)",
        "string",
        "date",
        "time",
        "timestamp",
        "timestamp_ntz",
    ];
    if input == Input::Csv && random.below(3) == 0 {
        suite.insert("csv".to_owned(), serde_json::from_str::<Value>(CSV[random.below(CSV.len())]).unwrap());
    }
    if random.below(3) == 0 {
        let columns = suite.get("columns").and_then(Value::as_object);
        let names: Vec<String> = columns.into_iter().flat_map(Map::keys).cloned().collect();
        if !names.is_empty() {
            suite.insert("schema".to_owned(), json!({random.of(&names): random.of(&TYPES)}));
        }
    }
    if random.below(3) == 0 {
        let table = suite.get_mut("table").and_then(Value::as_array_mut);
        table.unwrap().push(json!("readable"));
    }
}

pub fn try_out(made: &Made) {
    let suite = Suite::parse(&made.suite, "fuzz.json", Syntax::Json).unwrap();
    look_at(&check(&suite, made.path.display().to_string(), &CheckOptions::default()));
}
