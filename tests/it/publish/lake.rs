//! Delta tables that are written by hand, and Parquet files beside them.

use std::path::{Path, PathBuf};
use std::process::Command;

use polars::prelude::{DataFrame, ParquetWriter};
use serde_json::{Map, Value as Json, json};
use tempfile::TempDir;

/// A folder with tables and files.
pub struct Lake {
    folder: TempDir,
}

/// What a table is, as its first commit says it.
#[derive(Clone, Copy)]
pub struct Definition<'a> {
    /// The columns with their types.
    pub columns: &'a [(&'a str, &'a str)],
    pub partitioned: &'a [&'a str],
    /// The columns that are never null.
    pub required: &'a [&'a str],
    pub properties: &'a [(&'a str, &'a str)],
    /// The features of its writers, and those of its readers too.
    pub features: &'a [&'a str],
    pub reader_features: &'a [&'a str],
}

impl Default for Definition<'_> {
    fn default() -> Self {
        Self {
            columns: &[("id", "long"), ("status", "string")],
            partitioned: &[],
            required: &[],
            properties: &[],
            features: &[],
            reader_features: &[],
        }
    }
}

impl Definition<'_> {
    fn actions(&self) -> [Json; 2] {
        let fields = self.columns.iter().map(|(name, kind)| {
            json!({"name": name, "type": kind, "nullable": !self.required.contains(name), "metadata": {}})
        });
        self.with_fields(fields.collect())
    }

    /// The same, with columns as the log writes them.
    pub fn with_fields(&self, fields: Vec<Json>) -> [Json; 2] {
        let properties = self.properties.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        let mut protocol = json!({"minReaderVersion": 1, "minWriterVersion": 2});
        if !self.features.is_empty() {
            protocol = json!({"minReaderVersion": 1, "minWriterVersion": 7, "writerFeatures": self.features});
        }
        if !self.reader_features.is_empty() {
            protocol["minReaderVersion"] = json!(3);
            protocol["readerFeatures"] = json!(self.reader_features);
        }
        let metadata = json!({
            "id": "1", "format": {"provider": "parquet", "options": {}},
            "configuration": properties.collect::<Map<_, _>>(),
            "schemaString": json!({"type": "struct", "fields": fields}).to_string(),
            "partitionColumns": self.partitioned,
        });
        [json!({"protocol": protocol}), json!({"metaData": metadata})]
    }
}

impl Lake {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn uri(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a Parquet file.
    pub fn parquet(&self, name: &str, frame: &DataFrame) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        ParquetWriter::new(std::fs::File::create(path).unwrap()).finish(&mut frame.clone()).unwrap();
        self
    }

    pub fn text(&self, name: &str, text: &str) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Makes a table without rows.
    pub fn table(&self, table: &str, definition: &Definition<'_>) -> &Self {
        self.commit(table, 0, &definition.actions())
    }

    /// Writes a commit.
    pub fn commit(&self, table: &str, version: u64, actions: &[Json]) -> &Self {
        let info = json!({"commitInfo": {"timestamp": 0, "operation": "WRITE"}});
        let lines: Vec<String> = std::iter::once(&info).chain(actions).map(ToString::to_string).collect();
        self.text(&format!("{table}/_delta_log/{version:020}.json"), &lines.join("\n"))
    }

    /// Writes a data file of a table, and returns the action that adds it, with statistics of its whole numbers.
    pub fn add(&self, table: &str, name: &str, frame: &DataFrame, partition: Json) -> Json {
        self.parquet(&format!("{table}/{name}"), frame);
        let size = std::fs::metadata(self.path(table).join(name)).unwrap().len();
        let (mut least, mut greatest, mut nulls) = (Map::new(), Map::new(), Map::new());
        for column in frame.columns() {
            nulls.insert(column.name().to_string(), json!(column.null_count()));
            let whole = column.i64().ok();
            if let Some((low, high)) =
                whole.and_then(|whole| Some((whole.iter().flatten().min()?, whole.iter().flatten().max()?)))
            {
                least.insert(column.name().to_string(), json!(low));
                greatest.insert(column.name().to_string(), json!(high));
            }
        }
        let statistics = json!({
            "numRecords": frame.height(), "minValues": least, "maxValues": greatest, "nullCount": nulls,
        });
        json!({"add": {
            "path": name, "partitionValues": partition, "size": size, "modificationTime": 0, "dataChange": true,
            "stats": statistics.to_string(),
        }})
    }

    /// Makes a table of orders with these rows.
    pub fn orders(&self, table: &str, frame: &DataFrame) -> &Self {
        self.table(table, &Definition::default());
        let add = self.add(table, "first.parquet", frame, json!({}));
        self.commit(table, 1, &[add])
    }

    /// Returns the newest version of a table.
    pub fn version(&self, table: &str) -> u64 {
        let names = files(&self.path(&format!("{table}/_delta_log")));
        names.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).max().unwrap()
    }

    /// Returns the lines of a commit.
    pub fn actions(&self, table: &str, version: u64) -> Vec<Json> {
        let text =
            std::fs::read_to_string(self.path(&format!("{table}/_delta_log/{version:020}.json"))).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Returns the data files that lie in the folder of a table, whether a commit names them or not.
    pub fn parquet_files(&self, table: &str) -> Vec<String> {
        files(&self.path(table)).into_iter().filter(|name| name.ends_with(".parquet")).collect()
    }
}

/// The names of what lies in a folder.
pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What the deltalake package of Python reads of a table: its version, its rows in order of their columns, and its
/// history; or the same of a version of it.
pub fn read_by_python(table: &str, version: Option<u64>) -> Json {
    let beside =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/karat-venv/bin/python"));
    let python = std::env::var_os("KARAT_DUCKDB_PYTHON").map(PathBuf::from).or(beside).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/publish/read.py");
    let version = version.map(|version| version.to_string());
    let output = Command::new(python).args([script, table]).args(version).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
