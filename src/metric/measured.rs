//! What an engine finds of a metric, in the shape that the metric asks for.

use super::Tallied;
use crate::data::Value;

/// What was found of a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// A number of rows, groups or keys.
    Count(u64),
    /// One value; null where no value defines it.
    Scalar(Value),
    /// Values of one column.
    Values(Vec<Value>),
    /// Keys, each with one value for each of its parts.
    Keys(Vec<Vec<Value>>),
    /// How often values come.
    Tally(Tallied),
    /// Groups of rows by their keys, with their sizes.
    Sizes(Sizes),
    /// The metric of each group of rows.
    Groups(Vec<Group>),
    /// There are more groups than are fetched: see [`MOST_GROUPS`](super::MOST_GROUPS).
    TooManyGroups,
    /// How two datasets differ.
    Differences(Differences),
    /// The rows that a query gives.
    Selected(Selected),
    /// How the rows that two queries give differ.
    SelectedApart(SelectedApart),
}

/// Groups of rows in the order of their keys, as lists side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// One list for each part of the keys.
    pub parts: Vec<Vec<Value>>,
    /// The number of rows of each group.
    pub rows: Vec<u64>,
}

/// A group of rows, and what was found of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What its rows have in common: one value for each key.
    pub keys: Vec<Value>,
    /// What was found.
    pub found: Measured,
}

/// How two datasets differ, in numbers of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Those that only this one has.
    pub only_here: u64,
    /// Those that only the other one has.
    pub only_there: u64,
    /// Those of both whose values differ.
    pub different: u64,
}

/// The rows that a query gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// How many.
    pub rows: u64,
    /// The first of them, each with the names of its columns; none where there are personal data.
    pub first: Vec<Vec<(String, Value)>>,
}

/// How the rows that two queries give differ, as bags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SelectedApart {
    /// The rows of this dataset's query.
    pub rows: u64,
    /// The rows of the other dataset's.
    pub other: u64,
    /// The rows of the other one that are missing here.
    pub missing: u64,
    /// The rows that only this one has.
    pub unexpected: u64,
}

/// An engine gave another shape than the metric asks for. That is a fault of the engine, and what it gave
/// decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine gave {found} where {wanted} is asked for")]
pub struct Misshapen {
    found: &'static str,
    wanted: &'static str,
}

impl Misshapen {
    pub(super) const fn new(found: &'static str, wanted: &'static str) -> Self {
        Self { found, wanted }
    }
}

impl Measured {
    /// What it is, in a word.
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
            Self::Selected(_) => "rows",
            Self::SelectedApart(_) => "differences of rows",
        }
    }

    /// The count that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn count(&self) -> Result<u64, Misshapen> {
        if let Self::Count(count) = self { Ok(*count) } else { Err(self.is_no("a count")) }
    }

    /// The one value that it is; a count as an integer.
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

    /// The values that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn values(&self) -> Result<&[Value], Misshapen> {
        if let Self::Values(values) = self { Ok(values) } else { Err(self.is_no("values")) }
    }

    /// The keys that it is.
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

    /// The sizes of groups that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn sizes(&self) -> Result<&Sizes, Misshapen> {
        if let Self::Sizes(sizes) = self { Ok(sizes) } else { Err(self.is_no("sizes of groups")) }
    }

    /// The groups that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn groups(&self) -> Result<&[Group], Misshapen> {
        if let Self::Groups(groups) = self { Ok(groups) } else { Err(self.is_no("groups")) }
    }

    /// The differences that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn differences(&self) -> Result<Differences, Misshapen> {
        if let Self::Differences(found) = self { Ok(*found) } else { Err(self.is_no("differences")) }
    }

    /// The rows of a query that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn selected(&self) -> Result<&Selected, Misshapen> {
        if let Self::Selected(found) = self { Ok(found) } else { Err(self.is_no("rows")) }
    }

    /// The differences of rows that it is.
    ///
    /// # Errors
    /// It is none.
    pub fn selected_apart(&self) -> Result<SelectedApart, Misshapen> {
        if let Self::SelectedApart(found) = self {
            Ok(*found)
        } else {
            Err(self.is_no("differences of rows"))
        }
    }

    /// Nothing, where something is asked for.
    pub(crate) const fn missing(wanted: &'static str) -> Misshapen {
        Misshapen { found: "nothing", wanted }
    }

    const fn is_no(&self, wanted: &'static str) -> Misshapen {
        Misshapen { found: self.name(), wanted }
    }
}
