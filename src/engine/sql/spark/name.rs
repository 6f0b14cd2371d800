//! Names of tables: `catalog.schema.table`, or a folder or file that holds one.

use std::path::Path;

use crate::engine::sql::{Dialect, Spark};

/// The name of a table, in all of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    parts: Vec<String>,
}

impl TableName {
    /// Returns the table that a URI names: that of a catalogue behind `spark://`, else the table of Delta in a folder or a file
    /// of Parquet, as Spark sees them.
    ///
    /// # Errors
    /// What is wrong with the name, as a lower-case fragment.
    pub fn of(uri: &str) -> Result<Self, String> {
        if let Some(name) = uri.strip_prefix("spark://") {
            return Self::parse(name);
        }
        let path = if uri.contains("://") { uri.to_owned() } else { absolute(uri) };
        Self::of_parts(vec![if is_parquet(&path) { "parquet" } else { "delta" }.to_owned(), path])
    }

    /// Reads a name whose parts are separated by dots. One with a dot stands in backquotes: ``delta.`/lake/a.b` ``.
    ///
    /// # Errors
    /// What is wrong with the name, as a lower-case fragment.
    pub fn parse(name: &str) -> Result<Self, String> {
        let (mut parts, mut part, mut is_quoted) = (Vec::new(), String::new(), false);
        let mut characters = name.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '`' if is_quoted && characters.peek() == Some(&'`') => {
                    characters.next();
                    part.push('`');
                }
                '`' if is_quoted || part.is_empty() => is_quoted = !is_quoted,
                '.' if !is_quoted => parts.push(std::mem::take(&mut part)),
                other => part.push(other),
            }
        }
        parts.push(part);
        if is_quoted { Err(wrong()) } else { Self::of_parts(parts) }
    }

    fn of_parts(parts: Vec<String>) -> Result<Self, String> {
        let cannot_be =
            |part: &String| part.is_empty() || !Spark::APACHE.can_name(part) || part.contains('\0');
        if parts.iter().any(cannot_be) { Err(wrong()) } else { Ok(Self { parts }) }
    }

    /// Returns the name as a statement has it.
    pub(super) fn quoted(&self) -> String {
        self.parts.iter().map(|part| Spark::APACHE.quoted(part)).collect::<Vec<_>>().join(".")
    }
}

fn wrong() -> String {
    "a table is named by its catalog.schema.table, or by a folder or file that Spark can read".to_owned()
}

/// Returns whether a file is one of Parquet, or a folder has no log of Delta, as far as that can be seen from here.
fn is_parquet(path: &str) -> bool {
    let path = Path::new(path);
    path.extension().is_some_and(|extension| extension == "parquet")
        || (path.is_dir() && !path.join("_delta_log").exists())
}

/// Returns a path that says the same wherever Spark was started.
fn absolute(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_all_of_its_parts() {
        let quoted = |uri: &str| TableName::of(uri).map(|name| name.quoted());
        assert_eq!(quoted("spark://main.silver.orders").unwrap(), "`main`.`silver`.`orders`");
        assert_eq!(quoted("spark://orders").unwrap(), "`orders`");
        assert_eq!(quoted("spark://delta.`/lake/a.b/o``x`").unwrap(), "`delta`.`/lake/a.b/o``x`");
        assert_eq!(quoted("spark://s.t; DROP TABLE x").unwrap(), "`s`.`t; DROP TABLE x`");
        assert_eq!(quoted("/lake/orders").unwrap(), "`delta`.`/lake/orders`");
        assert_eq!(quoted("s3://lake/a.parquet").unwrap(), "`parquet`.`s3://lake/a.parquet`");
        for wrong in ["spark://", "spark://a..b", "spark://`a", "spark://a.${x}"] {
            assert!(quoted(wrong).is_err(), "{wrong}");
        }
    }
}
