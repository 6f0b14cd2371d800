//! The results of metrics as an engine returns them. Each metric has a fixed shape of result, and the
//! accessors of `Measured` fail on any other shape.

use super::Tallied;
use crate::data::Value;
use crate::privacy::Untrusted;

/// The result of measuring a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// A number of rows, groups or keys.
    Count(u64),
    /// One value; null where the metric is undefined.
    Scalar(Value),
    /// Values of one column.
    Values(Vec<Value>),
    /// Keys, each with one value for each of its parts.
    Keys(Vec<Vec<Value>>),
    /// How often values come.
    Tally(Tallied),
    /// Groups of rows by their keys, with their sizes.
    Sizes(Sizes),
    /// The result of the metric for each group of rows.
    Groups(Vec<Group>),
    /// More groups exist than are fetched: see [`MOST_GROUPS`](super::MOST_GROUPS).
    TooManyGroups,
    /// The differences between two datasets.
    Differences(Differences),
    /// The rows that a query returns.
    QueryRows(QueryRows),
    /// The differences between the rows that two queries return.
    QueryDifference(QueryDifference),
}

/// Groups of rows in the order of their keys, as parallel lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// One list for each part of the keys.
    pub parts: Vec<Vec<Value>>,
    /// Number of rows of each group.
    pub rows: Vec<u64>,
}

/// A group of rows and the result of the metric for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The key that the rows share: one value for each part.
    pub keys: Vec<Value>,
    /// The result of the metric.
    pub result: Measured,
}

/// The differences between two datasets, in numbers of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Number of keys that only this dataset has.
    pub only_here: u64,
    /// Number of keys that only the other dataset has.
    pub only_there: u64,
    /// Number of keys of both datasets whose values differ.
    pub different: u64,
}

/// The rows that a query returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryRows {
    /// Number of rows.
    pub rows: u64,
    /// The first rows, each value with the name of its column; empty where the data are personal.
    pub first: Vec<Vec<(String, Value)>>,
}

/// The differences between the rows that two queries return, compared as multisets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueryDifference {
    /// Number of rows of this dataset's query.
    pub rows: u64,
    /// Number of rows of the other dataset's query.
    pub other: u64,
    /// Number of rows of the other query that are missing here.
    pub missing: u64,
    /// Number of rows that only this query returns.
    pub unexpected: u64,
}

/// A result of another shape than the metric asks for. This is a fault of the engine, and the result decides
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine gave {found} where {wanted} is asked for")]
pub struct Misshapen {
    found: &'static str,
    wanted: &'static str,
}

impl From<Misshapen> for Untrusted {
    fn from(error: Misshapen) -> Self {
        Self::places(error.to_string())
    }
}

impl Misshapen {
    pub(super) const fn new(found: &'static str, wanted: &'static str) -> Self {
        Self { found, wanted }
    }
}

impl Measured {
    /// Returns the name of the result's shape, for messages.
    const fn name(&self) -> &'static str {
        match self {
            Self::Count(_) => "a count",
            Self::Scalar(_) => "a value",
            Self::Values(_) => "values",
            Self::Keys(_) => "keys",
            Self::Tally(_) => "a tally",
            Self::Sizes(_) => "sizes of groups",
            Self::Groups(_) => "groups",
            Self::TooManyGroups => "too many groups",
            Self::Differences(_) => "differences",
            Self::QueryRows(_) => "rows",
            Self::QueryDifference(_) => "differences of rows",
        }
    }

    /// Returns the count, if the result is one.
    ///
    /// # Errors
    /// It is none.
    pub fn count(&self) -> Result<u64, Misshapen> {
        if let Self::Count(count) = self { Ok(*count) } else { Err(self.is_no("a count")) }
    }

    /// Returns the single value, if the result is one; a count becomes an integer.
    ///
    /// # Errors
    /// It is none.
    pub fn value(&self) -> Result<Value, Misshapen> {
        match self {
            Self::Count(count) => Ok(Value::of_count(*count)),
            Self::Scalar(value) => Ok(value.clone()),
            other => Err(other.is_no("a value")),
        }
    }

    /// Returns the values, if the result is a list of them.
    ///
    /// # Errors
    /// It is none.
    pub fn values(&self) -> Result<&[Value], Misshapen> {
        if let Self::Values(values) = self { Ok(values) } else { Err(self.is_no("values")) }
    }

    /// Returns the keys, if the result is a list of them.
    ///
    /// # Errors
    /// It is none.
    pub fn keys(&self) -> Result<&[Vec<Value>], Misshapen> {
        if let Self::Keys(keys) = self { Ok(keys) } else { Err(self.is_no("keys")) }
    }

    /// The tally that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn tally(&self) -> Result<&Tallied, Misshapen> {
        if let Self::Tally(tally) = self { Ok(tally) } else { Err(self.is_no("a tally")) }
    }

    /// Returns the sizes of the groups, if the result is a list of them.
    ///
    /// # Errors
    /// It is none.
    pub fn sizes(&self) -> Result<&Sizes, Misshapen> {
        if let Self::Sizes(sizes) = self { Ok(sizes) } else { Err(self.is_no("sizes of groups")) }
    }

    /// Returns the groups, if the result is a list of them.
    ///
    /// # Errors
    /// It is none.
    pub fn groups(&self) -> Result<&[Group], Misshapen> {
        if let Self::Groups(groups) = self { Ok(groups) } else { Err(self.is_no("groups")) }
    }

    /// Returns the differences between two datasets, if the result is a set of them.
    ///
    /// # Errors
    /// It is none.
    pub fn differences(&self) -> Result<Differences, Misshapen> {
        if let Self::Differences(found) = self { Ok(*found) } else { Err(self.is_no("differences")) }
    }

    /// Returns the rows of a query, if the result is a set of them.
    ///
    /// # Errors
    /// It is none.
    pub fn query_rows(&self) -> Result<&QueryRows, Misshapen> {
        if let Self::QueryRows(found) = self { Ok(found) } else { Err(self.is_no("rows")) }
    }

    /// Returns the differences between the rows of two queries, if the result is a set of them.
    ///
    /// # Errors
    /// It is none.
    pub fn query_difference(&self) -> Result<QueryDifference, Misshapen> {
        if let Self::QueryDifference(found) = self {
            Ok(*found)
        } else {
            Err(self.is_no("differences of rows"))
        }
    }

    /// Returns the error for a result that is missing.
    pub(crate) const fn missing(wanted: &'static str) -> Misshapen {
        Misshapen { found: "nothing", wanted }
    }

    const fn is_no(&self, wanted: &'static str) -> Misshapen {
        Misshapen { found: self.name(), wanted }
    }
}
