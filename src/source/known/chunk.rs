//! Runs of rows of one file of which something is known.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::claim::{among, constant};
use super::footer::{ColumnTypes, Groups};
use super::log::Statistics;
use crate::data::{ColumnPath, DataType, KnownColumn, KnownRows};
use crate::source::parallel::all;
use crate::source::{DataFile, FileSet, SourceError};

/// A run of rows of one file of which something is known.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    /// The file: its place among those of the dataset.
    pub(crate) file: usize,
    /// The rows in the file, deleted ones among them.
    pub(crate) rows: Range<u64>,
    /// What is known of those that are not deleted.
    pub(crate) known: KnownRows,
    /// The row group that they are; none if they are the whole file.
    pub(crate) group: Option<usize>,
    /// The columns whose greatest value may be that of a text that was cut, so that no value need be near.
    pub(super) cut: BTreeSet<ColumnPath>,
}

impl FileSet {
    /// What the log of the table, and the partitions, tell of columns: a chunk for each file. No file
    /// is opened. Of files of changes, only some rows count, and nobody tells which: no chunks.
    pub(crate) fn known_of_log(&self, columns: &BTreeSet<ColumnPath>) -> Vec<Chunk> {
        if self.is_changes {
            return Vec::new();
        }
        let wanted = self.wanted_columns(columns);
        let chunk = |(index, file): (usize, &DataFile)| {
            let statistics = file.statistics.as_deref().and_then(|json| Statistics::of(json, file.rows));
            let live = file.live_rows();
            let tell = |column: &WantedColumn| {
                let (statistics, name) = (statistics.as_ref()?, self.logged_names.get(&column.name)?);
                let known = statistics.column(name, &column.data_type, file.rows);
                let whole = live == file.rows && statistics.are_tight();
                Some(if whole { known } else { among(known, file.rows, live) })
            };
            let known = KnownRows { rows: live, columns: known_columns(file, live, &wanted, tell) };
            Chunk { file: index, rows: 0..file.rows, known, group: None, cut: BTreeSet::new() }
        };
        self.files.iter().enumerate().map(chunk).collect()
    }

    /// What the footers of some files, and the partitions, tell of columns: a chunk for each row group,
    /// in the order of the files and their rows. Of files of changes, no chunks.
    ///
    /// # Errors
    /// A footer cannot be read, or is not the one that was opened.
    pub(crate) fn known_of_footers(
        &self,
        files: &[usize],
        columns: &BTreeSet<ColumnPath>,
    ) -> Result<Vec<Chunk>, SourceError> {
        if self.is_changes {
            return Ok(Vec::new());
        }
        let wanted = self.wanted_columns(columns);
        let files: Vec<(usize, &DataFile)> =
            files.iter().filter_map(|index| Some((*index, self.files.get(*index)?))).collect();
        let chunks = all(&files, |(index, file)| self.known_of_footer(*index, file, &wanted))?;
        Ok(chunks.into_iter().flatten().collect())
    }

    fn known_of_footer(
        &self,
        index: usize,
        file: &DataFile,
        wanted: &[WantedColumn],
    ) -> Result<Vec<Chunk>, SourceError> {
        let groups = Groups::read(&file.here);
        // Another writer may have removed or replaced it.
        file.unchanged()?;
        let groups = groups?;
        let Some(groups) = groups.filter(|groups| groups.all_rows() == file.rows) else {
            let live = file.live_rows();
            let known = KnownRows { rows: live, columns: known_columns(file, live, wanted, |_| None) };
            let cut = BTreeSet::new();
            return Ok(vec![Chunk { file: index, rows: 0..file.rows, known, group: None, cut }]);
        };
        let layout = &self.layouts[file.layout];
        let mut chunks = Vec::new();
        let mut start = 0;
        for (number, physical) in groups.rows().enumerate() {
            let rows = start..start + physical;
            start = rows.end;
            let live = file.live_rows_in(rows.clone());
            let tell = |column: &WantedColumn| {
                let (stored, decoded) = layout.stored_as(&column.name)?;
                if !groups.has(stored) {
                    return Some(KnownColumn { nulls: Some(live), ..KnownColumn::default() });
                }
                let types = ColumnTypes { decoded: decoded?, wanted: &column.data_type };
                let known = groups.column(number, stored, physical, types);
                Some(if live == physical { known } else { among(known, physical, live) })
            };
            let known = KnownRows { rows: live, columns: known_columns(file, live, wanted, tell) };
            let is_cut = |column: &&WantedColumn| {
                layout.stored_as(&column.name).is_some_and(|(stored, _)| groups.is_cut(number, stored))
            };
            let cut = wanted.iter().filter(is_cut).map(|column| column.path.clone()).collect();
            chunks.push(Chunk { file: index, rows, known, group: Some(number), cut });
        }
        Ok(chunks)
    }

    /// The columns themselves among paths: of what lies below them, nothing is known.
    fn wanted_columns(&self, columns: &BTreeSet<ColumnPath>) -> Vec<WantedColumn> {
        let wanted = |path: &ColumnPath| {
            let whole = path.parts().len() == 1 && path.elements().is_none();
            let field = self.columns.iter().find(|field| whole && field.name == path.root())?;
            let partition = self.partitioned.iter().position(|(name, _)| *name == field.name);
            let (name, data_type) = (field.name.clone(), field.data_type.clone());
            Some(WantedColumn { path: path.clone(), name, data_type, partition })
        };
        columns.iter().filter_map(wanted).collect()
    }
}

/// What is known of columns on some rows of a file: of those that it is parted by, all.
fn known_columns(
    file: &DataFile,
    live: u64,
    wanted: &[WantedColumn],
    tell: impl Fn(&WantedColumn) -> Option<KnownColumn>,
) -> BTreeMap<ColumnPath, KnownColumn> {
    let known = |column: &WantedColumn| {
        let known = match column.partition {
            Some(place) => constant(file.partition.get(place)?, live),
            None => tell(column)?,
        };
        (known != KnownColumn::default()).then(|| (column.path.clone(), known))
    };
    wanted.iter().filter_map(known).collect()
}

/// A column of the dataset of which something is asked.
struct WantedColumn {
    path: ColumnPath,
    name: String,
    data_type: DataType,
    /// Which of the partition columns it is, if it is one.
    partition: Option<usize>,
}
