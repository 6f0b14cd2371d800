//! Files that the engine writes.

use karat::data::{Float, Value};
use polars::prelude::*;

use super::{cells, files};
use crate::fuzz::Random;

/// Writes a frame and compares what is read with what the other decoder reads, and with what was
/// written. Gives the number of cells.
pub fn case(seed: u64) -> Result<u64, String> {
    let mut random = Random::new(seed);
    let rows = [0, 1, 9, 300][random.below(4)];
    let mut columns: Vec<Column> = Vec::new();
    let mut values: Vec<Vec<Value>> = Vec::new();
    for index in 0..=random.below(5) {
        let name = PlSmallStr::from(format!("c{index}"));
        let kind = random.below(4);
        let numbers: Vec<Option<i64>> = (0..rows)
            .map(|_| {
                let most = [3, usize::MAX >> 1][random.below(2)];
                (random.below(4) > 0).then(|| random.below(most) as i64)
            })
            .collect();
        let of = |make: &dyn Fn(i64) -> Value| {
            numbers.iter().map(|value| value.map_or(Value::Null, make)).collect()
        };
        let (series, own): (Series, Vec<Value>) = match kind {
            0 => (Series::new(name, &numbers), of(&|value| Value::Integer(value.into()))),
            1 => {
                let texts: Vec<Option<String>> =
                    numbers.iter().map(|value| value.map(|value| format!("v{value}"))).collect();
                (Series::new(name, &texts), of(&|value| Value::String(format!("v{value}"))))
            }
            2 => {
                let floats: Vec<Option<f64>> =
                    numbers.iter().map(|value| value.map(|value| value as f64 / 8.0)).collect();
                (Series::new(name, &floats), of(&|value| Value::Float(Float(value as f64 / 8.0))))
            }
            _ => {
                let lists: Vec<Option<Series>> = numbers
                    .iter()
                    .map(|value| {
                        value.map(|value| {
                            Series::new(
                                "".into(),
                                (0..value.rem_euclid(4))
                                    .map(|item| (item != 2).then_some(item))
                                    .collect::<Vec<_>>(),
                            )
                        })
                    })
                    .collect();
                let mut series = lists.into_iter().collect::<ListChunked>().into_series();
                if !matches!(series.dtype(), DataType::List(_)) || rows == 0 {
                    series =
                        Series::full_null(name.clone(), rows, &DataType::List(Box::new(DataType::Int64)));
                } else {
                    series = series.cast(&DataType::List(Box::new(DataType::Int64))).unwrap();
                }
                let list = |value: i64| {
                    Value::List(
                        (0..value.rem_euclid(4))
                            .map(|item| if item == 2 { Value::Null } else { Value::Integer(item.into()) })
                            .collect(),
                    )
                };
                (series.with_name(name), of(&list))
            }
        };
        columns.push(series.into_column());
        values.push(own);
    }
    let names: Vec<String> = columns.iter().map(|column| column.name().to_string()).collect();
    let mut frame = DataFrame::new_infer_height(columns).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.parquet");
    ParquetWriter::new(std::fs::File::create(&path).unwrap())
        .with_row_group_size([Some(7), None][random.below(2)])
        .with_data_page_size([Some(64), None][random.below(2)])
        .finish(&mut frame)
        .unwrap();
    let written: Vec<Vec<Value>> =
        (0..rows).map(|row| values.iter().map(|column| column[row].clone()).collect()).collect();
    let found = cells::rows(&path, &names)?;
    cells::compare(&names, &found, &written)?;
    files::compare(&path)
}
