//! Rows as a table for people: as many columns as there is room for, and values that are cut where they are long.

use std::io::{self, Write};

use arrow::array::Array as _;
use arrow::record_batch::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::flat::flat;
use crate::report::{brief, inert, visible};

/// The widest column.
const WIDEST: usize = 40;
/// The room between two columns.
const BETWEEN: &str = "  ";
/// The width where there is no terminal.
const NO_TERMINAL: usize = 200;

/// Number of rows that decide how wide the columns are.
const DECIDING: usize = 100;

/// A table that is written row by row. The first rows decide how wide its columns are, and wait until there are enough of them.
pub(super) struct Table<W> {
    to: W,
    width: usize,
    /// The names of the columns, and the first rows; empty once the widths are decided.
    waiting: Vec<Vec<String>>,
    /// The widths of the columns that are shown; empty before they are decided.
    widths: Vec<usize>,
}

impl<W: Write> Table<W> {
    pub(super) fn new(to: W, width: Option<usize>) -> Self {
        Self { to, width: width.unwrap_or(NO_TERMINAL), waiting: Vec::new(), widths: Vec::new() }
    }

    pub(super) fn write(&mut self, rows: &RecordBatch) -> io::Result<()> {
        let rows = flat(rows).map_err(io::Error::other)?;
        // The reasons come first: they are what the rows are listed for.
        let last = rows.num_columns().saturating_sub(1);
        let order: Vec<usize> = std::iter::once(last).chain(0..last).collect();
        if self.widths.is_empty() && self.waiting.is_empty() {
            let schema = rows.schema();
            self.waiting.push(order.iter().map(|at| visible(schema.field(*at).name())).collect());
        }
        let columns = order.iter().map(|at| cells(&rows, *at)).collect::<io::Result<Vec<_>>>()?;
        let row_of = |row: usize| columns.iter().filter_map(|column| column.get(row).cloned()).collect();
        for row in 0..rows.num_rows() {
            let row: Vec<String> = row_of(row);
            if self.widths.is_empty() {
                self.waiting.push(row);
            } else {
                self.line(row.iter().map(String::as_str))?;
            }
        }
        if self.waiting.len() > DECIDING { self.begin() } else { Ok(()) }
    }

    /// Decides the widths, and writes what has waited for that.
    fn begin(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some((names, rows)) = waiting.split_first() else { return Ok(()) };
        let mut room = self.width;
        for column in 0..names.len() {
            let texts = waiting.iter().filter_map(|row| row.get(column));
            let widest = texts.map(|text| text.chars().count()).max().unwrap_or_default();
            let width = widest.min(WIDEST);
            if !self.widths.is_empty() && width > room {
                break;
            }
            room = room.saturating_sub(width + BETWEEN.len());
            self.widths.push(width);
        }
        self.line(names.iter().map(String::as_str))?;
        let rules: Vec<String> = self.widths.iter().map(|width| "─".repeat(*width)).collect();
        self.line(rules.iter().map(String::as_str))?;
        rows.iter().try_for_each(|row| self.line(row.iter().map(String::as_str)))
    }

    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
        let cells = cells.zip(&self.widths).map(|(cell, width)| {
            // A later row may be wider than those that have decided: rather out of line than cut.
            let cell = brief(cell, WIDEST);
            format!("{cell:<width$}")
        });
        let line = cells.collect::<Vec<_>>().join(BETWEEN);
        writeln!(self.to, "{}", inert(line.trim_end()))
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.begin()?;
        self.to.flush()
    }
}

/// Returns the values of a column as text.
fn cells(rows: &RecordBatch, at: usize) -> io::Result<Vec<String>> {
    let column = rows.column(at);
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column.as_ref(), &options).map_err(io::Error::other)?;
    let text = |row| {
        let text = formatter.value(row).try_to_string().map_err(io::Error::other)?;
        Ok(if column.is_null(row) { "null".to_owned() } else { visible(&text) })
    };
    (0..column.len()).map(text).collect()
}
