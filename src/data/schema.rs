//! Schemas, fields, and the paths that name a column or a part of one.

use std::fmt;

use serde::Serialize;

use super::{DataType, thousands};
use crate::document::nearest;

/// A column, or a field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Field {
    /// The name, which may be any text.
    pub name: String,
    /// The type.
    pub data_type: DataType,
}

impl Field {
    /// Returns a field.
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

/// The path to a value: a column, a field of a struct, or the elements of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnPath {
    parts: Vec<String>,
    /// The names below each element, if the path leads to the elements of a list.
    below_elements: Option<Vec<String>>,
}

/// The suffix that leads from a list to its elements.
const ELEMENTS: &str = "[*]";

/// The reason why a path cannot be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveError {
    /// The missing part, as a lower-case fragment.
    pub message: String,
    /// A similar name, or another suggestion.
    pub help: Option<String>,
}

impl ColumnPath {
    /// Returns the path of a top-level column.
    pub fn column(name: impl Into<String>) -> Self {
        Self { parts: vec![name.into()], below_elements: None }
    }

    /// Returns a path of one or more names.
    ///
    /// Returns `None` for no name at all.
    #[must_use]
    pub fn new(parts: Vec<String>) -> Option<Self> {
        (!parts.is_empty()).then_some(Self { parts, below_elements: None })
    }

    /// Parses `a`, `a.b` (a field of a struct), `` `a.b` `` (one column), `a[*]` (the elements of a list) or
    /// `a[*].b` (a field of each). Within backticks, a doubled backtick stands for one.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut path = Self { parts: Vec::new(), below_elements: None };
        let mut rest = text;
        loop {
            let (part, mut after) = if let Some(quoted) = rest.strip_prefix('`') {
                quoted_part(quoted).ok_or_else(|| "a backtick without its partner".to_owned())?
            } else {
                let end = [rest.find('.'), rest.find(ELEMENTS)].into_iter().flatten().min();
                let end = end.unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            };
            path.below_elements.as_mut().unwrap_or(&mut path.parts).push(part);
            if let Some(elements) = after.strip_prefix(ELEMENTS) {
                if path.below_elements.replace(Vec::new()).is_some() {
                    return Err(format!("{ELEMENTS} twice: lists in lists are not looked into"));
                }
                after = elements;
            }
            match after.strip_prefix('.') {
                Some(next) => rest = next,
                None if after.is_empty() => return Ok(path),
                None => return Err(format!("unexpected {after:?} after a name")),
            }
        }
    }

    /// Returns the names from the column down, or down to the list if the path leads to the elements of one.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Returns the path of the list and the names below each element; `None` if the path leads to no
    /// elements.
    #[must_use]
    pub fn elements(&self) -> Option<(Self, &[String])> {
        let below = self.below_elements.as_deref()?;
        Some((Self { parts: self.parts.clone(), below_elements: None }, below))
    }

    /// Returns whether two paths are the same, or one leads into the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.parts.iter().zip(&other.parts).all(|(left, right)| left == right)
    }

    /// Returns the name of the top-level column.
    #[must_use]
    pub fn root(&self) -> &str {
        self.parts.first().map_or("", String::as_str)
    }
}

impl fmt::Display for ColumnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            write_part(f, index > 0, part)?;
        }
        if let Some(below) = &self.below_elements {
            f.write_str(ELEMENTS)?;
            for part in below {
                write_part(f, true, part)?;
            }
        }
        Ok(())
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, dot: bool, part: &str) -> fmt::Result {
    if dot {
        f.write_str(".")?;
    }
    if part.is_empty() || part.contains(['.', '`']) || part.contains(ELEMENTS) {
        write!(f, "`{}`", part.replace('`', "``"))
    } else {
        f.write_str(part)
    }
}

impl Schema {
    /// Returns the names of the columns, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// Returns the position of a column, from 0.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Returns the type at a path.
    ///
    /// # Errors
    /// The part that is missing, and the nearest right name.
    pub fn resolve(&self, path: &ColumnPath) -> Result<&DataType, ResolveError> {
        if path.below_elements.is_some() {
            return Err(ResolveError {
                message: format!("elements of a list, \"{path}\", cannot stand here"),
                help: Some("checks under columns: that judge single values look into lists".to_owned()),
            });
        }
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

    /// Returns the type at a path whose values are read, or at least whose nulls are known.
    ///
    /// # Errors
    /// The part that is missing, and the nearest right name; or why the column is not read.
    pub fn readable(&self, path: &ColumnPath) -> Result<&DataType, ResolveError> {
        let root = self.fields.iter().find(|field| field.name == path.root());
        if let Some(DataType::Unread { name, reason }) = root.map(|field| &field.data_type) {
            return Err(ResolveError {
                message: format!("the column \"{}\" is of the type {name}: {reason}", path.root()),
                help: Some("checks of other columns and of the table are judged".to_owned()),
            });
        }
        self.resolve(path)
    }

    /// Returns the reason why the values at a path are not read; `None` if they are.
    #[must_use]
    pub fn unread(&self, path: &ColumnPath) -> Option<String> {
        let root = self.fields.iter().find(|field| field.name == path.root())?;
        match &root.data_type {
            DataType::Unread { reason, .. } => Some(reason.clone()),
            DataType::Other(name) => Some(format!("it is {name}")),
            _ => None,
        }
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
                .or_else(|| listed(if depth == 0 { "columns" } else { "fields" }, fields))
        };
        let above = ColumnPath { parts: path.parts()[..depth].to_vec(), below_elements: None };
        let message = match depth {
            0 => format!("no column \"{part}\""),
            _ => format!("no field \"{part}\" in \"{above}\""),
        };
        ResolveError { message, help }
    }
}

/// Lists the first fields: `the columns are a, b and 3 more`; `None` if there are none.
fn listed(what: &str, fields: &[Field]) -> Option<String> {
    const MOST: usize = 6;
    let first: Vec<&str> = fields.iter().take(MOST).map(|field| field.name.as_str()).collect();
    let more = match fields.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {} more", thousands(&more.to_string())),
    };
    (!first.is_empty()).then(|| format!("the {what} are {}{more}", first.join(", ")))
}

/// Splits a text after an opening backtick into the name and the rest after the closing backtick.
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
        for text in [
            "a",
            "a.b",
            "`a.b`",
            "``",
            "`a``b`.c",
            "'; DROP",
            "列",
            "",
            "a[*]",
            "a.b[*].c.d",
            "`a[*]`",
            "`a.b`[*].``",
        ] {
            let path = ColumnPath::parse(text).unwrap();
            assert_eq!(ColumnPath::parse(&path.to_string()).unwrap(), path, "{text}");
        }
        assert!(ColumnPath::parse("`a").is_err());
        assert!(ColumnPath::parse("`a`b").is_err());
        assert!(ColumnPath::parse("a[*]b").is_err() && ColumnPath::parse("a[*].b[*]").is_err());
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
