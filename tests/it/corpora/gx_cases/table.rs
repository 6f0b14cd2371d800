//! The table of a case, as a frame.

use karat::document::{Node, NodeKind, Scalar};
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, Series, TimeUnit, TimeZone};

use super::Case;

/// A table whose columns have one type each.
pub(super) struct Table {
    pub(super) frame: DataFrame,
}

/// What values of JSON are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Boolean,
    Other,
}

impl Table {
    /// The table of a case; none if a column has values of several types, which no table can hold.
    pub(super) fn of(case: &Case<'_>) -> Option<Self> {
        let types = case.get("types");
        let mut columns = Vec::new();
        let mut height = 0;
        for (name, values) in case.get("columns")?.map("").unwrap() {
            let cells: Vec<&Scalar> = values.list("").unwrap().iter().map(scalar).collect::<Option<_>>()?;
            let mut kinds: Vec<Kind> =
                cells.iter().filter(|cell| !cell.is_null()).map(|cell| kind(cell)).collect();
            kinds.dedup();
            height = cells.len();
            let declared = types.and_then(|types| types.get(&name.text)).map(|node| node.text("").unwrap());
            let series = match kinds.as_slice() {
                [] => empty(case.expectation, declared, height),
                [kind] => column(*kind, declared, &cells),
                _ => return None,
            };
            columns.push(Column::from(series.with_name(name.text.as_str().into())));
        }
        if case.flag(&["adds_pk_index"]) {
            let index: Vec<i64> = (0..).take(height).collect();
            columns.push(Column::from(Series::new("pk_index".into(), index)));
        }
        Some(Self { frame: DataFrame::new(height, columns).unwrap() })
    }
}

fn scalar(node: &Node) -> Option<&Scalar> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(scalar),
        NodeKind::List(_) | NodeKind::Map(_) => None,
    }
}

fn kind(cell: &Scalar) -> Kind {
    match cell.text.as_str() {
        _ if cell.quoted => Kind::Text,
        "true" | "false" => Kind::Boolean,
        text if text.parse::<f64>().is_ok() => Kind::Number,
        _ => Kind::Other,
    }
}

/// Of a column of nulls, the expectation says what its values would be.
fn empty(expectation: &str, declared: Option<&str>, height: usize) -> Series {
    let measured = ["_max_", "_min_", "_mean_", "_median_", "_stdev_", "_sum_", "_quantile_"];
    let text = declared.is_some() || !measured.iter().any(|word| expectation.contains(word));
    let data_type = if text { DataType::String } else { DataType::Float64 };
    Series::full_null("".into(), height, &data_type)
}

fn column(kind: Kind, declared: Option<&str>, cells: &[&Scalar]) -> Series {
    let texts: Vec<Option<&str>> =
        cells.iter().map(|cell| (!cell.is_null()).then_some(cell.text.as_str())).collect();
    let parsed =
        |texts: &[Option<&str>]| texts.iter().map(|text| text.map(str::parse::<i64>)).collect::<Vec<_>>();
    let declared = declared.unwrap_or_default().to_lowercase();
    if declared.starts_with("datetime") || declared == "timestamp" {
        return times(&texts);
    }
    let number = kind == Kind::Number || (declared.starts_with("int") && kind == Kind::Text);
    match kind {
        _ if number
            && !declared.starts_with("float")
            && parsed(&texts).iter().flatten().all(Result::is_ok) =>
        {
            let values: Vec<Option<i64>> =
                parsed(&texts).into_iter().map(|cell| cell.map(Result::unwrap)).collect();
            Series::new("".into(), values)
        }
        _ if number => {
            let values: Vec<Option<f64>> =
                texts.iter().map(|text| text.map(|text| text.parse().unwrap())).collect();
            Series::new("".into(), values)
        }
        Kind::Boolean => {
            let values: Vec<Option<bool>> =
                texts.iter().map(|text| text.map(|text| text == "true")).collect();
            Series::new("".into(), values)
        }
        _ => Series::new("".into(), texts),
    }
}

/// Times: instants where they are written with a zone.
fn times(texts: &[Option<&str>]) -> Series {
    let zoned = texts.iter().flatten().any(|text| text.ends_with('Z'));
    let microseconds = texts.iter().map(|text| {
        text.map(|text| {
            let time: chrono::NaiveDateTime = text.trim_end_matches('Z').parse().unwrap();
            time.and_utc().timestamp_micros()
        })
    });
    let values: Vec<Option<i64>> = microseconds.collect();
    let zone = zoned.then_some(TimeZone::UTC);
    Series::new("".into(), values).cast(&DataType::Datetime(TimeUnit::Microseconds, zone)).unwrap()
}
