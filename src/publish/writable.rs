//! Refuses tables that are not written right, by the name of what they have.

use std::collections::HashMap;

use delta_kernel::schema::{DataType, StructType};
use delta_kernel::snapshot::Snapshot;
use delta_kernel::table_features::ColumnMappingMode;

/// The features of writers that ask nothing of one who appends files, or nothing unless the table makes use of them, which is
/// looked at apart.
const HARMLESS: [&str; 14] = [
    "appendOnly",
    "invariants",
    "checkConstraints",
    "changeDataFeed",
    "generatedColumns",
    "identityColumns",
    "columnMapping",
    "deletionVectors",
    "timestampNtz",
    "typeWidening",
    "typeWidening-preview",
    "v2Checkpoint",
    "vacuumProtocolCheck",
    "domainMetadata",
];

/// The newest version of the protocol that is known.
const NEWEST_WRITER: i32 = 7;

/// Refuses a table to which files cannot be appended right. The reason begins with what the table has.
pub(super) fn writable(snapshot: &Snapshot) -> Result<(), String> {
    let configuration = snapshot.table_configuration();
    let (protocol, metadata) = (configuration.protocol(), configuration.metadata());
    if protocol.min_writer_version() > NEWEST_WRITER {
        return Err(format!("it asks for writers of version {}", protocol.min_writer_version()));
    }
    for feature in protocol.writer_features().unwrap_or_default() {
        let name = feature.to_string();
        if !HARMLESS.contains(&name.as_str()) {
            return Err(format!("it has the feature {name}, which karat does not write"));
        }
    }
    if configuration.column_mapping_mode() != ColumnMappingMode::None {
        return Err("its columns are mapped to other names (delta.columnMapping.mode)".to_owned());
    }
    of_properties(metadata.configuration())?;
    of_columns(&configuration.logical_schema())
}

/// The properties by which a table makes use of a feature; features alone may be there unused.
const IN_USE: [(&str, &str); 5] = [
    ("delta.enableRowTracking", "row tracking"),
    ("delta.enableInCommitTimestamps", "in-commit timestamps"),
    ("delta.enableIcebergCompatV1", "Iceberg compatibility"),
    ("delta.enableIcebergCompatV2", "Iceberg compatibility"),
    ("delta.enableIcebergCompatV3", "Iceberg compatibility"),
];

fn of_properties(properties: &HashMap<String, String>) -> Result<(), String> {
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort();
    if let Some(constraint) = names.iter().find_map(|name| name.strip_prefix("delta.constraints.")) {
        return Err(format!("it has the CHECK constraint {constraint}, which karat does not check"));
    }
    let is_on = |name: &str| properties.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    match IN_USE.into_iter().find(|(name, _)| is_on(name)) {
        Some((name, what)) => Err(format!("it has {what} ({name}), which karat does not write")),
        None => Ok(()),
    }
}

/// Refuses columns whose values a writer has to make or to check.
fn of_columns(schema: &StructType) -> Result<(), String> {
    const OF_WRITERS: [(&str, &str); 4] = [
        ("delta.generationExpression", "generated"),
        ("delta.identity.", "an identity"),
        ("delta.invariants", "bound by an invariant"),
        ("CURRENT_DEFAULT", "given a default"),
    ];
    for field in schema.fields() {
        for (key, what) in OF_WRITERS {
            if field.metadata.keys().any(|name| name.starts_with(key)) {
                let name = field.name();
                return Err(format!("its column \"{name}\" is {what}, which is left to other writers"));
            }
        }
        inner(field.data_type())?;
    }
    Ok(())
}

fn inner(of: &DataType) -> Result<(), String> {
    match of {
        DataType::Struct(fields) => of_columns(fields),
        DataType::Array(array) => inner(array.element_type()),
        DataType::Map(map) => inner(map.key_type()).and_then(|()| inner(map.value_type())),
        DataType::Primitive(_) | DataType::Variant(_) => Ok(()),
    }
}
