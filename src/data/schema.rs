//! Columns and their types.

use std::fmt;

use super::DataType;
use crate::document::nearest;

/// A column, or a field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name, any text at all.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
}

impl Field {
    /// A field.
    pub fn new(name: impl Into<String>, data_type: DataType) -> Self {
        Self { name: name.into(), data_type }
    }
}

/// The columns of a snapshot, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The columns.
    pub fields: Vec<Field>,
}

/// Where a value is found: a column, or a field below one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnPath(Vec<String>);

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveError {
    /// What is missing, as a lower-case fragment.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

impl ColumnPath {
    /// A top-level column.
    pub fn column(name: impl Into<String>) -> Self {
        Self(vec![name.into()])
    }

    /// A path of one or more names.
    ///
    /// Returns `None` for no name at all.
    #[must_use]
    pub fn new(parts: Vec<String>) -> Option<Self> {
        (!parts.is_empty()).then_some(Self(parts))
    }

    /// Reads `a`, `a.b` (a field of a struct) or `` `a.b` `` (one column); a doubled backtick
    /// within backticks is a backtick.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (part, after) = if let Some(quoted) = rest.strip_prefix('`') {
                quoted_part(quoted).ok_or_else(|| "a backtick without its partner".to_owned())?
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            };
            parts.push(part);
            match after.strip_prefix('.') {
                Some(next) => rest = next,
                None if after.is_empty() => return Ok(Self(parts)),
                None => return Err(format!("unexpected {after:?} after a quoted name")),
            }
        }
    }

    /// The names from the column down.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// Whether one of two paths leads through the other: they are the same, or one lies in the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(left, right)| left == right)
    }

    /// The name of the top-level column.
    #[must_use]
    pub fn root(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

impl fmt::Display for ColumnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            if part.is_empty() || part.contains(['.', '`']) {
                write!(f, "`{}`", part.replace('`', "``"))?;
            } else {
                f.write_str(part)?;
            }
        }
        Ok(())
    }
}

impl Schema {
    /// The names of the columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The position of a column, from 0.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The type at a path.
    ///
    /// # Errors
    /// The part that is missing, and the nearest right name.
    pub fn resolve(&self, path: &ColumnPath) -> Result<&DataType, ResolveError> {
        let mut fields = self.fields.as_slice();
        let mut found = None;
        for (depth, part) in path.parts().iter().enumerate() {
            let Some(field) = fields.iter().find(|field| field.name == *part) else {
                return Err(self.missing(path, depth, part, fields));
            };
            found = Some(&field.data_type);
            fields = match &field.data_type {
                DataType::Struct(inner) => inner,
                _ => &[],
            };
        }
        found.ok_or_else(|| ResolveError { message: "an empty path".to_owned(), help: None })
    }

    fn missing(&self, path: &ColumnPath, depth: usize, part: &str, fields: &[Field]) -> ResolveError {
        let unquoted = path.parts().join(".");
        let help = if path.parts().len() > 1 && self.position(&unquoted).is_some() {
            Some(format!(
                "a dot descends into a struct; the column of that name is `{unquoted}`, in backticks"
            ))
        } else {
            nearest(part, fields.iter().map(|field| field.name.as_str()))
                .map(|near| format!("did you mean \"{near}\"?"))
        };
        let message = match depth {
            0 => format!("no column \"{part}\""),
            _ => format!("no field \"{part}\" in \"{}\"", ColumnPath(path.parts()[..depth].to_vec())),
        };
        ResolveError { message, help }
    }
}

/// The part up to the closing backtick, and what follows.
fn quoted_part(quoted: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('`')?;
        part.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('`') {
            Some(after) => {
                part.push('`');
                rest = after;
            }
            None => return Some((part, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_round_trip() {
        for text in ["a", "a.b", "`a.b`", "``", "`a``b`.c", "'; DROP", "列", ""] {
            let path = ColumnPath::parse(text).unwrap();
            assert_eq!(ColumnPath::parse(&path.to_string()).unwrap(), path, "{text}");
        }
        assert!(ColumnPath::parse("`a").is_err());
        assert!(ColumnPath::parse("`a`b").is_err());
    }

    #[test]
    fn a_struct_overlaps_its_fields() {
        let overlap = |left: &str, right: &str| {
            ColumnPath::parse(left).unwrap().overlaps(&ColumnPath::parse(right).unwrap())
        };
        assert!(overlap("a", "a.b") && overlap("a.b", "a") && overlap("a", "a"));
        assert!(!overlap("a.b", "a.c") && !overlap("a", "b"));
    }

    #[test]
    fn a_dotted_column_says_how_to_quote_it() {
        let schema = Schema { fields: vec![Field::new("a.b", DataType::String)] };
        let error = schema.resolve(&ColumnPath::parse("a.b").unwrap()).unwrap_err();
        assert!(error.help.unwrap().contains("backticks"));
        assert!(schema.resolve(&ColumnPath::parse("`a.b`").unwrap()).is_ok());
    }
}
