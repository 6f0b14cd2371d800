//! Collects the statistics that the log, the footers and the partitions state for columns, in chunks of rows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::column_statistics::{after_deletions, of_constant};
use super::delta_log::LoggedStatistics;
use super::row_groups::{ColumnTypes, RowGroups};
use crate::data::{ColumnPath, DataType, KnownColumn, KnownRows};
use crate::engine::polars::parallel::all;
use crate::engine::polars::scan::FileSet;
use crate::source::SourceError;
use crate::source::files::DataFile;

/// Consecutive rows of one file, with the statistics of their columns: a row group, or a whole file.
#[derive(Clone, Debug)]
pub(crate) struct RowChunk {
    /// The index of the file among those of the dataset.
    pub(crate) file: usize,
    /// The range of row numbers in the file, including deleted rows.
    pub(crate) rows: Range<u64>,
    /// The statistics of the rows that no deletion vector removes.
    pub(crate) known: KnownRows,
    /// The index of the row group. `None` for a whole file.
    pub(crate) group: Option<usize>,
    /// The columns whose upper bound may come from a truncated text, so that no value needs to be near it.
    pub(super) truncated: BTreeSet<ColumnPath>,
}

impl FileSet {
    /// Returns the statistics of columns in the table's log, and their partition values: one chunk for each
    /// file. No file is opened. Files of changes give no chunks: only some of their rows count, and no
    /// statistics say which.
    pub(crate) fn log_statistics(&self, columns: &BTreeSet<ColumnPath>) -> Vec<RowChunk> {
        if self.files.about().is_changes {
            return Vec::new();
        }
        let wanted = self.wanted_columns(columns);
        let chunk = |(index, file): (usize, &DataFile)| {
            let statistics =
                file.statistics.as_deref().and_then(|json| LoggedStatistics::of(json, file.rows));
            let live = file.live_rows();
            let tell = |column: &WantedColumn| {
                let (statistics, name) =
                    (statistics.as_ref()?, self.files.about().logged_names.get(&column.name)?);
                let known = statistics.column(name, &column.data_type, file.rows);
                let whole = live == file.rows && statistics.are_tight();
                Some(if whole { known } else { after_deletions(known, file.rows, live) })
            };
            let known = KnownRows { rows: live, columns: column_statistics(file, live, &wanted, tell) };
            RowChunk { file: index, rows: 0..file.rows, known, group: None, truncated: BTreeSet::new() }
        };
        self.files.iter().enumerate().map(chunk).collect()
    }

    /// Returns the statistics of columns in the footers of some files, and their partition values: one chunk
    /// for each row group, in the order of the files and their rows. Files of changes give no chunks.
    ///
    /// # Errors
    /// A footer cannot be read, or is not the one that was opened.
    pub(crate) fn footer_statistics(
        &self,
        files: &[usize],
        columns: &BTreeSet<ColumnPath>,
    ) -> Result<Vec<RowChunk>, SourceError> {
        if self.files.about().is_changes {
            return Ok(Vec::new());
        }
        let wanted = self.wanted_columns(columns);
        let files: Vec<(usize, &DataFile)> =
            files.iter().filter_map(|index| Some((*index, self.files.get(*index)?))).collect();
        let chunks = all(&files, |(index, file)| self.statistics_of_footer(*index, file, &wanted))?;
        Ok(chunks.into_iter().flatten().collect())
    }

    fn statistics_of_footer(
        &self,
        index: usize,
        file: &DataFile,
        wanted: &[WantedColumn],
    ) -> Result<Vec<RowChunk>, SourceError> {
        let groups = RowGroups::read(&file.local);
        // Another writer may have removed or replaced the file.
        file.unchanged()?;
        let groups = groups?;
        let Some(groups) = groups.filter(|groups| groups.all_rows() == file.rows) else {
            let live = file.live_rows();
            let known = KnownRows { rows: live, columns: column_statistics(file, live, wanted, |_| None) };
            let truncated = BTreeSet::new();
            return Ok(vec![RowChunk { file: index, rows: 0..file.rows, known, group: None, truncated }]);
        };
        let layout = self.layouts.of(file);
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
                Some(if live == physical { known } else { after_deletions(known, physical, live) })
            };
            let known = KnownRows { rows: live, columns: column_statistics(file, live, wanted, tell) };
            let is_truncated = |column: &&WantedColumn| {
                layout.stored_as(&column.name).is_some_and(|(stored, _)| groups.is_truncated(number, stored))
            };
            let truncated = wanted.iter().filter(is_truncated).map(|column| column.path.clone()).collect();
            chunks.push(RowChunk { file: index, rows, known, group: Some(number), truncated });
        }
        Ok(chunks)
    }

    /// Returns the columns whose paths name a whole column: there are no statistics of nested fields.
    fn wanted_columns(&self, columns: &BTreeSet<ColumnPath>) -> Vec<WantedColumn> {
        let about = self.files.about();
        let wanted = |path: &ColumnPath| {
            let whole = path.parts().len() == 1 && path.elements().is_none();
            let field = about.columns.iter().find(|field| whole && field.name == path.root())?;
            let partition = about.partitioned.iter().position(|column| column.name == field.name);
            let (name, data_type) = (field.name.clone(), field.data_type.clone());
            Some(WantedColumn { path: path.clone(), name, data_type, partition })
        };
        columns.iter().filter_map(wanted).collect()
    }
}

/// Returns the statistics of columns on some rows of a file. A partition column is fully known.
fn column_statistics(
    file: &DataFile,
    live: u64,
    wanted: &[WantedColumn],
    tell: impl Fn(&WantedColumn) -> Option<KnownColumn>,
) -> BTreeMap<ColumnPath, KnownColumn> {
    let known = |column: &WantedColumn| {
        let known = match column.partition {
            Some(place) => of_constant(file.partition.get(place)?, live),
            None => tell(column)?,
        };
        (known != KnownColumn::default()).then(|| (column.path.clone(), known))
    };
    wanted.iter().filter_map(known).collect()
}

/// A column whose statistics are wanted.
struct WantedColumn {
    path: ColumnPath,
    name: String,
    data_type: DataType,
    /// The index among the partition columns, if the column is one.
    partition: Option<usize>,
}
