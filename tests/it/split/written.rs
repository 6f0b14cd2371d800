//! Both parts of a split, as they were written: together they are the data, row by row, each with all its reasons; as Delta tables
//! and as Parquet files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use karat::document::Syntax;
use karat::engine::RowRequest;
use karat::engine::polars::{Rows, Snapshot};
use karat::privacy::Privacy;
use karat::run::run_finding_rows;
use karat::sink::{Destination, WriteOptions};
use karat::split::{Destinations, ERRORS, Side, WARNINGS, WrittenParts};
use karat::{CheckOptions, SplitOptions, StorageOptions, Suite, split};
use polars::prelude::{AnyValue, DataFrame, IntoLazy as _, SortMultipleOptions, UnionArgs, col};
use serde_json::Value as Json;

use super::selection::{ID, with_ids};
use crate::fuzz::Random;
use crate::ways::checks;
use crate::ways::generated::{of_table, write};
use crate::ways::rows::rows;

fn destinations(folder: &Path, ending: &str) -> Destinations {
    let to = |name: &str| {
        Destination::new(
            folder.join(format!("{name}{ending}")).display().to_string(),
            StorageOptions::default(),
        )
    };
    Destinations { valid: to("valid"), quarantine: to("quarantine"), options: WriteOptions::default() }
}

/// Reads what was written, with karat's own reader.
pub(super) fn read(place: &str) -> DataFrame {
    let suite = Suite::parse("suite: all\ntable: [{row_count: {min: 0}}]", "all.yml", Syntax::Yaml).unwrap();
    let options = CheckOptions::default();
    let (run, rows) = run_finding_rows(&suite, place.into(), &options);
    let columns = run.columns.clone();
    let request = RowRequest { columns: &columns, rows: None, privacy: &Privacy::default() };
    let mut frames: Vec<DataFrame> = Vec::new();
    rows.read(request, &options, &mut |batch| {
        let snapshot = Snapshot::from_batches("read back", &[batch.values]).unwrap();
        let Rows::Frame(frame) = snapshot.rows else { panic!("it is a frame") };
        frames.push(frame.collect().unwrap());
        ControlFlow::Continue(())
    })
    .unwrap();
    let mut frames = frames.into_iter();
    let Some(mut whole) = frames.next() else { return DataFrame::empty() };
    frames.for_each(|frame| {
        whole.vstack_mut(&frame).unwrap();
    });
    whole
}

/// The ids of the checks that a column of reasons names, by the id of the row.
fn reasons(rows: &DataFrame, column: &str) -> BTreeMap<u64, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for row in 0..rows.height() {
        let id = rows.column(ID).unwrap().get(row).unwrap().extract::<u64>().unwrap();
        let AnyValue::List(each) = rows.column(column).unwrap().get(row).unwrap() else { panic!("no list") };
        let checks = each.struct_().unwrap().field_by_name("check").unwrap();
        let checks = checks.str().unwrap().iter().map(|check| check.unwrap().to_owned()).collect();
        assert!(found.insert(id, checks).is_none(), "row {id} is there twice");
    }
    found
}

/// Returns the suite with one or two of its hundred checks that put rows aside, or else no row would be left, and without those
/// whose bounds may be the wrong way round, or else nothing would be written.
fn keeping_most(suite: &Suite, random: &mut Random) -> Suite {
    let mut text: Json = serde_json::from_str(&suite.text).unwrap();
    for checks in text["columns"].as_object_mut().unwrap().values_mut() {
        let checks = checks.as_array_mut().unwrap();
        checks.retain(|check| check["between"]["max"].is_null());
        for check in checks.iter_mut().filter(|_| random.below(64) > 0) {
            check["on_fail"] = "keep".into();
        }
    }
    let text = text.to_string().replace('\u{7f}', "\\u007f");
    Suite::parse(&text, "ways.json", Syntax::Json).unwrap()
}

/// Splits random rows, and compares both parts with what each check's failing rows are.
fn of_rows(case: u64, ending: &str) -> (u64, u64) {
    let mut random = Random::new(case);
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input");
    std::fs::create_dir(&input).unwrap();
    let is_table = random.below(2) == 0;
    let frame = of_table(&rows(&mut random));
    let suite = checks::suite(&frame, &mut random);
    let suite = keeping_most(&suite, &mut random);
    let frame = with_ids(&frame);
    write(&input, &frame, is_table, &mut random);
    let options = SplitOptions { warnings: random.below(2) == 0, ..SplitOptions::default() };
    let divided = split(&suite, input.display().to_string(), &options);
    let mut divided = divided.unwrap_or_else(|error| panic!("case {case}: {error}"));
    let found = run_finding_rows(&suite, input.display().to_string().into(), &options.check);
    let to = destinations(folder.path(), ending);
    let WrittenParts { valid, quarantine } = divided.write(&to).unwrap();
    let (Side::Written(valid), Side::Written(quarantine)) = (valid, quarantine) else {
        panic!("nothing was there")
    };
    assert_eq!(valid.rows + quarantine.rows, frame.height() as u64, "case {case}");
    assert_eq!(quarantine.rows, divided.quarantined());
    // What should be where, by the sets that are compared with a loop elsewhere.
    let shown = format!("case {case}{ending}");
    let (run, failing) = &found;
    let (mut errors, mut warnings): (BTreeMap<u64, BTreeSet<String>>, BTreeMap<u64, BTreeSet<String>>) =
        Default::default();
    for (check, numbers) in failing.by_check(run).unwrap() {
        let of = if check.on_fail == karat::suite::OnFail::Quarantine { &mut errors } else { &mut warnings };
        for id in super::selection::ids(failing, numbers, &CheckOptions::default()) {
            of.entry(id).or_default().insert(check.id.clone());
        }
    }
    let sides = [(&to.valid, valid.rows), (&to.quarantine, quarantine.rows)].map(|(to, rows)| {
        let frame = if rows == 0 { DataFrame::empty() } else { read(&to.uri) };
        assert_eq!(frame.height() as u64, rows, "{shown}");
        frame
    });
    let [kept, aside] = &sides;
    if aside.height() > 0 {
        let told = reasons(aside, ERRORS);
        assert_eq!(told, errors, "{shown}");
        for (id, told) in reasons(aside, WARNINGS) {
            assert_eq!(told, warnings.get(&id).cloned().unwrap_or_default(), "{shown}: row {id}");
        }
    }
    if kept.height() > 0 && options.warnings {
        for (id, told) in reasons(kept, WARNINGS) {
            assert!(!errors.contains_key(&id));
            assert_eq!(told, warnings.get(&id).cloned().unwrap_or_default(), "{shown}: row {id}");
        }
    }
    // Every column of every row is as it was.
    let names: Vec<_> = frame.get_column_names_owned();
    let columns: Vec<_> = names.iter().map(|name| col(name.clone())).collect();
    let parts = sides.into_iter().filter(|part| part.height() > 0);
    let parts: Vec<_> = parts.map(|part| part.lazy().select(columns.clone())).collect();
    let whole = polars::prelude::concat(parts, UnionArgs::default()).unwrap();
    let whole = whole.sort([ID], SortMultipleOptions::default()).collect().unwrap();
    for (own, written) in frame.columns().iter().zip(whole.columns()) {
        let written = written.cast(own.dtype()).unwrap();
        assert!(own.equals_missing(&written), "{shown}: {} {own:?} {written:?}", own.name());
    }
    (valid.rows, quarantine.rows)
}

#[test]
fn both_parts_together_are_the_data() {
    let (mut valid, mut quarantined) = (0, 0);
    for case in 0..16 {
        for ending in ["", ".parquet"] {
            let (kept, aside) = of_rows(case, ending);
            valid += kept;
            quarantined += aside;
        }
    }
    // Or else this would show nothing.
    assert!(valid > 100 && quarantined > 100, "{valid} valid, {quarantined} not");
}

#[test]
fn rows_in_memory_are_written_however_often_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let to = destinations(folder.path(), "");
    let suite = Suite::from_yaml("suite: orders\ncolumns: {status: [{in_set: [O]}]}").unwrap();
    let options = SplitOptions::default();
    // Nothing tells rows in memory from others: the same ones may be new.
    for more in [["O", "X"], ["O", "X"], ["O", "Y"]] {
        let frame = polars::prelude::df!("status" => more).unwrap();
        let written = split(&suite, frame, &options).unwrap().write(&to).unwrap();
        assert!(matches!((written.valid, written.quarantine), (Side::Written(_), Side::Written(_))));
    }
    assert_eq!(read(&to.valid.uri).height(), 3);
    assert_eq!(read(&to.quarantine.uri).height(), 3);
    // The same run writes its rows once.
    let mut again = split(&suite, polars::prelude::df!("status" => ["O", "Z"]).unwrap(), &options).unwrap();
    again.write(&to).unwrap();
    let written = again.write(&to).unwrap();
    assert!(matches!((written.valid, written.quarantine), (Side::Earlier(_), Side::Earlier(_))));
    assert_eq!(read(&to.valid.uri).height(), 4);
}
