//! The text of a commit.

use delta_kernel::schema::{DataType, StructType};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::commit::Change;
use super::file::AddedFile;
use super::table::State;
use crate::sink::options::{Mode, WriteOptions};
use crate::sink::provenance::{NOTE, Note, Provenance};

/// A commit, as it is written to the log.
pub(super) struct Commit<'c> {
    pub(super) state: Option<&'c State>,
    pub(super) change: &'c Change,
    /// The columns of the table after the commit, if they are others than before.
    pub(super) schema: Option<&'c StructType>,
    /// The actions that take away the files of before.
    pub(super) removes: &'c [Json],
    pub(super) provenance: &'c Provenance,
}

impl Commit<'_> {
    /// Returns the lines of the commit.
    pub(super) fn text(&self) -> Result<String, serde_json::Error> {
        let mut actions = vec![self.information()?, transaction(self.provenance)];
        match (self.state, self.schema) {
            (None, Some(schema)) => actions.extend(self.made(schema)?),
            (Some(state), Some(schema)) => {
                let mut metadata = state.metadata.clone();
                if let Json::Object(fields) = &mut metadata {
                    fields.insert("schemaString".to_owned(), serde_json::to_string(schema)?.into());
                }
                actions.push(json!({"metaData": metadata}));
            }
            (_, None) => {}
        }
        actions.extend(self.removes.iter().cloned());
        actions.extend(self.change.adds.iter().map(|file| self.added(file)));
        let lines = actions.iter().map(Json::to_string);
        Ok(lines.fold(String::new(), |text, line| text + &line + "\n"))
    }

    fn now(&self) -> i64 {
        self.provenance.now.timestamp_millis()
    }

    /// Returns what people and karat see of the commit.
    fn information(&self) -> Result<Json, serde_json::Error> {
        let Change { options, adds, token, .. } = self.change;
        let overwrites = options.mode == Mode::Overwrite;
        let partition_by = self.state.map_or(&options.partition_by, |state| &state.partition_by);
        let operation = Operation {
            name: "WRITE",
            parameters: json!({
                "mode": if overwrites { "Overwrite" } else { "Append" },
                "partitionBy": serde_json::to_string(partition_by)?,
            }),
            is_blind_append: !overwrites,
            metrics: json!({
                "numFiles": adds.len().to_string(),
                "numOutputRows": self.change.rows().to_string(),
                "numOutputBytes": self.change.bytes().to_string(),
            }),
            rows: self.change.rows(),
            read: self.state.map(|state| state.version),
            withdraws: false,
        };
        Ok(operation.information(self.provenance, token, self.state.and_then(|state| state.committed)))
    }

    /// Returns the actions that make the table.
    fn made(&self, schema: &StructType) -> Result<[Json; 2], serde_json::Error> {
        let Change { options, .. } = self.change;
        let WriteOptions { comment, partition_by, .. } = options;
        begun(schema, partition_by, comment.as_deref(), self.now())
    }

    fn added(&self, file: &AddedFile) -> Json {
        added(file, self.now())
    }
}

/// What a commit does, as people see it.
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) parameters: Json,
    pub(super) is_blind_append: bool,
    pub(super) metrics: Json,
    /// The rows that come or go.
    pub(super) rows: u64,
    /// The version of the table that was read.
    pub(super) read: Option<u64>,
    /// Whether it takes rows out again.
    pub(super) withdraws: bool,
}

impl Operation {
    /// Returns what people and karat see of a commit. It comes first, as tables that keep times there want it. `before` is the time
    /// of the commit before, if this is such a table.
    pub(super) fn information(self, provenance: &Provenance, token: &str, before: Option<i64>) -> Json {
        let now = provenance.now.timestamp_millis();
        let mut information = json!({
            "timestamp": now,
            "operation": self.name,
            "operationParameters": self.parameters,
            "isBlindAppend": self.is_blind_append,
            "operationMetrics": self.metrics,
            "engineInfo": concat!("karat/", env!("CARGO_PKG_VERSION")),
            "txnId": token,
            "userMetadata": provenance.sentence(),
            NOTE: Note { withdrawn: self.withdraws, ..provenance.note(self.rows, token) },
        });
        if let Json::Object(fields) = &mut information {
            if let Some(version) = self.read {
                fields.insert("readVersion".to_owned(), version.into());
            }
            if let Some(before) = before {
                add_time(fields, now, before);
            }
        }
        json!({"commitInfo": information})
    }
}

/// Returns the action by which a table knows rows again.
pub(super) fn transaction(provenance: &Provenance) -> Json {
    let (id, version) = (provenance.app_id(), provenance.app_version());
    json!({"txn": {"appId": id, "version": version, "lastUpdated": provenance.now.timestamp_millis()}})
}

/// Adds the time of a commit to what is seen of it, for tables that keep times there: behind that of the commit before, whatever
/// the clocks say, and in front of all else.
pub(crate) fn add_time(information: &mut Map<String, Json>, now: i64, before: i64) {
    let rest = std::mem::take(information);
    information.insert("inCommitTimestamp".to_owned(), now.max(before + 1).into());
    information.extend(rest);
}

/// Returns the actions that make a table with these columns.
pub(crate) fn begun(
    schema: &StructType,
    partition_by: &[String],
    comment: Option<&str>,
    now: i64,
) -> Result<[Json; 2], serde_json::Error> {
    let protocol = if has_local_times(schema) {
        let features = ["timestampNtz"];
        json!({"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": features})
    } else {
        json!({"minReaderVersion": 1, "minWriterVersion": 2})
    };
    let metadata = json!({
        "id": Uuid::new_v4().to_string(),
        "description": comment,
        "format": {"provider": "parquet", "options": {}},
        "schemaString": serde_json::to_string(schema)?,
        "partitionColumns": partition_by,
        "configuration": {},
        "createdTime": now,
    });
    Ok([json!({"protocol": protocol}), json!({"metaData": metadata})])
}

/// Returns the action that adds a file.
pub(crate) fn added(file: &AddedFile, now: i64) -> Json {
    json!({"add": {
        "path": file.path,
        "partitionValues": file.partition_values,
        "size": file.bytes,
        "modificationTime": now,
        "dataChange": true,
        "stats": file.statistics,
    }})
}

/// Returns whether a schema has times without a time zone, which readers of the first version do not know.
pub(super) fn has_local_times(fields: &StructType) -> bool {
    fields.fields().any(|field| is_local_time(field.data_type()))
}

fn is_local_time(of: &DataType) -> bool {
    match of {
        DataType::Struct(fields) => has_local_times(fields),
        DataType::Array(array) => is_local_time(array.element_type()),
        DataType::Map(map) => is_local_time(map.key_type()) || is_local_time(map.value_type()),
        of => of == &DataType::TIMESTAMP_NTZ,
    }
}
