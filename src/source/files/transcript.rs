//! The link from converted Parquet files to their originals in another format.

use std::collections::HashMap;

use roaring::RoaringTreemap;

use super::row_lines::RowLines;
use crate::data::Doubts;
use crate::source::scratch::Folder;

/// The link from the Parquet files of a dataset to the originals that they were converted from.
#[derive(Debug)]
pub(crate) struct Transcript {
    /// The folder of the converted files, which is removed with this value.
    pub(crate) _folder: Folder,
    /// The malformed rows, which the converted files lack; `None` in a format without malformed rows.
    pub(crate) malformed: Option<Malformed>,
    /// The numbers of the malformed rows in the original, by the name of the file.
    pub(crate) malformed_rows: HashMap<String, RoaringTreemap>,
    /// The lines in which rows begin, by the name of the file.
    pub(crate) lines: HashMap<String, RowLines>,
    /// The work of the conversion.
    pub(crate) cost: TranscriptionCost,
    /// What is doubtful about how the text was read.
    pub(crate) doubts: Doubts,
}

/// The work of converting files of another format to Parquet, before a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TranscriptionCost {
    /// The most times that a file was read.
    pub(crate) scans: u64,
    /// Number of rows in the originals, including malformed rows.
    pub(crate) rows: u64,
    /// Number of bytes read.
    pub(crate) bytes: u64,
}

impl TranscriptionCost {
    /// Adds the work for a file that was read once.
    pub(crate) fn add(&mut self, rows: u64, bytes: u64) {
        self.rows += rows;
        self.bytes += bytes;
    }
}

impl Transcript {
    /// Returns a transcript without malformed rows.
    pub(crate) fn whole(folder: Folder, cost: TranscriptionCost, doubts: Doubts) -> Self {
        Self {
            _folder: folder,
            malformed: None,
            malformed_rows: HashMap::new(),
            lines: HashMap::new(),
            cost,
            doubts,
        }
    }

    /// Returns the line in which a row of a text file begins, given its number in the original.
    pub(crate) fn line(&self, file: &str, number: u64) -> Option<u64> {
        self.lines.get(file)?.of(number)
    }

    /// Returns the number of a row in the original file, where malformed rows count too.
    pub(crate) fn number(&self, file: &str, row: u64) -> u64 {
        let Some(malformed_rows) = self.malformed_rows.get(file) else { return row };
        // Each malformed row before this row shifts its number by one.
        let mut number = row;
        for malformed in malformed_rows {
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
    /// Number of malformed rows.
    pub rows: u64,
    /// The first malformed rows, at most 1,000.
    pub first: Vec<MalformedRow>,
}

/// A malformed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedRow {
    /// The name of the file within the dataset.
    pub file: String,
    /// The number of the row within the file, from 0.
    pub row: u64,
    /// The line where the row begins, from 1.
    pub line: u64,
    /// What is wrong with the row, without a quote of its values.
    pub reason: String,
}

impl Malformed {
    /// The most rows that are kept.
    const KEPT: usize = 1_000;

    pub(crate) fn add(&mut self, row: MalformedRow) {
        self.rows += 1;
        if self.first.len() < Self::KEPT {
            self.first.push(row);
        }
    }
}
