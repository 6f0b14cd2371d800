//! Takes away the files of a version, in the very words of the log: a file whose path is spelled otherwise would stay.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use delta_kernel::engine_data::{FilteredRowVisitor, GetData, RowIndexIterator, TypedGetData as _};
use delta_kernel::expressions::ColumnName;
use delta_kernel::schema::{DataType, MapType};
use delta_kernel::snapshot::SnapshotRef;
use delta_kernel::{DeltaResult, Engine};
use serde_json::{Map, Value as Json, json};

use crate::source::delta::LogError;

/// Returns the actions that take away all files of a version. `partition_by` are the partition columns, `now` is the time of that
/// in milliseconds since 1970.
pub(super) fn removes(
    engine: &dyn Engine,
    snapshot: &SnapshotRef,
    partition_by: &[String],
    now: i64,
) -> Result<Vec<Json>, LogError> {
    let scan = Arc::clone(snapshot).scan_builder().build()?;
    let mut found = Removes { partition_by, now, actions: Vec::new() };
    for batch in scan.scan_metadata(engine)? {
        found.visit_rows_of(&batch?.scan_files)?;
    }
    Ok(found.actions)
}

struct Removes<'p> {
    partition_by: &'p [String],
    now: i64,
    actions: Vec<Json>,
}

impl FilteredRowVisitor for Removes<'_> {
    fn selected_column_names_and_types(&self) -> (&'static [ColumnName], &'static [DataType]) {
        static NAMES: LazyLock<[ColumnName; 8]> = LazyLock::new(|| {
            let vector = |name| ColumnName::new(["deletionVector", name]);
            [
                ColumnName::new(["path"]),
                ColumnName::new(["size"]),
                vector("storageType"),
                vector("pathOrInlineDv"),
                vector("offset"),
                vector("sizeInBytes"),
                vector("cardinality"),
                ColumnName::new(["fileConstantValues", "partitionValues"]),
            ]
        });
        static TYPES: LazyLock<[DataType; 8]> = LazyLock::new(|| {
            [
                DataType::STRING,
                DataType::LONG,
                DataType::STRING,
                DataType::STRING,
                DataType::INTEGER,
                DataType::INTEGER,
                DataType::LONG,
                MapType::new(DataType::STRING, DataType::STRING, true).into(),
            ]
        });
        (NAMES.as_slice(), TYPES.as_slice())
    }

    fn visit_filtered<'a>(
        &mut self,
        getters: &[&'a dyn GetData<'a>],
        rows: RowIndexIterator<'_>,
    ) -> DeltaResult<()> {
        let [path, size, storage, place, offset, bytes, cardinality, values] = getters else {
            return Err(delta_kernel::Error::generic("the log has other columns"));
        };
        for row in rows {
            // A row without a path is no file.
            let Some(path): Option<String> = path.get_opt(row, "path")? else { continue };
            let size: Option<i64> = size.get_opt(row, "size")?;
            let values: Option<HashMap<String, String>> = values.get_opt(row, "partitionValues")?;
            let values = values.unwrap_or_default();
            let values: Map<String, Json> = self
                .partition_by
                .iter()
                .map(|name| {
                    (name.clone(), values.get(name).map_or(Json::Null, |value| value.as_str().into()))
                })
                .collect();
            let mut remove = json!({
                "path": path,
                "deletionTimestamp": self.now,
                "dataChange": true,
                "extendedFileMetadata": true,
                "partitionValues": values,
                "size": size.unwrap_or_default(),
            });
            let storage: Option<String> = storage.get_opt(row, "storageType")?;
            if let (Some(storage), Json::Object(fields)) = (storage, &mut remove) {
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
                fields.insert("deletionVector".to_owned(), vector);
            }
            self.actions.push(json!({"remove": remove}));
        }
        Ok(())
    }
}
