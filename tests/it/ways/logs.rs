//! Delta tables whose logs tell what writers write: whole, cut, in part, and such as cannot be.

use std::path::Path;

use chrono::{DateTime, SecondsFormat};
use polars::prelude::{AnyValue, DataFrame, DataType, TimeUnit};
use serde_json::{Map, Value as Json, json};

use super::footers::Truth;
use crate::fuzz::Random;

/// The name of a type in a log; none of one that no table has.
pub fn type_of(data_type: &DataType) -> Option<String> {
    Some(match data_type {
        DataType::Boolean => "boolean".to_owned(),
        DataType::Int8 => "byte".to_owned(),
        DataType::Int16 => "short".to_owned(),
        DataType::Int32 => "integer".to_owned(),
        DataType::Int64 => "long".to_owned(),
        DataType::Float32 => "float".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Decimal(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::String => "string".to_owned(),
        DataType::Binary => "binary".to_owned(),
        DataType::Date => "date".to_owned(),
        DataType::Datetime(TimeUnit::Microseconds, Some(_)) => "timestamp".to_owned(),
        DataType::Datetime(TimeUnit::Microseconds, None) => "timestamp_ntz".to_owned(),
        _ => return None,
    })
}

/// A data file, its rows, and of which of its columns the footer tells all.
pub struct File {
    pub name: String,
    pub frame: DataFrame,
    pub told: Vec<bool>,
}

/// Writes the log of a table of files that lie in its folder.
pub fn write(folder: &Path, files: &[File], random: &mut Random) {
    let fields = files[0].frame.columns().iter().map(|column| {
        let data_type = type_of(column.dtype()).unwrap();
        json!({"name": column.name().as_str(), "type": data_type, "nullable": true, "metadata": {}})
    });
    let fields = json!({"type": "struct", "fields": fields.collect::<Vec<_>>()});
    let ntz = ["timestampNtz"];
    let mut actions = vec![
        json!({"protocol": {
            "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ntz, "writerFeatures": ntz,
        }}),
        json!({"metaData": {
            "id": "1", "format": {"provider": "parquet", "options": {}}, "configuration": {},
            "schemaString": fields.to_string(), "partitionColumns": [],
        }}),
    ];
    for file in files {
        let size = std::fs::metadata(folder.join(&file.name)).unwrap().len();
        let mut add = json!({
            "path": file.name, "partitionValues": {}, "size": size, "modificationTime": 0, "dataChange": true,
        });
        if random.below(10) > 0 {
            add["stats"] = statistics(file, random).to_string().into();
        }
        actions.push(json!({"add": add}));
    }
    let log = folder.join("_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    let lines: Vec<String> = actions.iter().map(ToString::to_string).collect();
    std::fs::write(log.join("00000000000000000000.json"), lines.join("\n")).unwrap();
}

fn statistics(file: &File, random: &mut Random) -> Json {
    let mut all = Map::new();
    let (mut least, mut greatest, mut nulls) = (Map::new(), Map::new(), Map::new());
    if random.below(12) > 0 {
        all.insert("numRecords".to_owned(), file.frame.height().into());
    }
    if random.below(6) == 0 {
        all.insert("tightBounds".to_owned(), false.into());
    }
    for (column, told) in file.frame.columns().iter().zip(&file.told) {
        let truth = Truth::of(column.as_materialized_series());
        let mut told_of = Told {
            least: truth.least.as_ref().and_then(|value| written(value, false)),
            greatest: truth.greatest.as_ref().and_then(|value| written(value, true)),
            nulls: Some(truth.nulls),
        };
        change(&mut told_of, &truth, *told, random);
        let name = column.name().to_string();
        least.extend(told_of.least.map(|bound| (name.clone(), bound)));
        greatest.extend(told_of.greatest.map(|bound| (name.clone(), bound)));
        nulls.extend(told_of.nulls.map(|count| (name, count.into())));
    }
    all.insert("minValues".to_owned(), least.into());
    all.insert("maxValues".to_owned(), greatest.into());
    all.insert("nullCount".to_owned(), nulls.into());
    all.into()
}

struct Told {
    least: Option<Json>,
    greatest: Option<Json>,
    nulls: Option<i64>,
}

/// Leaves something out, or makes it such that it cannot be; where the footer tells better, a lie.
fn change(of: &mut Told, truth: &Truth, footer_tells: bool, random: &mut Random) {
    match random.below(16) {
        0 => of.nulls = None,
        1 => of.least = None,
        2 => of.greatest = None,
        3 => (of.least, of.greatest) = (None, None),
        4 => {
            of.nulls = Some([truth.rows + 1, -1][random.below(2)]);
            of.greatest.clone_from(&of.least);
        }
        5 if of.least.is_some() => {
            of.nulls = Some(truth.rows);
            of.greatest.clone_from(&of.least);
        }
        6 => {
            let odd = |bound: &mut Option<Json>| {
                if let Some(Json::String(text)) = bound {
                    text.insert(0, '\0');
                }
            };
            odd(&mut of.least);
            odd(&mut of.greatest);
        }
        7 | 8 if footer_tells => of.greatest.clone_from(&of.least),
        9 if footer_tells => of.least.clone_from(&of.greatest),
        10 | 11 if footer_tells => of.nulls = Some((truth.nulls + 1) % (truth.rows + 1)),
        _ => {}
    }
}

/// A bound as Spark and delta-rs write it: of texts the first characters, with one behind them that is
/// to be above all.
fn written(value: &AnyValue<'_>, is_greatest: bool) -> Option<Json> {
    const KEPT: usize = 32;
    let text = |text: String| Some(Json::String(text));
    match value {
        AnyValue::Int8(value) => Some((*value).into()),
        AnyValue::Int16(value) => Some((*value).into()),
        AnyValue::Int32(value) => Some((*value).into()),
        AnyValue::Int64(value) => Some((*value).into()),
        AnyValue::Float32(value) => Some(f64::from(*value).into()),
        AnyValue::Float64(value) => Some((*value).into()),
        AnyValue::Decimal(..) => serde_json::from_str(&value.to_string()).ok(),
        AnyValue::StringOwned(of) => {
            let mut cut: String = of.chars().take(KEPT).collect();
            if is_greatest && cut.len() < of.len() {
                cut.push(if of.chars().nth(KEPT).is_some_and(|next| next < '\u{7f}') {
                    '\u{7f}'
                } else {
                    '\u{10ffff}'
                });
            }
            text(cut)
        }
        AnyValue::Date(days) => text(chrono::NaiveDate::from_epoch_days(*days)?.to_string()),
        AnyValue::DatetimeOwned(micros, _, zone) => {
            let time = DateTime::from_timestamp_micros(*micros)?;
            let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
            text(if zone.is_some() { time } else { time.trim_end_matches('Z').to_owned() })
        }
        _ => None,
    }
}
