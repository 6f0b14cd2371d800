//! Delta Lake: what the log says, through the kernel that deltalake stands on.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use delta_kernel::history_manager::{HistoryCommitType, latest_version_as_of};
use delta_kernel::scan::state::ScanFile;
use delta_kernel::schema::{ArrayType, DataType as KernelType, MapType, PrimitiveType, StructType};
use delta_kernel::snapshot::Snapshot as KernelSnapshot;
use delta_kernel::table_features::{ColumnMappingMode, TableFeature};
use delta_kernel::{Engine, Error as KernelError};
use deltalake::logstore::{StorageConfig, logstore_for};
use polars::prelude::Schema as PlSchema;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::footer::{self, ColumnBytes};
use super::parquet::refuse_int96;
use super::{At, DataFile, FileSet, Format, Identity, Rows, Snapshot, SourceError};
use crate::data::{DataType, Field, Literal, Schema, TimeUnit, Value, hex};
use crate::predicate::polars_type;

/// A snapshot of a Delta table.
pub(super) fn open(uri: &str, path: &Path, at: At) -> Result<Snapshot, SourceError> {
    let log = |reason: String| SourceError::Log { uri: uri.to_owned(), reason };
    // The log's store takes no path with `..` in it.
    let root = std::fs::canonicalize(path)
        .ok()
        .and_then(|path| Url::from_directory_path(path).ok())
        .ok_or_else(|| log("its path has no URL".to_owned()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|source| SourceError::Io { path: uri.to_owned(), source })?;
    let table = runtime.block_on(async {
        // The kernel blocks, and its engine wants a runtime around it that does not.
        let root = root.clone();
        tokio::task::spawn_blocking(move || Table::read(&root, at)).await
    });
    let table = match table {
        Ok(table) => table.map_err(|refusal| match refusal {
            Refusal::Log(reason) => log(reason),
            Refusal::Feature(reason) => SourceError::Unsupported { uri: uri.to_owned(), reason },
        })?,
        Err(panicked) => return Err(log(format!("its log makes no sense: {panicked}"))),
    };
    table.snapshot(uri, &root)
}

/// Why the log is not read further.
enum Refusal {
    Log(String),
    Feature(String),
}

impl From<KernelError> for Refusal {
    fn from(error: KernelError) -> Self {
        // After what matters, the kernel prints all it knows of files, or a backtrace.
        let text = error.to_string();
        let end = text.find('\n').into_iter().chain(text.find(": ParsedLogPath")).min().unwrap_or(text.len());
        Self::Log(text[..end].trim_end().to_owned())
    }
}

/// What the log says.
struct Table {
    version: u64,
    committed: Option<i64>,
    schema: Schema,
    partition_columns: Vec<String>,
    files: Vec<ScanFile>,
}

impl Table {
    fn read(root: &Url, at: At) -> Result<Self, Refusal> {
        let store =
            logstore_for(root, StorageConfig::default()).map_err(|error| Refusal::Log(error.to_string()))?;
        let engine: Arc<dyn Engine> = store.engine(None);
        let engine = engine.as_ref();
        let build = |version: Option<u64>| {
            let builder = KernelSnapshot::builder_for(root.as_str());
            match version {
                Some(version) => builder.at_version(version).build(engine),
                None => builder.build(engine),
            }
        };
        let snapshot = match at {
            At::Latest => build(None)?,
            At::Version(version) => build(Some(version)).map_err(|error| match build(None) {
                // The kernel would speak of segments of the log.
                Ok(newest) if newest.version() < version => {
                    Refusal::Log(format!("there is no version {version}; the newest is {}", newest.version()))
                }
                _ => error.into(),
            })?,
            At::Timestamp(time) => {
                let as_of = HistoryCommitType::Recreatable;
                let commit =
                    latest_version_as_of(build(None)?.as_ref(), engine, time.timestamp_millis(), as_of)?;
                build(Some(commit.version))?
            }
        };
        let configuration = snapshot.table_configuration();
        refuse_features(&snapshot)?;
        let schema = schema_of(&configuration.logical_schema());
        let partition_columns = configuration.metadata().partition_columns().to_vec();
        let committed = snapshot.get_timestamp(engine).ok();
        let version = snapshot.version();
        let scan = snapshot.scan_builder().build()?;
        let mut files = Vec::new();
        for batch in scan.scan_metadata(engine)? {
            files = batch?.visit_scan_files(files, |files: &mut Vec<ScanFile>, file| files.push(file))?;
        }
        if files.iter().any(|file| file.dv_info.has_vector()) {
            return Err(Refusal::Feature(
                "it has deletion vectors, which are not read yet (deletionVectors)".to_owned(),
            ));
        }
        Ok(Self { version, committed, schema, partition_columns, files })
    }

    fn snapshot(self, uri: &str, root: &Url) -> Result<Snapshot, SourceError> {
        let mut schema = self.schema;
        let partitioned: Vec<(String, DataType)> = self
            .partition_columns
            .iter()
            .filter_map(|name| {
                let field = schema.fields.iter().find(|field| field.name == *name)?;
                Some((name.clone(), field.data_type.clone()))
            })
            .collect();
        let mut int96 = Vec::new();
        let mut column_bytes = ColumnBytes::new();
        let mut files = Vec::with_capacity(self.files.len());
        for file in self.files {
            let name = percent_encoding::percent_decode_str(&file.path).decode_utf8_lossy().into_owned();
            let bad = |reason: String| SourceError::Mismatch { path: name.clone(), reason };
            // Joining a URL resolves relative, absolute and percent-encoded paths alike.
            let path = root.join(&file.path).ok().and_then(|url| url.to_file_path().ok());
            let path = path.ok_or_else(|| bad("it does not lie in this file system".to_owned()))?;
            let footer = footer::read(&path)?;
            int96.extend(footer.int96);
            footer::add(&mut column_bytes, footer.column_bytes);
            let partition = partitioned
                .iter()
                .map(|(name, data_type)| partition_value(file.partition_values.get(name), data_type))
                .collect::<Result<_, _>>()
                .map_err(bad)?;
            files.push(DataFile { path, name, bytes: footer.bytes, rows: footer.rows, partition });
        }
        files.sort_by(|left, right| left.name.cmp(&right.name));
        let mut digest = Sha256::new();
        for file in &files {
            digest.update(format!("{}\0{}\0", file.name, file.bytes));
        }
        let stored = schema
            .fields
            .iter()
            .filter(|field| !self.partition_columns.contains(&field.name))
            .map(|field| {
                polars::prelude::Field::new(field.name.as_str().into(), polars_type(&field.data_type))
            })
            .collect::<PlSchema>();
        refuse_int96(&mut schema, &int96);
        let identity = Identity {
            version: Some(self.version),
            committed: self.committed.and_then(DateTime::from_timestamp_millis),
            ..Identity::of_files(uri, Format::Delta, &files, hex(digest))
        };
        let order = schema.names().map(str::to_owned).collect();
        Ok(Snapshot {
            identity,
            schema,
            rows: Rows::Files(FileSet { files, stored, partitioned, order, column_bytes, transcript: None }),
        })
    }
}

/// Features that change what a row is and that are not read right yet, each by its name. What the
/// kernel itself does not know it refuses when the scan is built.
fn refuse_features(snapshot: &KernelSnapshot) -> Result<(), Refusal> {
    let configuration = snapshot.table_configuration();
    let feature =
        |name: &str, why: &str| Err(Refusal::Feature(format!("{why}, which is not read yet ({name})")));
    if configuration.column_mapping_mode() != ColumnMappingMode::None {
        return feature("columnMapping", "its columns are mapped to other names");
    }
    let features = configuration.protocol().reader_features().unwrap_or_default();
    for found in features {
        match found {
            TableFeature::TypeWidening | TableFeature::TypeWideningPreview => {
                return feature("typeWidening", "its columns may have changed their types");
            }
            TableFeature::CatalogManaged | TableFeature::CatalogOwnedPreview => {
                return feature("catalogManaged", "its commits are kept by a catalog");
            }
            TableFeature::VariantType
            | TableFeature::VariantTypePreview
            | TableFeature::VariantShredding
            | TableFeature::VariantShreddingPreview => {
                return feature("variantType", "it may have columns of variants");
            }
            TableFeature::Unknown(name) => {
                return Err(Refusal::Feature(format!(
                    "it needs the reader feature {name}, which is not known"
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A partition value of the log, which writes all as text and an empty one for null.
fn partition_value(text: Option<&String>, data_type: &DataType) -> Result<Value, String> {
    match (text.map(String::as_str), data_type) {
        (None | Some(""), _) => Ok(Value::Null),
        (Some(text), DataType::Boolean) if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
        (Some(text), DataType::Boolean) if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
        // Of other bytes, writers do not agree how they are written.
        (Some(text), DataType::Binary) if text.is_ascii() => Ok(Value::Binary(text.as_bytes().to_vec())),
        (Some(text), _) => Literal::Plain(text.to_owned())
            .bind(data_type)
            .map_err(|error| format!("a partition value: {error}")),
    }
}

fn schema_of(schema: &StructType) -> Schema {
    Schema { fields: fields_of(schema) }
}

fn fields_of(schema: &StructType) -> Vec<Field> {
    schema.fields().map(|field| Field::new(field.name(), type_of(field.data_type()))).collect()
}

fn type_of(data_type: &KernelType) -> DataType {
    let integer = |bits| DataType::Integer { bits, signed: true };
    let timestamp = |zone: Option<&str>| DataType::Timestamp {
        unit: TimeUnit::Microseconds,
        zone: zone.map(str::to_owned),
    };
    match data_type {
        KernelType::Primitive(primitive) => match primitive {
            PrimitiveType::String => DataType::String,
            PrimitiveType::Long => integer(64),
            PrimitiveType::Integer => integer(32),
            PrimitiveType::Short => integer(16),
            PrimitiveType::Byte => integer(8),
            PrimitiveType::Float => DataType::Float { bits: 32 },
            PrimitiveType::Double => DataType::FLOAT64,
            PrimitiveType::Boolean => DataType::Boolean,
            PrimitiveType::Binary => DataType::Binary,
            PrimitiveType::Date => DataType::Date,
            PrimitiveType::Timestamp => timestamp(Some("UTC")),
            PrimitiveType::TimestampNtz => timestamp(None),
            PrimitiveType::Decimal(decimal) => {
                DataType::Decimal { precision: decimal.precision(), scale: decimal.scale() }
            }
            other => DataType::Other(other.to_string()),
        },
        KernelType::Array(array) => list(array),
        KernelType::Map(map) => entries(map),
        KernelType::Struct(inner) => DataType::Struct(fields_of(inner)),
        variant @ KernelType::Variant(_) => DataType::Other(variant.to_string()),
    }
}

fn list(array: &ArrayType) -> DataType {
    DataType::List(Box::new(type_of(array.element_type())))
}

/// A map is a list of its entries, as Parquet stores it.
fn entries(map: &MapType) -> DataType {
    let fields =
        vec![Field::new("key", type_of(map.key_type())), Field::new("value", type_of(map.value_type()))];
    DataType::List(Box::new(DataType::Struct(fields)))
}
