//! The data blocks of pages: a line `name: type, …`, then rows of cells parted by commas. Blanks
//! around cells do not count, an empty cell is a null, and quotes make a text, even an empty one.

use polars::prelude::{Column, DataFrame, DataType, NamedFrom, Series, TimeUnit, TimeZone};

pub(super) fn read(text: &str) -> Result<DataFrame, String> {
    let mut lines = text.lines();
    let header = lines.next().ok_or("no line of columns")?;
    let columns: Vec<(&str, &str)> = split(header)?
        .into_iter()
        .map(|cell| {
            cell.text.split_once(": ").ok_or_else(|| format!("not a name and a type: {:?}", cell.text))
        })
        .collect::<Result<_, _>>()?;
    let rows: Vec<Vec<Cell<'_>>> = lines.map(split).collect::<Result<_, _>>()?;
    if let Some(odd) = rows.iter().find(|row| row.len() != columns.len()) {
        return Err(format!("{} cells for {} columns", odd.len(), columns.len()));
    }
    let read = columns.iter().enumerate().map(|(index, (name, data_type))| {
        let cells: Vec<Option<&str>> = rows.iter().map(|row| row[index].value()).collect();
        column(name, data_type, &cells).map_err(|error| format!("{name}: {error}"))
    });
    DataFrame::new(rows.len(), read.collect::<Result<_, _>>()?).map_err(|error| error.to_string())
}

/// A cell without its blanks and quotes.
struct Cell<'a> {
    text: &'a str,
    quoted: bool,
}

impl<'a> Cell<'a> {
    fn value(&self) -> Option<&'a str> {
        (self.quoted || !self.text.is_empty()).then_some(self.text)
    }
}

/// The cells of a line; a comma in quotes or in parentheses, as in `decimal(12,2)`, parts none.
fn split(line: &str) -> Result<Vec<Cell<'_>>, String> {
    let (mut quoted, mut depth) = (false, 0_i32);
    let parts = line.split(|c| {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        c == ',' && !quoted && depth == 0
    });
    let cells = parts.map(|part| {
        let text = part.trim();
        match text.strip_prefix('"') {
            None => Ok(Cell { text, quoted: false }),
            Some(rest) => {
                let text = rest.strip_suffix('"').ok_or_else(|| format!("an open quote in {line:?}"))?;
                Ok(Cell { text, quoted: true })
            }
        }
    });
    cells.collect()
}

fn column(name: &str, data_type: &str, cells: &[Option<&str>]) -> Result<Column, String> {
    let utc = || TimeZone::opt_try_new(Some("UTC")).map_err(|error| error.to_string());
    let (series, data_type) = match data_type {
        "int8" => (integers(cells)?, DataType::Int8),
        "int16" => (integers(cells)?, DataType::Int16),
        "int32" => (integers(cells)?, DataType::Int32),
        "int64" => (integers(cells)?, DataType::Int64),
        "uint8" => (integers(cells)?, DataType::UInt8),
        "uint16" => (integers(cells)?, DataType::UInt16),
        "uint32" => (integers(cells)?, DataType::UInt32),
        "uint64" => (integers(cells)?, DataType::UInt64),
        "float32" => (series(cells, str::parse::<f64>)?, DataType::Float32),
        "float64" => (series(cells, str::parse::<f64>)?, DataType::Float64),
        "string" => (Series::new("".into(), cells), DataType::String),
        "boolean" => (series(cells, str::parse::<bool>)?, DataType::Boolean),
        "date" => (
            series(cells, |text| text.parse().map(|date: chrono::NaiveDate| date.to_epoch_days()))?,
            DataType::Date,
        ),
        "timestamp_ntz" => (series(cells, wall_clock)?, DataType::Datetime(TimeUnit::Microseconds, None)),
        "timestamp" => (series(cells, instant)?, DataType::Datetime(TimeUnit::Microseconds, utc()?)),
        other => (Series::new("".into(), cells), decimal(other).ok_or_else(|| format!("no type {other:?}"))?),
    };
    let series = series.strict_cast(&data_type).map_err(|error| error.to_string())?;
    Ok(series.with_name(name.into()).into())
}

fn series<T, E: std::fmt::Display>(
    cells: &[Option<&str>],
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<Series, String>
where
    Series: NamedFrom<Vec<Option<T>>, [Option<T>]>,
{
    let value = |cell: Option<&str>| {
        cell.map(|text| read(text).map_err(|error| format!("{text:?}: {error}"))).transpose()
    };
    let values: Vec<Option<T>> = cells.iter().copied().map(value).collect::<Result<_, _>>()?;
    Ok(Series::new("".into(), values))
}

/// Wide enough for every width.
fn integers(cells: &[Option<&str>]) -> Result<Series, String> {
    series(cells, str::parse::<i128>)
}

fn instant(text: &str) -> chrono::ParseResult<i64> {
    chrono::DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_micros())
}

fn wall_clock(text: &str) -> chrono::ParseResult<i64> {
    text.parse().map(|time: chrono::NaiveDateTime| time.and_utc().timestamp_micros())
}

/// `decimal(12,2)`
fn decimal(text: &str) -> Option<DataType> {
    let (precision, scale) = text.strip_prefix("decimal(")?.strip_suffix(')')?.split_once(',')?;
    Some(DataType::Decimal(precision.trim().parse().ok()?, scale.trim().parse().ok()?))
}
