//! The definition of an expectation: its name, parameters, documentation page and reader of arguments.

use std::fmt;

use super::{Arguments, Claim, LowerError, Lowered, Nature, Site};
use crate::data::{ColumnPath, Dataset};
use crate::document::Diagnostic;
use crate::predicate::Expression;

/// The entry of an expectation in the catalogue.
#[derive(Debug)]
pub struct Definition {
    /// The name under which suites use the expectation.
    pub id: &'static str,
    /// The family, which is also the folder of the expectation's source and page.
    pub family: Family,
    /// The places where a check may stand: a column, the table, or either.
    pub scope: Scope,
    /// The subject of the judgement: rows, a measured value, or the schema. Decides which options a check
    /// has.
    pub nature: Nature,
    /// The condition that holds when the check passes, as a sentence without its first capital and full stop.
    pub summary: &'static str,
    /// The parameters, in the order in which listings and messages show them.
    pub parameters: &'static [Parameter],
    /// The name of the parameter that takes an argument given without a name.
    pub bare: Option<&'static str>,
    /// The documentation page, in Markdown.
    pub page: &'static str,
    /// Reads the arguments of a check.
    pub read: fn(&Arguments<'_>) -> Result<Box<dyn Expectation>, Diagnostic>,
}

impl Definition {
    /// Returns the parameters that a check in this place takes.
    pub fn parameters_on(&self, place: Scope) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.stands_on(place))
    }

    /// Returns the parameter that takes an argument without a name, for a check in this place.
    #[must_use]
    pub fn bare_parameter(&self, place: Scope) -> Option<&'static Parameter> {
        self.parameters_on(place).find(|parameter| Some(parameter.name) == self.bare)
    }
}

/// A family of expectations, which is a folder of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// Expectations on the values of a column, row by row.
    Values,
    /// Expectations on a column of the schema.
    Column,
    /// Expectations on the table as a whole.
    Table,
    /// Expectations on one value that is aggregated over rows.
    Aggregate,
    /// Expectations on several columns of a row.
    Multi,
    /// Expectations that compare with another table, or with another version of the same table.
    Cross,
    /// Expectations on dates, timestamps and windows of time.
    Time,
}

impl Family {
    /// Returns the name of the family's folder.
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

/// The places where a check of an expectation may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Under a column.
    Column,
    /// Under `table`.
    Table,
    /// Under a column or under `table`.
    Either,
}

/// A parameter of an expectation.
#[derive(Debug)]
pub struct Parameter {
    /// The name of the parameter in suites.
    pub name: &'static str,
    /// The kind of value that the parameter takes.
    pub kind: ParameterKind,
    /// True if every check must give the parameter.
    pub required: bool,
    /// The places in which a check takes the parameter.
    pub scope: Scope,
    /// The meaning of the parameter, in a few words.
    pub meaning: &'static str,
}

/// The kind of value that a parameter takes.
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
    /// A text, or a list of texts.
    Texts,
    /// A text in SQL. The spans of its errors are positions within this text.
    Sql,
    /// Names of columns.
    Columns,
    /// The name of a column.
    Column,
    /// A span of time such as `1 h`.
    Duration,
    /// The name of a type.
    Type,
    /// Names of types.
    Types,
    /// One word of a fixed list.
    Choice(&'static [&'static str]),
    /// A JSON Schema, as a mapping or as JSON text.
    JsonSchema,
    /// The path or URI of another dataset.
    Dataset,
    /// Names of columns, each with its name in the other dataset where the two differ.
    Counterparts,
    /// A distance between two numbers, absolute as in `0.01` or relative as in `0.1 %`.
    Tolerance,
    /// A version of a table: its number, or `previous`.
    Version,
    /// Weights of bins or of values, `{values: [a, b], weights: [0.5, 0.5]}`.
    Partition,
    /// Numbers by name, or in a list.
    Numbers,
    /// The edges between bins of numbers, or one list of values for each bin.
    Bins,
    /// Quantiles with their bounds, `{at: 0.5, min: 1, max: 3}`.
    QuantileRanges,
}

impl Scope {
    /// Returns the place in words.
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
    /// Returns the name of the kind, as listings of the catalogue show it.
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
    /// Returns a parameter that may be left out.
    pub(super) const fn optional(name: &'static str, kind: ParameterKind, meaning: &'static str) -> Self {
        Self { name, kind, required: false, scope: Scope::Either, meaning }
    }

    /// Returns a parameter that must be given.
    pub(super) const fn required(name: &'static str, kind: ParameterKind, meaning: &'static str) -> Self {
        Self { name, kind, required: true, scope: Scope::Either, meaning }
    }

    /// Restricts the parameter to checks on the table.
    pub(super) const fn on_table(self) -> Self {
        Self { scope: Scope::Table, ..self }
    }

    /// Restricts the parameter to checks on a column.
    pub(super) const fn on_column(self) -> Self {
        Self { scope: Scope::Column, ..self }
    }

    /// Returns whether a check in this place takes the parameter.
    #[must_use]
    pub fn stands_on(&self, place: Scope) -> bool {
        self.scope == Scope::Either || self.scope == place
    }
}

/// An expectation whose arguments have been read.
pub trait Expectation: fmt::Debug + Send + Sync {
    /// Binds the expectation to a schema. The result says what to measure and how to judge the values.
    ///
    /// # Errors
    /// The check cannot be evaluated on such a table: why, and the way out.
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError>;

    /// Returns the method that evaluates the conditions, if reports should name the method.
    fn judged_by(&self) -> Option<&'static str> {
        None
    }

    /// Returns the other datasets that the check reads.
    fn datasets(&self) -> Vec<Dataset> {
        Vec::new()
    }

    /// Returns the conditions and values that the expectation states in SQL. Their spans are positions in
    /// that SQL.
    fn expressions(&self) -> Vec<Expression> {
        Vec::new()
    }

    /// Returns whether the check counts malformed rows of text, which all other checks then leave out.
    fn counts_malformed(&self) -> bool {
        false
    }

    /// What it claims before a schema gives types, on a column if it stands on one. Of an expectation that does not say,
    /// only a check with the same arguments claims the same.
    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        None
    }

    /// Returns the demand in words that follow the expectation's id, for example `0 and 10` or `[O, F, P]`.
    fn demand(&self) -> String;
}
