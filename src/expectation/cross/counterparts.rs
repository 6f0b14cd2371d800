//! Columns here and the ones that they are compared with in another dataset.

use super::super::{Arguments, LowerError, Site};
use crate::data::{ColumnPath, Common, Incomparable, Schema};
use crate::document::{Diagnostic, Node, NodeKind};
use crate::expectation::columns_of;
use crate::predicate::Typed;

/// Columns here, each with its counterpart there.
#[derive(Debug)]
pub(super) struct Counterparts(Vec<(ColumnPath, ColumnPath)>);

impl Counterparts {
    /// One column and its counterpart.
    pub(super) fn of(here: ColumnPath, there: ColumnPath) -> Self {
        Self(vec![(here, there)])
    }

    /// Names of columns of both, or a mapping from those here to those there; at least one.
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
                        _ => Err(value.not("the name of a column")),
                    }
                })
                .collect::<Result<_, _>>()?,
            _ => columns_of(node)?.into_iter().map(|column| (column.clone(), column)).collect(),
        };
        if pairs.is_empty() { Err(node.not("at least one column")) } else { Ok(Self(pairs)) }
    }

    /// The columns of both schemas, but those that are left out.
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

    /// The columns, which can be compared.
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

    /// `a, b` or `a as id`
    pub(super) fn demand(&self) -> String {
        let one = |(here, there): &(ColumnPath, ColumnPath)| {
            if here == there { here.to_string() } else { format!("{here} as {there}") }
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}
