//! Writes an inspection as text for people: facts on the dataset, then its columns as a tree.

use std::collections::BTreeMap;

use anstyle::Style;

use super::model::{ColumnReport, Inspection, ParquetReport, TableReport};
use crate::data::counted;
use crate::report::layout::{display_width, padded, wrapped};
use crate::report::numbers::{bytes, count};
use crate::report::text::line;
use crate::report::visible::{brief, visible};

/// Returns the inspection as text with ANSI styles. Values are wrapped to `width` columns, if given.
#[must_use]
pub fn inspection_text(inspection: &Inspection, width: Option<usize>) -> String {
    let mut out = String::new();
    let bold = Style::new().bold();
    let version = inspection.version.map_or_else(String::new, |version| format!(" @ v{version}"));
    line(&mut out, format_args!("{bold}{}{bold:#}{version}\n", visible(&inspection.uri)));
    pairs(&mut out, &facts(inspection), width);
    if let Some(table) = inspection.table.as_ref().filter(|table| !table.properties.is_empty()) {
        line(&mut out, format_args!("\n{bold}properties{bold:#}"));
        let properties = table.properties.iter();
        pairs(&mut out, &properties.map(|(name, value)| (brief(name, 60), visible(value))).collect(), width);
    }
    let number = usize_text(inspection.columns.len());
    line(&mut out, format_args!("\n{bold}columns{bold:#} ({number})"));
    let mut rows = Vec::new();
    tree(&inspection.columns, 0, &mut rows);
    let names = rows.iter().map(|row| display_width(&row.name)).max().unwrap_or_default().min(40);
    let types = rows.iter().map(|row| display_width(&row.kind)).max().unwrap_or_default().min(40);
    let dim = Style::new().dimmed();
    for row in rows {
        let Row { name, kind, remark } = row;
        let head = format!("  {}  ", padded(&name, names));
        if remark.is_empty() {
            line(&mut out, format_args!("{head}{kind}"));
        } else {
            let kind = padded(&kind, types);
            line(&mut out, format_args!("{head}{kind}  {dim}{remark}{dim:#}"));
        }
    }
    out
}

/// Returns the known facts on the dataset, each with its name.
fn facts(inspection: &Inspection) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: Option<String>| {
        facts.extend(value.filter(|value| !value.is_empty()).map(|value| (name.to_owned(), visible(&value))));
    };
    let table = inspection.table.as_ref();
    fact("format", Some(inspection.format.to_owned()));
    fact("name", table.and_then(|table| table.name.clone()));
    fact("description", table.and_then(|table| table.description.clone()));
    fact("created", table.and_then(|table| table.created_at.clone()));
    fact("committed", inspection.timestamp.clone());
    fact("rows", inspection.rows.map(count));
    fact("files", inspection.files.map(|files| size(files, inspection.bytes)));
    fact("partitioned by", Some(inspection.partition_columns.join(", ")));
    if let Some(table) = table {
        let vectors = &inspection.deletion_vectors;
        let deleted = format!(
            "{} deleted, in {}",
            counted(vectors.rows, "row", "rows"),
            counted(vectors.files, "file", "files")
        );
        fact("deletion vectors", Some(if vectors.files == 0 { "none".to_owned() } else { deleted }));
        let TableReport { protocol, .. } = table;
        let versions = (protocol.min_reader_version, protocol.min_writer_version);
        fact("protocol", Some(format!("reader {}, writer {}", versions.0, versions.1)));
        fact("reader features", Some(protocol.reader_features.join(", ")));
        fact("writer features", Some(protocol.writer_features.join(", ")));
        fact("column mapping", Some(table.column_mapping.to_owned()));
    }
    fact(
        "statistics",
        inspection.files_with_statistics.zip(inspection.files).map(|(with, files)| statistics(with, files)),
    );
    if let Some(ParquetReport { row_groups, codecs, writers }) = &inspection.parquet {
        fact("row groups", Some(count(*row_groups)));
        fact("codecs", Some(shares(codecs)));
        fact("written by", Some(shares(writers)));
    }
    facts
}

fn size(files: u64, size: Option<u64>) -> String {
    let size = size.map_or_else(String::new, |size| format!(", {}", bytes(size)));
    format!("{}{size}", count(files))
}

fn statistics(with: u64, files: u64) -> String {
    match with {
        _ if files == 0 => String::new(),
        0 => "of no file".to_owned(),
        _ if with == files => "of every file".to_owned(),
        _ => format!("of {} of {}", count(with), counted(files, "file", "files")),
    }
}

/// Returns the names, with their counts if there are several names.
fn shares(of: &BTreeMap<String, u64>) -> String {
    let several = of.len() > 1;
    let share = |(name, number): (&String, &u64)| {
        if several { format!("{name} ({})", count(*number)) } else { name.clone() }
    };
    of.iter().map(share).collect::<Vec<_>>().join(", ")
}

/// Writes names and values, one pair per line.
fn pairs(out: &mut String, pairs: &Vec<(String, String)>, width: Option<usize>) {
    let names = pairs.iter().map(|(name, _)| display_width(name)).max().unwrap_or_default();
    let dim = Style::new().dimmed();
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(names + 4).max(24));
    let indent = " ".repeat(names + 4);
    for (name, value) in pairs {
        let value = wrapped(value, room).join(&format!("\n{indent}"));
        let name = padded(name, names);
        line(out, format_args!("  {dim}{name}{dim:#}  {value}"));
    }
}

/// A line of the tree of columns.
struct Row {
    name: String,
    kind: String,
    remark: &'static str,
}

fn tree(columns: &[ColumnReport], depth: usize, rows: &mut Vec<Row>) {
    for column in columns {
        // A type whose fields have lines of their own is written without them.
        let kind = column.data_type.split_once('<').map_or(column.data_type.as_str(), |(kind, _)| kind);
        let kind = if column.fields.is_empty() { &column.data_type } else { kind };
        rows.push(Row {
            name: format!("{}{}", "  ".repeat(depth), brief(&column.name, 60)),
            kind: brief(kind, 60),
            remark: if column.nullable { "" } else { "not null" },
        });
        tree(&column.fields, depth + 1, rows);
    }
}

fn usize_text(number: usize) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX))
}
