//! Failing rows: as an engine fetches them, and as they are shown.

use super::{Masked, Privacy};
use crate::data::Value;

/// Failing rows of a check, as an engine fetches them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MaskedSamples {
    /// The first failing rows in the order of the snapshot, at most as many as the check asks for.
    pub rows: Vec<MaskedRow>,
    /// The most frequent values among the first failing rows, with their counts.
    pub frequent: Masked<Vec<(Value, u64)>>,
    /// The number of failing rows that `frequent` counts.
    pub counted: u64,
}

/// A failing row, as an engine fetches it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MaskedRow {
    /// The name of its file within the dataset, which contains partition values; `None` in memory.
    pub file: Option<Masked<String>>,
    /// See [`SampleRow::row`].
    pub row: Option<u64>,
    /// See [`SampleRow::line`].
    pub line: Option<u64>,
    /// See [`SampleRow::position`].
    pub position: Option<u64>,
    /// The values of the key, with their names.
    pub key: Vec<(String, Masked<Value>)>,
    /// The values that the check reads, with their names.
    pub values: Vec<(String, Masked<Value>)>,
    /// The values of all columns, with their names; empty if they are not wanted.
    pub whole: Vec<(String, Masked<Value>)>,
}

/// Failing rows of a check, as they are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// The first failing rows in the order of the snapshot, at most as many as the check asks for.
    pub rows: Vec<SampleRow>,
    /// The most frequent values among the first failing rows, with their counts.
    pub frequent: Vec<(Value, u64)>,
    /// The number of failing rows that `frequent` counts.
    pub counted: u64,
}

/// A failing row, as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRow {
    /// The name of its file within the dataset; `None` in memory.
    pub file: Option<String>,
    /// Its number within the file (or the frame) in the order in which rows are stored, from 0; `None` for a
    /// group of rows.
    pub row: Option<u64>,
    /// The line in which it begins, from 1, if its file is text.
    pub line: Option<u64>,
    /// Its number within the whole dataset; `None` for a group of rows.
    pub position: Option<u64>,
    /// The values of the key, with their names.
    pub key: Vec<(String, Value)>,
    /// The values that the check reads, with their names.
    pub values: Vec<(String, Value)>,
    /// The values of all columns, with their names; empty if they are not wanted.
    pub whole: Vec<(String, Value)>,
}

impl MaskedSamples {
    /// Returns samples of rows alone, without frequent values.
    #[must_use]
    pub fn of_rows(rows: Vec<MaskedRow>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Returns the same rows without the places where they lie, which mean nothing where rows have none.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        for row in &mut self.rows {
            (row.file, row.row, row.line, row.position) = (None, None, None, None);
        }
        self
    }

    pub(super) fn open(self, privacy: &Privacy) -> Samples {
        Samples {
            rows: self.rows.into_iter().map(|row| row.open(privacy)).collect(),
            frequent: self.frequent.open_or_hash(privacy).unwrap_or_default(),
            counted: self.counted,
        }
    }
}

impl MaskedRow {
    fn open(self, privacy: &Privacy) -> SampleRow {
        let shown = |values: Vec<(String, Masked<Value>)>| {
            let values = values.into_iter();
            values.filter_map(|(name, value)| Some((name, value.open_or_hash(privacy)?))).collect()
        };
        SampleRow {
            file: self.file.map(|file| privacy.or_mark(file)),
            row: self.row,
            line: self.line,
            position: self.position,
            key: shown(self.key),
            values: shown(self.values),
            whole: shown(self.whole),
        }
    }
}
