//! Files of a version in the very words of the log, so that they are taken away, or given another deletion vector: a file whose path
//! is spelled otherwise would be another one.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use delta_kernel::engine_data::{FilteredRowVisitor, GetData, RowIndexIterator, TypedGetData as _};
use delta_kernel::expressions::ColumnName;
use delta_kernel::schema::{DataType, MapType};
use delta_kernel::snapshot::SnapshotRef;
use delta_kernel::{DeltaResult, Engine};
use serde_json::{Map, Value as Json, json};

use crate::source::delta::LogError;

/// A file of a version, in the words of the log.
#[derive(Clone, Debug)]
pub(super) struct LoggedFile {
    pub(super) path: String,
    bytes: Option<i64>,
    modified: Option<i64>,
    /// Its statistics, as JSON.
    pub(super) statistics: Option<String>,
    vector: Option<Json>,
    /// How many rows its deletion vector says that it deletes.
    pub(super) deleted: Option<i64>,
    partition_values: Map<String, Json>,
    tags: Map<String, Json>,
    clustering: Option<String>,
}

/// Returns the files of a version whose path is `wanted`. The partition columns have the names that they have in the log.
pub(super) fn logged_files(
    engine: &dyn Engine,
    snapshot: &SnapshotRef,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<LoggedFile>, LogError> {
    let configuration = snapshot.table_configuration();
    let (schema, mode) = (configuration.logical_schema(), configuration.column_mapping_mode());
    let partition_by = configuration.metadata().partition_columns();
    let partition_by: Vec<String> = schema
        .fields()
        .filter(|field| partition_by.contains(field.name()))
        .map(|field| field.physical_name(mode).to_owned())
        .collect();
    let scan = Arc::clone(snapshot).scan_builder().build()?;
    let mut found = Found { partition_by: &partition_by, wanted, files: Vec::new() };
    for batch in scan.scan_metadata(engine)? {
        found.visit_rows_of(&batch?.scan_files)?;
    }
    Ok(found.files)
}

/// Returns the actions that take away all files of a version. `now` is the time of that in milliseconds since 1970.
pub(super) fn removes(engine: &dyn Engine, snapshot: &SnapshotRef, now: i64) -> Result<Vec<Json>, LogError> {
    let files = logged_files(engine, snapshot, &|_| true)?;
    Ok(files.iter().map(|file| file.remove(now)).collect())
}

impl LoggedFile {
    /// Returns the action that takes it away.
    pub(super) fn remove(&self, now: i64) -> Json {
        let mut remove = json!({
            "path": self.path,
            "deletionTimestamp": now,
            "dataChange": true,
            "extendedFileMetadata": true,
            "partitionValues": self.partition_values,
            "size": self.bytes.unwrap_or_default(),
        });
        if let (Some(vector), Json::Object(fields)) = (&self.vector, &mut remove) {
            fields.insert("deletionVector".to_owned(), vector.clone());
        }
        json!({"remove": remove})
    }

    /// Returns the action that adds it again, with another deletion vector. `statistics` are those of all its rows.
    pub(super) fn add(&self, vector: &Json, statistics: &str, now: i64) -> Json {
        let mut add = json!({
            "path": self.path,
            "partitionValues": self.partition_values,
            "size": self.bytes.unwrap_or_default(),
            "modificationTime": self.modified.unwrap_or(now),
            "dataChange": true,
            "stats": statistics,
        });
        if let Json::Object(fields) = &mut add {
            if !self.tags.is_empty() {
                fields.insert("tags".to_owned(), self.tags.clone().into());
            }
            fields.insert("deletionVector".to_owned(), vector.clone());
            if let Some(clustering) = &self.clustering {
                fields.insert("clusteringProvider".to_owned(), clustering.as_str().into());
            }
        }
        json!({"add": add})
    }
}

struct Found<'p> {
    partition_by: &'p [String],
    wanted: &'p dyn Fn(&str) -> bool,
    files: Vec<LoggedFile>,
}

impl FilteredRowVisitor for Found<'_> {
    fn selected_column_names_and_types(&self) -> (&'static [ColumnName], &'static [DataType]) {
        static NAMES: LazyLock<[ColumnName; 12]> = LazyLock::new(|| {
            let vector = |name| ColumnName::new(["deletionVector", name]);
            let constant = |name| ColumnName::new(["fileConstantValues", name]);
            [
                ColumnName::new(["path"]),
                ColumnName::new(["size"]),
                ColumnName::new(["modificationTime"]),
                ColumnName::new(["stats"]),
                vector("storageType"),
                vector("pathOrInlineDv"),
                vector("offset"),
                vector("sizeInBytes"),
                vector("cardinality"),
                constant("partitionValues"),
                constant("tags"),
                constant("clusteringProvider"),
            ]
        });
        static TYPES: LazyLock<[DataType; 12]> = LazyLock::new(|| {
            let texts = || DataType::from(MapType::new(DataType::STRING, DataType::STRING, true));
            [
                DataType::STRING,
                DataType::LONG,
                DataType::LONG,
                DataType::STRING,
                DataType::STRING,
                DataType::STRING,
                DataType::INTEGER,
                DataType::INTEGER,
                DataType::LONG,
                texts(),
                texts(),
                DataType::STRING,
            ]
        });
        (NAMES.as_slice(), TYPES.as_slice())
    }

    fn visit_filtered<'a>(
        &mut self,
        getters: &[&'a dyn GetData<'a>],
        rows: RowIndexIterator<'_>,
    ) -> DeltaResult<()> {
        let [path, bytes, modified, statistics, vector @ .., values, tags, clustering] = getters else {
            return Err(delta_kernel::Error::generic("the log has other columns"));
        };
        for row in rows {
            // A row without a path is no file.
            let Some(path): Option<String> = path.get_opt(row, "path")? else { continue };
            if !(self.wanted)(&path) {
                continue;
            }
            let values: Option<HashMap<String, String>> = values.get_opt(row, "partitionValues")?;
            let values = values.unwrap_or_default();
            let value = |name: &String| values.get(name).map_or(Json::Null, |value| value.as_str().into());
            let tags: Option<HashMap<String, String>> = tags.get_opt(row, "tags")?;
            let mut tags: Vec<(String, Json)> =
                tags.into_iter().flatten().map(|(name, tag)| (name, tag.into())).collect();
            tags.sort_by(|(one, _), (other, _)| one.cmp(other));
            let (vector, deleted) = vector_of(vector, row)?.unzip();
            self.files.push(LoggedFile {
                path,
                bytes: bytes.get_opt(row, "size")?,
                modified: modified.get_opt(row, "modificationTime")?,
                statistics: statistics.get_opt(row, "stats")?,
                vector,
                deleted,
                partition_values: self.partition_by.iter().map(|name| (name.clone(), value(name))).collect(),
                tags: tags.into_iter().collect(),
                clustering: clustering.get_opt(row, "clusteringProvider")?,
            });
        }
        Ok(())
    }
}

/// Returns the deletion vector of a file as the log has it, with its cardinality.
fn vector_of<'a>(getters: &[&'a dyn GetData<'a>], row: usize) -> DeltaResult<Option<(Json, i64)>> {
    let [storage, place, offset, bytes, cardinality] = getters else {
        return Err(delta_kernel::Error::generic("the log has other columns"));
    };
    let storage: Option<String> = storage.get_opt(row, "storageType")?;
    let Some(storage) = storage else { return Ok(None) };
    let place: String = place.get(row, "pathOrInlineDv")?;
    let (offset, bytes): (Option<i32>, i32) =
        (offset.get_opt(row, "offset")?, bytes.get(row, "sizeInBytes")?);
    let cardinality: i64 = cardinality.get(row, "cardinality")?;
    let mut vector = json!({
        "storageType": storage,
        "pathOrInlineDv": place,
        "sizeInBytes": bytes,
        "cardinality": cardinality,
    });
    if let (Some(offset), Json::Object(vector)) = (offset, &mut vector) {
        vector.insert("offset".to_owned(), offset.into());
    }
    Ok(Some((vector, cardinality)))
}
