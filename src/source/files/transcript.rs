//! What the files of a dataset were written from, where that is no Parquet.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::row_lines::RowLines;
use crate::data::Doubts;
use crate::source::scratch::Folder;

/// What the files of a dataset were written from.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// The folder of the written files, which is removed with this value.
    pub(crate) _folder: Folder,
    /// The malformed rows, which the files lack. `None` in a format that has none.
    pub(crate) malformed: Option<Malformed>,
    /// The numbers of these rows, by the name of their file.
    pub(crate) left_out: HashMap<String, RoaringTreemap>,
    /// The lines in which rows begin, by the name of their file.
    pub(crate) lines: HashMap<String, RowLines>,
    /// The work that writing them took.
    pub(crate) took: Took,
    /// What is doubtful about how the text was read.
    pub(crate) doubts: Doubts,
}

/// The work of writing files of another format as Parquet, before a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Took {
    /// How many times each file was read, at most.
    pub(crate) scans: u64,
    /// The rows that came out.
    pub(crate) rows: u64,
    /// The bytes that were read.
    pub(crate) bytes: u64,
}

impl Took {
    /// Adds a file that was read once.
    pub(crate) fn add(&mut self, rows: u64, bytes: u64) {
        self.rows += rows;
        self.bytes += bytes;
    }
}

impl Transcript {
    /// A transcript without malformed rows.
    pub(crate) fn whole(folder: Folder, took: Took, doubts: Doubts) -> Self {
        Self {
            _folder: folder,
            malformed: None,
            left_out: HashMap::new(),
            lines: HashMap::new(),
            took,
            doubts,
        }
    }

    /// The line in which a row of a file of text begins, by its number there.
    pub(crate) fn line(&self, file: &str, number: u64) -> Option<u64> {
        self.lines.get(file)?.of(number)
    }

    /// The number that a row has in the original file: malformed rows count there.
    pub(crate) fn number(&self, file: &str, row: u64) -> u64 {
        let Some(left_out) = self.left_out.get(file) else { return row };
        // Every malformed row in front of it moves it by one.
        let mut number = row;
        for malformed in left_out {
            if malformed > number {
                break;
            }
            number += 1;
        }
        number
    }
}

/// The malformed rows of a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Malformed {
    /// How many there are.
    pub rows: u64,
    /// The first of them.
    pub first: Vec<MalformedRow>,
}

/// A malformed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedRow {
    /// Its file within the dataset.
    pub file: String,
    /// Its number within the file, from 0.
    pub row: u64,
    /// The line where it begins, from 1.
    pub line: u64,
    /// What is wrong with it, which quotes nothing of it.
    pub reason: String,
}

impl Malformed {
    /// How many of the first are kept.
    const KEPT: usize = 1_000;

    pub(crate) fn add(&mut self, row: MalformedRow) {
        self.rows += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(row);
        }
    }
}
