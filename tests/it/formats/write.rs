//! A table as a file of each format, its values in the spellings of different writers.

use std::fs::File;
use std::path::Path;

use polars::prelude::*;

use super::cells::{Cells, clock, day, wall};
use super::table::{Dice, Table};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Parquet,
    Arrow,
    Csv,
    Ndjson,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Parquet, Self::Arrow, Self::Csv, Self::Ndjson];

    fn is_text(self) -> bool {
        matches!(self, Self::Csv | Self::Ndjson)
    }
}

/// What the suite says of text, if it says something.
pub fn schema(table: &Table, format: Format) -> Option<String> {
    if !(table.given && format.is_text()) {
        return None;
    }
    let types = table.columns.iter().enumerate();
    let types = types.map(|(number, column)| format!("  c{number}: {}\n", column.cells.type_name()));
    Some(format!("schema:\n{}", types.collect::<String>()))
}

/// Writes a table into a folder; gives its path.
pub fn write(table: &Table, format: Format, folder: &Path, seed: u64) -> String {
    let mut dice = Dice::new(!seed);
    let name = match format {
        Format::Parquet => "t.parquet",
        Format::Arrow => "t.arrow",
        Format::Csv => "t.csv",
        Format::Ndjson => "t.ndjson",
    };
    let path = folder.join(name);
    match format {
        Format::Parquet => {
            ParquetWriter::new(File::create(&path).unwrap()).finish(&mut frame(table)).unwrap();
        }
        Format::Arrow => {
            let packed = if dice.below(2) == 0 { None } else { Some(IpcCompression::LZ4) };
            let writer = IpcWriter::new(File::create(&path).unwrap());
            writer.with_compression(packed).finish(&mut frame(table)).unwrap();
        }
        Format::Csv => std::fs::write(&path, csv(table, &mut dice)).unwrap(),
        Format::Ndjson => std::fs::write(&path, ndjson(table, &mut dice)).unwrap(),
    }
    path.display().to_string()
}

fn frame(table: &Table) -> DataFrame {
    let rows: Vec<i64> = (0..).take(table.rows).collect();
    let mut columns = vec![Column::new("row".into(), rows)];
    for (number, column) in table.columns.iter().enumerate() {
        columns.push(column.cells.series().with_name(format!("c{number}").into()).into());
    }
    DataFrame::new(table.rows, columns).unwrap()
}

fn csv(table: &Table, dice: &mut Dice) -> String {
    let mut text = "row".to_owned();
    (0..table.columns.len()).for_each(|number| text += &format!(",c{number}"));
    for row in 0..table.rows {
        text += &format!("\n{row}");
        for column in &table.columns {
            text += ",";
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            text += &match spelled(&column.cells, row, table.given, true, dice) {
                None => String::new(),
                Some(text) if matches!(column.cells, Cells::Text(_)) => quoted(&text),
                Some(text) if dice.below(4) == 0 => quoted(&text),
                Some(text) => text,
            };
        }
    }
    text + "\n"
}

fn ndjson(table: &Table, dice: &mut Dice) -> String {
    let mut text = String::new();
    for row in 0..table.rows {
        text += &format!("{{\"row\": {row}");
        for (number, column) in table.columns.iter().enumerate() {
            let cells = &column.cells;
            let Some(value) = spelled(cells, row, table.given, false, dice) else {
                // A null, or a key that is not there.
                text += if dice.below(2) == 0 { "" } else { ", \"_\": null" };
                text = text.replace("\"_\"", &format!("\"c{number}\""));
                continue;
            };
            let bare = matches!(cells, Cells::Whole(..) | Cells::Float(_) | Cells::Flag(_))
                || (matches!(cells, Cells::Decimal(..)) && (!table.given || dice.below(2) == 0));
            let value = if bare { value } else { serde_json::Value::from(value).to_string() };
            text += &format!(", \"c{number}\":{value}");
        }
        text += "}\n";
    }
    text
}

/// A value as some writer has it.
fn spelled(cells: &Cells, row: usize, given: bool, is_csv: bool, dice: &mut Dice) -> Option<String> {
    Some(match cells {
        Cells::Whole(_, values) => {
            let value = values[row]?;
            let plus = is_csv && value >= 0 && dice.below(4) == 0;
            match dice.below(4) {
                0 if given && is_csv => format!("{value}.0"),
                1 if given && is_csv => format!(" {value} "),
                _ if plus && given => format!("+{value}"),
                _ => value.to_string(),
            }
        }
        Cells::Decimal(..) => number(&cells.literal(row)?, is_csv, dice),
        Cells::Float(values) => {
            let value = values[row]?;
            match dice.below(4) {
                0 => format!("{value:e}"),
                1 if is_csv => number(&format!("{value:?}"), is_csv, dice),
                _ => format!("{value:?}"),
            }
        }
        Cells::Flag(values) => {
            let value = values[row]?.to_string();
            if is_csv && dice.below(2) == 0 { value.to_uppercase() } else { value }
        }
        Cells::Day(values) => day(values[row]?).to_string(),
        Cells::Moment(instant, values) => moment(values[row]?, *instant, dice),
        Cells::Clock(values) => clock(values[row]?),
        Cells::Text(values) => values[row].clone()?,
    })
}

/// A number with a point in the spellings of CSV: `.5`, `5.`, `+5.0`, `5.00`.
fn number(text: &str, is_csv: bool, dice: &mut Dice) -> String {
    if text.contains('e') {
        return text.to_owned();
    }
    let with_zeros = || if text.contains('.') { format!("{text}00") } else { format!("{text}.0") };
    match dice.below(6) {
        0 => with_zeros(),
        1 if is_csv && !text.starts_with('-') => format!("+{text}"),
        2 if is_csv && text.starts_with("0.") => text[1..].to_owned(),
        3 if is_csv => text.trim_end_matches('0').to_owned(),
        _ => text.to_owned(),
    }
}

/// A moment with an offset, a separator and a fraction as some writer has them.
fn moment(value: i64, instant: bool, dice: &mut Dice) -> String {
    const OFFSETS: [(&str, i64); 8] = [
        ("Z", 0),
        ("+00", 0),
        ("+0000", 0),
        ("+00:00", 0),
        ("+02", 7_200),
        ("+0530", 19_800),
        ("-08:00", -28_800),
        (" UTC", 0),
    ];
    let (offset, seconds) = if instant { OFFSETS[dice.below(8) as usize] } else { ("", 0) };
    let shifted = value + seconds * 1_000_000;
    // Within the years that are written with four digits.
    let known = (-62_135_596_800_000_000..=253_402_300_799_999_999).contains(&shifted);
    let (offset, local) = if known { (offset, shifted) } else { ("Z", value) };
    let whole = wall(local);
    let short = whole.trim_end_matches('0').trim_end_matches('.');
    let text = if dice.below(2) == 0 { short.to_owned() } else { whole };
    if dice.below(2) == 0 { text.replace('T', " ") + offset } else { text + offset }
}
