//! What a catalog says of a table, and whether its files may be read.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Refusal, TableName, Workspace};

/// A table as a catalog knows it. What it lists beside that is passed over.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CatalogTable {
    pub(crate) table_id: Option<String>,
    /// Where its files lie.
    pub(crate) storage_location: Option<String>,
    table_type: Option<String>,
    data_source_format: Option<String>,
    #[serde(default)]
    properties: BTreeMap<String, String>,
    row_filter: Option<serde_json::Value>,
    #[serde(default)]
    columns: Vec<CatalogColumn>,
}

#[derive(Clone, Debug, Deserialize)]
struct CatalogColumn {
    name: String,
    mask: Option<serde_json::Value>,
}

/// The formats that are read where they lie, as catalogs call them.
const READ: [&str; 4] = ["DELTA", "PARQUET", "CSV", "JSON"];
/// The stores whose credentials catalogs lend.
const STORES: [&str; 5] = ["s3://", "s3a://", "abfss://", "abfs://", "gs://"];
/// The properties of tables whose commits the catalog keeps.
const KEPT_BY_CATALOG: [&str; 2] = ["delta.feature.catalogManaged", "delta.feature.catalogOwned-preview"];

impl CatalogTable {
    /// Returns what the catalog says of a table.
    pub(crate) async fn of(workspace: &Workspace, name: &TableName) -> Result<Self, Refusal> {
        workspace.get(&["api", "2.1", "unity-catalog", "tables", &name.to_string()]).await
    }

    /// Returns the location of the files of a table, if they are the table: what reads them sees what the catalog would show.
    ///
    /// # Errors
    /// The reason why they are not, as a lower-case fragment.
    pub(crate) fn readable(&self) -> Result<&str, String> {
        let kind = self.table_type.as_deref().unwrap_or_default();
        match kind {
            "MANAGED" | "EXTERNAL" => {}
            "VIEW" | "METRIC_VIEW" => return Err("it is a view, which has no files".to_owned()),
            "" => return Err("its catalog does not say what kind of table it is".to_owned()),
            other => return Err(format!("its files are not for others: it is a {other}")),
        }
        if self.row_filter.is_some() {
            return Err("it has a row filter, which its files know nothing of".to_owned());
        }
        if let Some(column) = self.columns.iter().find(|column| column.mask.is_some()) {
            return Err(format!("its column {} has a mask, which its files know nothing of", column.name));
        }
        if let Some(feature) = KEPT_BY_CATALOG.iter().find(|name| self.properties.contains_key(**name)) {
            return Err(format!(
                "its commits are kept by its catalog, without which the newest are not known ({feature})"
            ));
        }
        let format = self.data_source_format.as_deref().unwrap_or_default();
        if !READ.contains(&format) {
            return Err(format!("its format {format} is not read"));
        }
        let location = self.storage_location.as_deref().unwrap_or_default();
        if STORES.iter().any(|store| location.starts_with(store)) {
            Ok(location)
        } else {
            let scheme = location.split(':').next().unwrap_or_default();
            Err(format!("its location is in no store that is read there ({scheme}:)"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn files_are_read_where_they_are_the_table() {
        let readable = |name: &str, value: Value| {
            let mut table = json!({
                "table_id": "1", "table_type": "MANAGED", "data_source_format": "DELTA", "owner": "me",
                "storage_location": "s3://lake/t",
            });
            table[name] = value;
            serde_json::from_value::<CatalogTable>(table).unwrap().readable().map(str::to_owned)
        };
        assert_eq!(readable("columns", json!([{"name": "a"}])), Ok("s3://lake/t".to_owned()));
        let refused = [
            ("row_filter", json!({"function_name": "f"}), "row filter"),
            ("columns", json!([{"name": "a"}, {"name": "b", "mask": {"function_name": "f"}}]), "column b"),
            ("properties", json!({"delta.feature.catalogManaged": "supported"}), "catalogManaged"),
            ("table_type", json!("VIEW"), "it is a view"),
            ("table_type", json!("STREAMING_TABLE"), "STREAMING_TABLE"),
            ("table_type", json!(null), "what kind"),
            ("data_source_format", json!("ICEBERG"), "ICEBERG"),
            ("storage_location", json!("file:///etc"), "(file:)"),
        ];
        for (name, value, why) in refused {
            assert!(readable(name, value).unwrap_err().contains(why), "{name}");
        }
    }
}
