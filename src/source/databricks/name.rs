//! Names of tables: `uc://catalog.schema.table`, `databricks://catalog.schema.table`.

use std::fmt;

use percent_encoding::percent_decode_str;

/// The full name of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableName {
    pub(crate) catalog: String,
    pub(crate) schema: String,
    pub(crate) table: String,
}

impl TableName {
    /// Reads what stands behind `://` of a URI. A dot within a name, as any other character, may be percent-encoded.
    ///
    /// # Errors
    /// What is wrong, as a lower-case fragment.
    pub(crate) fn parse(uri: &str) -> Result<Self, String> {
        let wanted = || "a table is named by catalog.schema.table, as in uc://main.sales.orders".to_owned();
        let (_, name) = uri.split_once("://").ok_or_else(wanted)?;
        let decoded = |part: &str| {
            let part = percent_decode_str(part).decode_utf8().ok()?.into_owned();
            let is_name = !part.is_empty() && !part.contains(|c: char| c.is_control() || c == '/');
            is_name.then_some(part)
        };
        let parts: Option<Vec<String>> = name.split('.').map(decoded).collect();
        match parts.as_deref() {
            Some([catalog, schema, table]) => {
                Ok(Self { catalog: catalog.clone(), schema: schema.clone(), table: table.clone() })
            }
            _ => Err(wanted()),
        }
    }

    /// Returns the name with each part in backquotes.
    pub(crate) fn quoted(&self) -> String {
        let quoted = |part: &str| format!("`{}`", part.replace('`', "``"));
        [&self.catalog, &self.schema, &self.table].map(|part| quoted(part)).join(".")
    }
}

/// The name as catalogs write it.
impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.catalog, self.schema, self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_name_of_three_parts() {
        let name = TableName::parse("uc://main.sales.a%2Eb%60c").unwrap();
        assert_eq!(
            (name.to_string().as_str(), name.quoted().as_str()),
            ("main.sales.a.b`c", "`main`.`sales`.`a.b``c`")
        );
        for wrong in ["uc://main.sales", "uc://a.b.c.d", "uc://a..c", "uc://a.b.c/d", "a.b.c", "uc://a.b.%00"]
        {
            assert!(TableName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
