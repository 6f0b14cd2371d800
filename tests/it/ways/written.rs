//! What a sink writes: a check comes to the same on it as on the rows in memory, whoever is trusted.

use std::path::Path;

use arrow::array::RecordBatch;
use arrow::ipc::reader::StreamReader;
use karat::evaluate::{Outcome, Verdict};
use karat::{CheckOptions, Data, check};
use polars::prelude::{CompatLevel, DataFrame, IpcStreamWriter, SerWriter as _};

use super::check_all_ways;
use super::checks::suite;
use super::generated::of_table;
use super::rows::rows;
use crate::fuzz::Random;
use crate::sink::{append, at, provenance, written};

/// Rows as record batches, of sizes by chance.
fn batches(frame: &DataFrame, random: &mut Random) -> Vec<RecordBatch> {
    let (mut found, mut start) = (Vec::new(), 0);
    while start < frame.height() || found.is_empty() {
        let rows = 1 + random.below(frame.height().max(1));
        let mut part = frame.slice(i64::try_from(start).unwrap(), rows);
        start += rows;
        let mut bytes = Vec::new();
        let level = if random.below(2) == 0 { CompatLevel::newest() } else { CompatLevel::oldest() };
        IpcStreamWriter::new(&mut bytes).with_compat_level(level).finish(&mut part).unwrap();
        // One schema, whatever the level: the first one's is that of all.
        let level_of_first = found.first().map(RecordBatch::schema);
        for batch in StreamReader::try_new(bytes.as_slice(), None).unwrap() {
            let batch = batch.unwrap();
            match &level_of_first {
                Some(schema) if *schema != batch.schema() => {
                    let columns = schema.fields().iter().zip(batch.columns());
                    let cast =
                        columns.map(|(field, array)| arrow::compute::cast(array, field.data_type()).unwrap());
                    found.push(RecordBatch::try_new(schema.clone(), cast.collect()).unwrap());
                }
                _ => found.push(batch),
            }
        }
        if found.is_empty() {
            break;
        }
    }
    found
}

/// Writes rows to a table in one commit or some, or to a file.
fn write(place: &Path, frame: &DataFrame, random: &mut Random) {
    let batches = batches(frame, random);
    let is_file = place.extension().is_some();
    let commits = if is_file { 1 } else { 1 + random.below(3) };
    for (number, part) in batches.chunks(batches.len().div_ceil(commits)).enumerate() {
        let written = written(&at(place), part, &append()).unwrap();
        written.commit(&provenance(u64::try_from(number).unwrap())).unwrap();
    }
}

fn told(outcome: &Outcome) -> impl PartialEq + std::fmt::Debug {
    (outcome.verdict, outcome.vacuous, outcome.reason.clone(), outcome.observed.clone(), outcome.counts)
}

#[test]
fn what_a_sink_writes_is_judged_as_the_rows_are() {
    let (mut proved, mut passed, mut failed) = (0, 0, 0);
    for case in 0..60 {
        let mut random = Random::new(77_000 + case);
        let frame = of_table(&rows(&mut random));
        if frame.width() == 0 || frame.height() == 0 {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(if random.below(3) == 0 { "rows.parquet" } else { "rows" });
        write(&place, &frame, &mut random);
        let first = random.below(frame.width());
        let columns: Vec<_> = frame.columns().iter().skip(first).take(1 + random.below(5)).cloned().collect();
        let some = DataFrame::new(frame.height(), columns).unwrap();
        let seed = u64::try_from(random.below(usize::MAX)).unwrap();
        let suite = || suite(&some, &mut Random::new(seed));
        let options = CheckOptions { samples: 0, ..CheckOptions::default() };
        let run = check_all_ways(suite, || Data::from(place.to_str().unwrap()), &options);
        let in_memory = check(&suite(), frame.clone(), &options);
        assert_eq!(run.suites[0].error, None, "case {case}");
        for (one, other) in run.suites[0].outcomes.iter().zip(&in_memory.suites[0].outcomes) {
            assert_eq!(told(one), told(other), "case {case}");
            proved += usize::from(one.proved.rows() > 0);
            passed += usize::from(one.verdict == Verdict::Pass);
            failed += usize::from(one.verdict == Verdict::Fail);
        }
        assert_eq!(run.suites[0].outcomes.len(), in_memory.suites[0].outcomes.len());
    }
    eprintln!("{proved} proved at least in part, {passed} passed, {failed} failed");
    assert!(proved > 50 && passed > 50 && failed > 50, "{proved} {passed} {failed}");
}
