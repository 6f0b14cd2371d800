//! What the catalogue knows of an expectation.

use std::fmt;

use super::{Arguments, Claim, LowerError, Lowered, Nature, Site};
use crate::data::{ColumnPath, Dataset};
use crate::document::Diagnostic;
use crate::predicate::Expression;

/// An expectation of the catalogue.
#[derive(Debug)]
pub struct Definition {
    /// Its name in suites.
    pub id: &'static str,
    /// The folder it lives in.
    pub family: Family,
    /// Whether it stands on a column, on the table, or on either.
    pub scope: Scope,
    /// Whether it judges rows, a measured value, or the schema; says which options it has.
    pub nature: Nature,
    /// What holds when it passes, as a sentence without its first capital and full stop.
    pub summary: &'static str,
    /// What it takes, in the order in which people are told.
    pub parameters: &'static [Parameter],
    /// The parameter that an argument without a name gives.
    pub bare: Option<&'static str>,
    /// Its page.
    pub page: &'static str,
    /// Reads its arguments.
    pub read: fn(&Arguments<'_>) -> Result<Box<dyn Expectation>, Diagnostic>,
}

impl Definition {
    /// What a check in this place takes.
    pub fn parameters_on(&self, place: Scope) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.stands_on(place))
    }

    /// The parameter that an argument without a name gives to a check in this place.
    #[must_use]
    pub fn bare_parameter(&self, place: Scope) -> Option<&'static Parameter> {
        self.parameters_on(place).find(|parameter| Some(parameter.name) == self.bare)
    }
}

/// A folder of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// Values of a column, row by row.
    Values,
    /// A column of the schema.
    Column,
    /// The table as a whole.
    Table,
    /// One value computed of a column.
    Aggregate,
    /// Several columns of a row.
    Multi,
    /// Another table, or another version of this one.
    Cross,
    /// Time.
    Time,
}

impl Family {
    /// The folder's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Column => "column",
            Self::Table => "table",
            Self::Aggregate => "aggregate",
            Self::Multi => "multi",
            Self::Cross => "cross",
            Self::Time => "time",
        }
    }
}

/// Where a check of the expectation may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Under a column.
    Column,
    /// Under `table`.
    Table,
    /// Under either.
    Either,
}

/// A parameter of an expectation.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParameterKind,
    /// Whether it must be given.
    pub required: bool,
    /// Where a check must stand to take it.
    pub scope: Scope,
    /// What it means, in a few words.
    pub meaning: &'static str,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// A literal, bound by the type of the column.
    Literal,
    /// Literals, bound by the type of the column.
    Literals,
    /// Pairs of literals, bound by the types of two columns; either may be null.
    Pairs,
    /// A number.
    Number,
    /// A whole number that is not negative.
    Count,
    /// `true` or `false`.
    Boolean,
    /// A text.
    Text,
    /// A text, or several.
    Texts,
    /// A text in SQL: the places of its errors are looked for within it.
    Sql,
    /// Names of columns.
    Columns,
    /// A name of a column.
    Column,
    /// A span of time such as `1 h`.
    Duration,
    /// The name of a type.
    Type,
    /// Names of types.
    Types,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A JSON Schema, as a mapping or as JSON text.
    JsonSchema,
    /// Another dataset: where it lies.
    Dataset,
    /// Names of columns here, each with its name in another dataset where that differs.
    Counterparts,
    /// How far two numbers may be apart: `0.01`, or in parts of one of them, `0.1 %`.
    Tolerance,
    /// A version of a table: its number, or `previous`.
    Version,
    /// Weights of bins or of values, `{values: [a, b], weights: [0.5, 0.5]}`.
    Partition,
    /// Numbers by their names, or in a list.
    Numbers,
    /// Where one bin of numbers ends and the next begins, or lists of values.
    Bins,
    /// Ranges of quantiles, `{at: 0.5, min: 1, max: 3}`.
    QuantileRanges,
}

impl Scope {
    /// Where that is, in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Table => "table",
            Self::Either => "column or table",
        }
    }
}

impl ParameterKind {
    /// A word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Literal => "value",
            Self::Literals => "values",
            Self::Pairs => "pairs",
            Self::Number => "number",
            Self::Count => "count",
            Self::Boolean => "boolean",
            Self::Text => "text",
            Self::Texts => "texts",
            Self::Sql => "sql",
            Self::Columns => "columns",
            Self::Column => "column",
            Self::Duration => "duration",
            Self::Type => "type",
            Self::Types => "types",
            Self::Choice(_) => "choice",
            Self::JsonSchema => "json_schema",
            Self::Partition => "partition",
            Self::Numbers => "numbers",
            Self::Bins => "bins",
            Self::Dataset => "dataset",
            Self::Counterparts => "counterparts",
            Self::Tolerance => "tolerance",
            Self::Version => "version",
            Self::QuantileRanges => "quantile_ranges",
        }
    }
}

impl Parameter {
    /// A parameter that may be left out.
    pub(super) const fn optional(name: &'static str, kind: ParameterKind, meaning: &'static str) -> Self {
        Self { name, kind, required: false, scope: Scope::Either, meaning }
    }

    /// A parameter that must be given.
    pub(super) const fn required(name: &'static str, kind: ParameterKind, meaning: &'static str) -> Self {
        Self { name, kind, required: true, scope: Scope::Either, meaning }
    }

    /// The same, for checks on the table alone.
    pub(super) const fn on_table(self) -> Self {
        Self { scope: Scope::Table, ..self }
    }

    /// The same, for checks on a column alone.
    pub(super) const fn on_column(self) -> Self {
        Self { scope: Scope::Column, ..self }
    }

    /// Returns whether a check in this place takes it.
    #[must_use]
    pub fn stands_on(&self, place: Scope) -> bool {
        self.scope == Scope::Either || self.scope == place
    }
}

/// An expectation with its arguments.
pub trait Expectation: fmt::Debug + Send + Sync {
    /// What is measured of a table with this schema, and how it is judged.
    ///
    /// # Errors
    /// The check cannot be evaluated on such a table: why, and the way out.
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError>;

    /// What evaluates its conditions, where the report is to say so.
    fn judged_by(&self) -> Option<&'static str> {
        None
    }

    /// The other datasets it needs.
    fn datasets(&self) -> Vec<Dataset> {
        Vec::new()
    }

    /// The conditions and values in SQL that it is made of, whose places are those of its SQL.
    fn expressions(&self) -> Vec<Expression> {
        Vec::new()
    }

    /// Returns whether it counts malformed rows of text, which are then left out of all other checks.
    fn counts_malformed(&self) -> bool {
        false
    }

    /// What it claims before a schema gives types, on a column if it stands on one. Of an expectation that does not say,
    /// only a check with the same arguments claims the same.
    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        None
    }

    /// What is demanded, to be read after the expectation's id: `0 and 10`, `[O, F, P]`.
    fn demand(&self) -> String;
}
