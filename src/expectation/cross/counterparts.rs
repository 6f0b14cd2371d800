//! Pairs of columns that are compared: one of the table, one of the other dataset.

use super::super::{Arguments, LowerError, Site};
use crate::data::{ColumnPath, Common, Incomparable, Schema};
use crate::document::{Diagnostic, Node, NodeKind};
use crate::expectation::columns_of;
use crate::predicate::Typed;

/// Columns of the table, each with its counterpart in the other dataset.
#[derive(Debug)]
pub(super) struct Counterparts(Vec<(ColumnPath, ColumnPath)>);

impl Counterparts {
    /// Returns one pair of columns.
    pub(super) fn of(here: ColumnPath, there: ColumnPath) -> Self {
        Self(vec![(here, there)])
    }

    /// Reads names of columns that both have, or a mapping from the table's to the other dataset's; at least
    /// one.
    pub(super) fn read(arguments: &Arguments<'_>, name: &str) -> Result<Self, Diagnostic> {
        Self::from_node(arguments.required(name)?)
    }

    pub(super) fn read_optional(arguments: &Arguments<'_>, name: &str) -> Result<Option<Self>, Diagnostic> {
        arguments.node(name).map(Self::from_node).transpose()
    }

    fn from_node(node: &Node) -> Result<Self, Diagnostic> {
        let pairs: Vec<_> = match &node.kind {
            NodeKind::Map(entries) => entries
                .iter()
                .map(|(key, value)| {
                    let here =
                        ColumnPath::parse(&key.text).map_err(|message| Diagnostic::new(key.span, message))?;
                    match columns_of(value)?.as_slice() {
                        [there] => Ok((here, there.clone())),
                        _ => Err(value.expected_error("the name of a column")),
                    }
                })
                .collect::<Result<_, _>>()?,
            _ => columns_of(node)?.into_iter().map(|column| (column.clone(), column)).collect(),
        };
        if pairs.is_empty() { Err(node.expected_error("at least one column")) } else { Ok(Self(pairs)) }
    }

    /// Pairs the columns that both schemas have, except the columns in `but`.
    pub(super) fn common(here: &Schema, there: &Schema, but: &Self) -> Self {
        let names = here.names().filter(|name| there.names().any(|other| other == *name));
        let columns = names.map(ColumnPath::column);
        Self(
            columns
                .filter(|path| !but.0.iter().any(|(key, _)| key == path))
                .map(|path| (path.clone(), path))
                .collect(),
        )
    }

    /// Resolves the pairs in both schemas. The types of each pair can be compared.
    pub(super) fn resolve(&self, site: &Site<'_>, there: &Schema) -> Result<Vec<(Typed, Typed)>, LowerError> {
        let pairs = self.0.iter().map(|(here, other)| {
            let left = site.named(here)?;
            let right = Typed::column(
                other,
                there.readable(other).map_err(|error| {
                    let error = LowerError::from(error);
                    LowerError { message: format!("in the other dataset: {}", error.message), ..error }
                })?,
            );
            if !left.data_type.is_comparable() {
                return Err(LowerError::new(format!("values of type {} have no equality", left.data_type)));
            }
            match Common::of(&left.data_type, &right.data_type) {
                Ok(_) => Ok((left, right)),
                Err(Incomparable { message, help }) => {
                    let error = LowerError::new(format!("column \"{here}\": {message}"));
                    Err(LowerError { help, ..error })
                }
            }
        });
        pairs.collect()
    }

    /// The columns here.
    pub(super) fn here(&self) -> impl Iterator<Item = &ColumnPath> {
        self.0.iter().map(|(here, _)| here)
    }

    /// Formats the pairs: `a, b`, or `a as id` where the names differ.
    pub(super) fn demand(&self) -> String {
        let one = |(here, there): &(ColumnPath, ColumnPath)| {
            if here == there { here.to_string() } else { format!("{here} as {there}") }
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}
