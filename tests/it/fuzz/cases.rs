//! Cases: a file or a table, changed.

use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use karat::document::Syntax;
use karat::source::{At, StorageOptions, open};
use karat::{CheckOptions, Suite, check};
use serde_json::{Value, json};

use super::mutate::{Random, mutate};

/// A dataset to change: one file, or a folder of which one file is changed.
struct Seed {
    path: PathBuf,
    /// The files within that may be changed; none if it is a file.
    within: Vec<PathBuf>,
    suite: OnceLock<String>,
}

impl Seed {
    fn suite(&self) -> &str {
        self.suite.get_or_init(|| suite(&self.path))
    }
}

static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files = Vec::new();
    for folder in ["codecs", "encodings", "duckdb", "shapes"] {
        files.extend(below(&fixtures.join("parquet").join(folder)));
    }
    files.push(fixtures.join("parquet/types.parquet"));
    let files = files.into_iter().map(|path| Seed { path, within: Vec::new(), suite: OnceLock::new() });
    let folders = std::fs::read_dir(fixtures.join("delta")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|path| path.join("_delta_log").is_dir()).collect();
    folders.sort();
    let tables = folders.into_iter().map(|path| {
        let within = below(&path).into_iter().filter(|file| is_small(file));
        let within = within.map(|file| file.strip_prefix(&path).unwrap().to_path_buf()).collect();
        Seed { path, within, suite: OnceLock::new() }
    });
    files.chain(tables).collect()
});

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

/// Checks that read every column in every way; if the columns cannot be told, one on the table.
pub(crate) fn suite(path: &Path) -> String {
    let fields = open(&path.display().to_string(), At::Latest, &StorageOptions::default())
        .map(|snapshot| snapshot.schema.fields);
    let mut columns = serde_json::Map::new();
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
    let mut suite = json!({"suite": "changed", "table": table});
    if !columns.is_empty() {
        suite["columns"] = Value::Object(columns);
    }
    suite.to_string()
}

/// A case below a folder: the changed dataset and its suite.
fn make(case: u64, folder: &Path) -> (PathBuf, &'static Seed) {
    let mut random = Random::new(case);
    let seed = &SEEDS[random.below(SEEDS.len())];
    let target = folder.join(seed.path.file_name().unwrap());
    if seed.within.is_empty() {
        let mut bytes = std::fs::read(&seed.path).unwrap();
        mutate(&mut bytes, &mut random);
        std::fs::write(&target, bytes).unwrap();
    } else {
        for file in below(&seed.path) {
            let copy = target.join(file.strip_prefix(&seed.path).unwrap());
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(file, copy).unwrap();
        }
        let file = target.join(&seed.within[random.below(seed.within.len())]);
        let mut bytes = std::fs::read(&file).unwrap();
        mutate(&mut bytes, &mut random);
        std::fs::write(file, bytes).unwrap();
    }
    (target, seed)
}

/// Runs a case.
pub fn run(case: u64, folder: &Path) {
    let (path, seed) = make(case, folder);
    let suite = Suite::parse(seed.suite(), "fuzz.json", Syntax::Json).unwrap();
    let run = check(suite, path.display().to_string(), &CheckOptions::default());
    assert_eq!(run.suites[0].outcomes.len(), run.suites[0].suite.checks.len());
}

/// Keeps a case, to be looked at; its name.
pub fn keep(case: u64, findings: &Path) -> String {
    let folder = findings.join(case.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let (path, seed) = make(case, &folder);
    std::fs::write(folder.join("suite.json"), seed.suite()).unwrap();
    path.file_name().unwrap().display().to_string()
}
