//! Merges the schema of a dataset from those of its files.

use std::collections::BTreeMap;

use polars::prelude::{DataType as PlType, Schema as PlSchema};

use crate::data::{DataType, Schema};
use crate::engine::polars::open::supertype::{supertype, without_storage};
use crate::engine::polars::parquet::Footer;
use crate::engine::polars::scan::StoredColumn;
use crate::engine::polars::types::{schema_of, type_of};

/// The merged schema of the files so far.
#[derive(Default)]
pub(super) struct MergedSchema {
    /// The columns, with the engine's types.
    pub(super) stored: PlSchema,
    /// The types of columns that are not read, or not read in full. The engine has no types for them.
    unlike: BTreeMap<String, DataType>,
}

impl MergedSchema {
    /// Merges the columns of the file `name`: a column that some files lack is null there, and a narrower
    /// type is widened to the supertype.
    pub(super) fn add(&mut self, footer: &Footer, name: &str) {
        for (column, found) in footer.columns().iter() {
            let found = without_storage(found);
            let odd = match footer.unread.get(column.as_str()) {
                Some(unread) => Some(unread.data_type()),
                None => footer.recoded.get(column.as_str()).map(|recoded| recoded.data_type().clone()),
            };
            let odd = odd.filter(|data_type| !data_type.is_read());
            let known = self.stored.get(column).cloned();
            let before = self.unlike.get(column.as_str());
            let wider = match known {
                None => found.clone(),
                Some(PlType::Null) if before.is_none() => found.clone(),
                Some(known) if odd.as_ref() != before && found != PlType::Null => {
                    // The types have nothing in common, and one is not read, so the column is not read.
                    let shown = |odd: Option<&DataType>, of: &PlType| {
                        odd.map_or_else(|| type_of(of).to_string(), ToString::to_string)
                    };
                    let here = shown(odd.as_ref(), &found);
                    let reason = match odd.as_ref().or(before) {
                        Some(DataType::Unread { reason, .. }) => reason.clone(),
                        _ => format!("it is {}, and {here} in {name}", shown(before, &known)),
                    };
                    self.unlike.insert(column.to_string(), DataType::Unread { name: here, reason });
                    continue;
                }
                Some(known) => {
                    let Some(wider) = supertype(&known, &found) else {
                        // No type holds the values of both: this column is not read, and all others are.
                        let (known, found) = (type_of(&known), type_of(&found));
                        let reason = format!("it is {known}, and {found} in {name}");
                        let unread = DataType::Unread { name: format!("{known} or {found}"), reason };
                        self.unlike.insert(column.to_string(), unread);
                        continue;
                    };
                    wider
                }
            };
            self.stored.insert(column.clone(), wider);
            if let Some(odd) = odd {
                self.unlike.insert(column.to_string(), odd);
            }
        }
    }

    /// Returns the columns as files store them.
    pub(super) fn columns(&self) -> Vec<StoredColumn> {
        let column = |(name, of): (&_, &PlType)| {
            let name: &polars::prelude::PlSmallStr = name;
            let is_unread = matches!(self.unlike.get(name.as_str()), Some(DataType::Unread { .. }));
            let of = if is_unread { &PlType::Boolean } else { of };
            StoredColumn { is_unread, ..StoredColumn::of_same_name(name, of) }
        };
        self.stored.iter().map(column).collect()
    }

    /// Returns the columns as the dataset has them.
    pub(super) fn schema(&self) -> Schema {
        let mut schema = schema_of(&self.stored);
        for field in &mut schema.fields {
            if let Some(odd) = self.unlike.get(&field.name) {
                field.data_type = odd.clone();
            }
        }
        schema
    }
}
