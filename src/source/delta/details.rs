//! Collects the metadata in the log of a table for `karat inspect`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use delta_kernel::schema::{DataType, MetadataValue, StructType};
use delta_kernel::table_features::{ColumnMappingMode, TableFeature};

use super::log::TableVersion;
use crate::source::{TableDetails, TableRule};

/// Returns the metadata in the log of a table.
pub(crate) fn details(logged: &TableVersion) -> TableDetails {
    let configuration = logged.snapshot.table_configuration();
    let (protocol, metadata) = (configuration.protocol(), configuration.metadata());
    let names = |features: Option<&[TableFeature]>| -> Vec<String> {
        features.unwrap_or_default().iter().map(ToString::to_string).collect()
    };
    // Other properties belong to the writers, and may be secrets.
    let properties = metadata.configuration().iter().filter(|(name, _)| name.starts_with("delta."));
    let properties: BTreeMap<String, String> =
        properties.map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut required = BTreeSet::new();
    add_required(&configuration.logical_schema(), &[], &mut required);
    let mut facts = Facts::default();
    facts.add(&configuration.logical_schema(), &[]);
    let constraints = properties.iter().filter_map(|(name, sql)| {
        let name = name.strip_prefix("delta.constraints.")?.to_owned();
        Some(TableRule { name, kind: "constraint", sql: sql.clone() })
    });
    let rules = constraints.chain(facts.rules).collect();
    let with_statistics = logged.files.iter().filter(|file| file.has_statistics).count();
    TableDetails {
        min_reader_version: protocol.min_reader_version(),
        min_writer_version: protocol.min_writer_version(),
        reader_features: names(protocol.reader_features()),
        writer_features: names(protocol.writer_features()),
        column_mapping: match configuration.column_mapping_mode() {
            ColumnMappingMode::None => "none",
            ColumnMappingMode::Name => "name",
            ColumnMappingMode::Id => "id",
        },
        name: metadata.name().map(str::to_owned),
        description: metadata.description().map(str::to_owned),
        created: metadata.created_time().and_then(DateTime::from_timestamp_millis),
        properties,
        comments: facts.comments,
        rules,
        required,
        files_with_statistics: u64::try_from(with_statistics).unwrap_or(u64::MAX),
    }
}

/// What the schema of a table says of its columns beside their types.
#[derive(Default)]
struct Facts {
    comments: BTreeMap<Vec<String>, String>,
    rules: Vec<TableRule>,
}

impl Facts {
    fn add(&mut self, fields: &StructType, below: &[String]) {
        for field in fields.fields() {
            let path = [below, &[field.name().to_owned()]].concat();
            let text = |name: &str| match field.metadata.get(name) {
                Some(MetadataValue::String(text)) if !text.trim().is_empty() => Some(text.clone()),
                _ => None,
            };
            let mut rule = |kind, sql: Option<String>| {
                self.rules.extend(sql.map(|sql| TableRule { name: path.join("."), kind, sql }));
            };
            rule("invariant", text("delta.invariants").and_then(|text| invariant(&text)));
            let name = path
                .iter()
                .map(|part| format!("`{}`", part.replace('`', "``")))
                .collect::<Vec<_>>()
                .join(".");
            let generated = text("delta.generationExpression");
            rule("generated", generated.map(|sql| format!("{name} = ({sql})")));
            self.comments.extend(text("comment").map(|text| (path.clone(), text)));
            if let DataType::Struct(inner) = field.data_type() {
                self.add(inner, &path);
            }
        }
    }
}

/// The condition of `{"expression":{"expression":"x > 3"}}`.
fn invariant(json: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(json).ok()?;
    Some(json.get("expression")?.get("expression")?.as_str()?.to_owned())
}

/// Adds the paths of the fields that are not nullable, with parts named as in `ColumnDetails`.
fn add_required(fields: &StructType, below: &[String], required: &mut BTreeSet<Vec<String>>) {
    for field in fields.fields() {
        add(field.name(), field.data_type(), field.is_nullable(), below, required);
    }
}

fn add(name: &str, of: &DataType, nullable: bool, below: &[String], required: &mut BTreeSet<Vec<String>>) {
    let path = [below, &[name.to_owned()]].concat();
    match of {
        DataType::Struct(fields) => add_required(fields, &path, required),
        DataType::Array(array) => {
            add("element", array.element_type(), array.contains_null(), &path, required);
        }
        // A map counts as a list of entries.
        DataType::Map(map) => {
            let entry = [path.as_slice(), &["element".to_owned()]].concat();
            required.insert(entry.clone());
            add("key", map.key_type(), false, &entry, required);
            add("value", map.value_type(), map.value_contains_null(), &entry, required);
        }
        DataType::Primitive(_) | DataType::Variant(_) => {}
    }
    if !nullable {
        required.insert(path);
    }
}
