//! A Delta table whose every version has other rows.

use std::path::Path;

use polars::prelude::{DataFrame, DataType, ParquetWriter};
use serde_json::json;

/// Writes one version for each frame and gives the table's path.
pub(super) fn write<const N: usize>(folder: &Path, frames: [DataFrame; N]) -> String {
    let log = folder.join("_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    for (version, mut frame) in frames.into_iter().enumerate() {
        let path = format!("{version}.parquet");
        ParquetWriter::new(std::fs::File::create(folder.join(&path)).unwrap()).finish(&mut frame).unwrap();
        let mut actions = Vec::new();
        match version.checked_sub(1) {
            None => {
                let fields: Vec<_> = frame.columns().iter().map(|column| {
                    let name = column.name().as_str();
                    json!({"name": name, "type": type_of(column.dtype()), "nullable": true, "metadata": {}})
                }).collect();
                actions.push(json!({"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}}));
                actions.push(json!({"metaData": {
                    "id": "1", "format": {"provider": "parquet", "options": {}}, "configuration": {},
                    "schemaString": json!({"type": "struct", "fields": fields}).to_string(),
                    "partitionColumns": [],
                }}));
            }
            Some(before) => {
                let path = format!("{before}.parquet");
                actions.push(json!({"remove": {"path": path, "deletionTimestamp": 0, "dataChange": true}}));
            }
        }
        let size = std::fs::metadata(folder.join(&path)).unwrap().len();
        actions.push(json!({"add": {
            "path": path, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": true,
        }}));
        let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
        std::fs::write(log.join(format!("{version:020}.json")), lines.join("\n")).unwrap();
    }
    folder.display().to_string()
}

fn type_of(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Int32 => "integer",
        DataType::Int64 => "long",
        DataType::Float64 => "double",
        DataType::Date => "date",
        DataType::String => "string",
        other => panic!("pages with versions have no {other}"),
    }
}
