//! `schema.lock`: the columns that the suites of a project were last checked against.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::ProjectError;
use super::locked_types::{read_type, written_type};
use crate::data::{Field, Schema};
use crate::document::{Diagnostic, Node, Syntax, did_you_mean, open_file, parse};
use crate::review::Column;

/// The name of the file, beside `karat.yml`.
pub const LOCK: &str = "schema.lock";

/// The version of its format.
const VERSION: u64 = 1;

/// The columns of datasets that were locked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The datasets, by the names that suites have for them.
    pub datasets: BTreeMap<String, LockedDataset>,
}

/// A dataset as it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedDataset {
    /// How it was stored.
    pub format: String,
    /// Its version, if it had one.
    pub version: Option<u64>,
    /// Its columns, in their order.
    pub columns: Vec<Column>,
}

impl LockedDataset {
    /// Its columns, without what only a lock says of them.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let field = |column: &Column| Field::new(column.name.as_str(), column.data_type.clone());
        Schema { fields: self.columns.iter().map(field).collect() }
    }
}

impl Lock {
    /// Reads the lock of a project; one without the file has locked nothing.
    ///
    /// # Errors
    /// The file cannot be read, or is none.
    pub fn open(root: &Path) -> Result<Self, ProjectError> {
        let file = root.join(LOCK);
        if !file.exists() {
            return Ok(Self::default());
        }
        let path = file.display().to_string();
        let text = open_file(&file).and_then(std::io::read_to_string);
        let text = text.map_err(|source| ProjectError::Read { path: path.clone(), source })?;
        parse(&text, Syntax::Json).and_then(|node| lock(&node)).map_err(|error| ProjectError::Invalid {
            path,
            text,
            diagnostics: vec![error],
        })
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        let column = |column: &Column| {
            json!({
                "name": column.name,
                "type": written_type(&column.data_type),
                "nullable": column.nullable,
            })
        };
        let dataset = |of: &LockedDataset| {
            let columns: Vec<Json> = of.columns.iter().map(column).collect();
            json!({ "format": of.format, "version": of.version, "columns": columns })
        };
        let datasets: serde_json::Map<String, Json> =
            self.datasets.iter().map(|(name, of)| (name.clone(), dataset(of))).collect();
        // Maps of strings and plain numbers: serialising them cannot fail.
        let document = json!({ "lock_version": VERSION, "datasets": datasets });
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn lock(node: &Node) -> Result<Lock, Diagnostic> {
    let [version, datasets] = entries(node, ["lock_version", "datasets"])?;
    if version.number::<u64>("the version of the lock")? != VERSION {
        return Err(Diagnostic::new(version.span, format!("this karat reads version {VERSION} of a lock"))
            .help("`karat lint --update-lock` writes it anew"));
    }
    let datasets = datasets.map("a mapping from datasets to their columns")?;
    let read = datasets.iter().map(|(name, node)| Ok((name.text.clone(), dataset(node)?)));
    Ok(Lock { datasets: read.collect::<Result<_, Diagnostic>>()? })
}

fn dataset(node: &Node) -> Result<LockedDataset, Diagnostic> {
    let [format, version, columns] = entries(node, ["format", "version", "columns"])?;
    Ok(LockedDataset {
        format: format.text("a format")?.to_owned(),
        version: if version.is_null() { None } else { Some(version.number("the number of a version")?) },
        columns: columns.list("a list of columns")?.iter().map(column).collect::<Result<_, _>>()?,
    })
}

fn column(node: &Node) -> Result<Column, Diagnostic> {
    let [name, data_type, nullable] = entries(node, ["name", "type", "nullable"])?;
    Ok(Column {
        name: name.scalar("the name of a column")?.text.clone(),
        data_type: read_type(data_type)?,
        nullable: nullable.boolean("true or false")?,
    })
}

/// The values of a mapping with just these keys.
pub(super) fn entries<'a, const N: usize>(
    node: &'a Node,
    keys: [&'static str; N],
) -> Result<[&'a Node; N], Diagnostic> {
    let entries = node.map(&format!("a mapping with the keys {}", keys.join(", ")))?;
    if let Some((key, _)) = entries.iter().find(|(key, _)| !keys.contains(&key.text.as_str())) {
        return Err(Diagnostic::new(key.span, format!("a lock has no {:?} here", key.text))
            .maybe_help(did_you_mean(&key.text, keys)));
    }
    let mut found = [node; N];
    for (place, name) in found.iter_mut().zip(keys) {
        let entry = entries.iter().find(|(key, _)| key.text == name);
        let (_, value) = entry.ok_or_else(|| Diagnostic::new(node.span, format!("{name:?} is missing")))?;
        *place = value;
    }
    Ok(found)
}
