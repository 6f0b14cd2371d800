//! Files of strange shapes, too large or too plain to keep.

use std::fmt::Write as _;

use crate::support::judge_reading_all;
use karat::Run;
use karat::evaluate::Verdict;
use polars::prelude::*;

fn run(suite: &str, frame: &mut DataFrame) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shape.parquet");
    ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(frame).unwrap();
    judge_reading_all(suite, path.display().to_string())
}

#[test]
fn two_thousand_columns() {
    let columns = (0..2_000).map(|index| Column::new(format!("c{index}").into(), [index, index + 1]));
    let mut frame = DataFrame::new_infer_height(columns.collect()).unwrap();
    let mut suite = "{suite: wide, table: [row_count: 2, column_count: 2000], columns: {".to_owned();
    for index in (0..2_000).step_by(100) {
        write!(suite, "c{index}: [{{in_set: [{index}, {}]}}], ", index + 1).unwrap();
    }
    let run = run(&format!("{suite}}}}}"), &mut frame);
    assert!(run.suites[0].outcomes.iter().all(|outcome| outcome.verdict == Verdict::Pass));
    assert_eq!(run.suites[0].execution.as_ref().unwrap().1.columns_read.len(), 20);
}

/// Of a struct that is null, every field is.
#[test]
fn fields_of_structs() {
    let address = df!("city" => [Some("a"), None, Some("b")], "zip" => [1, 2, 3]).unwrap();
    let mut frame = address
        .lazy()
        .select([when(col("zip").lt(lit(3)))
            .then(as_struct(vec![col("city"), col("zip")]))
            .otherwise(lit(NULL))
            .alias("address")])
        .collect()
        .unwrap();
    let run = run(
        "{suite: structs, columns: {
            address.city: [not_null, {in_set: [a]}],
            address.zip: [{not_null: ~, id: zip}, {max: {max: 2}}],
            address: [{not_null: ~, id: whole}],
        }}",
        &mut frame,
    );
    let counts = |id: &str| {
        let counts = run.suites[0].outcome(id).unwrap().counts.unwrap();
        (counts.considered, counts.failing)
    };
    assert_eq!(counts("address.city.not_null"), (3, 2));
    assert_eq!(counts("address.city.in_set"), (1, 0));
    assert_eq!((counts("zip"), counts("whole")), ((3, 1), (3, 1)));
}
