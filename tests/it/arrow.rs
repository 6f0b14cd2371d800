//! Arrow IPC: files and streams of any writer are read whole, or refused by name.

mod types;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::support::{judge, outcome};
use arrow::array::{DictionaryArray, Int64Array, RecordBatch};
use arrow::datatypes::Int32Type;
use arrow::ipc::writer::FileWriter;
use karat::evaluate::Verdict;
use karat::{CheckOptions, Data, Run, Suite, check};
use polars::prelude::*;

const SUITE: &str = "
suite: arrow
key: id
columns:
  id: [unique, {in_set: [0, 1, 2]}]
  text: [not_null, {in_set: [text 0, text 2]}]
  at: [type: timestamp_ntz]
  list: [not_null]
  who.name: [not_null]
table: [readable, {row_count: {min: 0}}]
";

fn run(data: impl Into<Data>) -> Run {
    judge(SUITE, data)
}

fn verdicts(run: &Run) -> Vec<(Verdict, Option<karat::evaluate::Counts>)> {
    run.suites[0].outcomes.iter().map(|outcome| (outcome.verdict, outcome.counts)).collect()
}

fn frame(rows: i64) -> DataFrame {
    let ids: Vec<i64> = (0..rows).collect();
    let texts = ids.iter().map(|id| (id % 3 != 1).then(|| format!("text {}", id % 5)));
    let lists = ids.iter().map(|id| Series::new("".into(), vec![*id; usize::try_from(id % 4).unwrap()]));
    let times =
        Series::new("at".into(), &ids).cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap();
    let names = df!("name" => texts.clone().collect::<Vec<_>>()).unwrap().into_struct("who".into());
    DataFrame::new(
        ids.len(),
        vec![
            Column::new("id".into(), &ids),
            Column::new("text".into(), texts.collect::<Vec<_>>()),
            times.into(),
            Column::new("list".into(), lists.collect::<Vec<_>>()),
            names.into_series().into(),
        ],
    )
    .unwrap()
}

fn file(path: &Path, mut frame: DataFrame, compression: Option<IpcCompression>) -> Vec<u8> {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    IpcWriter::new(File::create(path).unwrap()).with_compression(compression).finish(&mut frame).unwrap();
    std::fs::read(path).unwrap()
}

fn stream(path: &Path, mut frame: DataFrame) -> Vec<u8> {
    IpcStreamWriter::new(File::create(path).unwrap()).finish(&mut frame).unwrap();
    std::fs::read(path).unwrap()
}

#[test]
#[expect(clippy::default_trait_access, reason = "the level of zstd is of a type that polars does not show")]
fn files_and_streams_packed_or_not_come_to_the_verdicts_of_their_frame() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let wanted = verdicts(&run(frame(200)));
    file(&path("plain.arrow"), frame(200), None);
    file(&path("lz4.feather"), frame(200), Some(IpcCompression::LZ4));
    file(&path("zstd.ipc"), frame(200), Some(IpcCompression::ZSTD(Default::default())));
    stream(&path("stream.arrows"), frame(200));
    stream(&path("stream.arrow"), frame(200));
    for name in ["plain.arrow", "lz4.feather", "zstd.ipc", "stream.arrows", "stream.arrow"] {
        let run = run(path(name).display().to_string());
        assert_eq!(verdicts(&run), wanted, "{name}: {:?}", run.suites[0].error);
        let identity = run.suites[0].snapshot.as_ref().unwrap();
        assert_eq!(identity.format.name(), "arrow");
        assert_eq!(identity.bytes, Some(std::fs::metadata(path(name)).unwrap().len()));
        let sample = &run.suites[0].outcome("text.not_null").unwrap().samples.rows[0];
        assert_eq!((sample.file.as_deref(), sample.row), (Some(name), Some(1)));
    }
}

#[test]
fn files_of_a_folder_may_lack_columns_and_lie_in_partitions() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder.path().join("day=1/a.arrow"), frame(3), None);
    file(&folder.path().join("day=2/a.arrow"), df!("id" => [7_i64, 8]).unwrap(), None);
    let suite = "{suite: s, columns: {text: [not_null], day: [{in_set: [1, 2]}]}, table: [row_count: 5]}";
    let uri = folder.path().display().to_string();
    let run = judge(suite, uri);
    let counts = outcome(&run, "text.not_null").counts.unwrap();
    assert_eq!((counts.failing, counts.considered), (3, 5), "{:?}", run.suites[0].error);
    assert!(run.suites[0].outcomes[1..].iter().all(|outcome| outcome.verdict == Verdict::Pass));
}

/// As pandas writes categories, here by the arrow crate.
#[test]
fn texts_of_a_dictionary_are_texts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("coded.arrow");
    let texts: DictionaryArray<Int32Type> = [Some("a"), None, Some("b"), Some("a")].into_iter().collect();
    let ids = Int64Array::from(vec![1, 2, 3, 4]);
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(ids) as arrow::array::ArrayRef),
        ("text", Arc::new(texts) as arrow::array::ArrayRef),
    ])
    .unwrap();
    let mut writer = FileWriter::try_new(File::create(&path).unwrap(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let suite = "{suite: s, columns: {text: [type: string, in_set: [b]]}, table: [row_count: 8]}";
    let suite = Suite::from_yaml(
        &suite.replace("type: string, in_set", "{type: string}, {in_set").replace("[b]]", "[b]}]"),
    )
    .unwrap();
    let run = check(&suite, path.display().to_string(), &CheckOptions::default());
    let counts = run.suites[0].outcome("text.in_set").unwrap().counts;
    assert_eq!(
        counts.map(|counts| (counts.failing, counts.considered)),
        Some((4, 6)),
        "{:?}",
        run.suites[0].error
    );
    assert_eq!(run.suites[0].outcome("text.type").unwrap().verdict, Verdict::Pass);
}

/// All checks are errors that name the file.
fn assert_refused(uri: &Path, name: &str) {
    let run = run(uri.display().to_string());
    for outcome in &run.suites[0].outcomes {
        let reason = outcome.reason.clone().unwrap_or_default();
        assert_eq!(outcome.verdict, Verdict::Error, "{outcome:?}");
        assert!(reason.contains(name) && !reason.contains('\n'), "{reason:?}");
    }
}

#[test]
fn what_is_cut_short_is_refused_at_every_length() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("cut.arrow"), folder.path().join("whole"));
    for whole in [
        file(&other, frame(20), None),
        file(&other, frame(20), Some(IpcCompression::LZ4)),
        stream(&other, frame(20)),
    ] {
        let tail = whole.len() - 20..whole.len();
        for length in (0..whole.len()).step_by(whole.len() / 40).chain(tail) {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert_refused(&path, "cut.arrow");
        }
        std::fs::write(&path, [&whole[..], &whole[..]].concat()).unwrap();
        assert_refused(&path, "cut.arrow");
    }
    for bytes in [&b"FEA1 of old"[..], b"PAR1PAR1", b"id,text\n1,2\n", b"ARROW1", b"ARROW1\0\0\0\0\0\0ARROW1"]
    {
        std::fs::write(&path, bytes).unwrap();
        assert_refused(&path, "cut.arrow");
    }
}

/// Bytes and whole lengths that are not true end in a verdict or name the file: nothing panics, and no
/// memory is set aside for what is only said.
#[test]
fn changed_bytes_end_in_a_verdict_or_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("changed.arrow"), folder.path().join("whole"));
    let open = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        match karat::engine::polars::open(
            &path.display().to_string(),
            karat::source::At::Latest,
            &karat::source::StorageOptions::default(),
        ) {
            Ok(_) => false,
            Err(error) => {
                assert!(error.to_string().contains("changed.arrow"), "{error}");
                true
            }
        }
    };
    let mut refused = 0;
    for whole in [file(&other, frame(8), None), file(&other, frame(8), Some(IpcCompression::LZ4))] {
        for at in (0..whole.len()).step_by(5) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xff;
            refused += usize::from(open(&bytes));
        }
        for at in (0..whole.len() - 8).step_by(8) {
            for length in [i64::MAX, 1 << 40, -1] {
                let mut bytes = whole.clone();
                bytes[at..at + 8].copy_from_slice(&length.to_le_bytes());
                refused += usize::from(open(&bytes));
            }
        }
    }
    assert!(refused > 500, "{refused}");
}

/// Decimals of 256 bits, alone and nested, in one file, and of 128 bits of other digits in another.
#[test]
fn a_column_of_different_types_in_different_files() {
    use arrow::array::{ArrayRef, Decimal128Array, Decimal256Array, ListArray, StructArray};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::{Field, i256};
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, columns: Vec<(&str, ArrayRef)>| {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, values)| (name, values, true)),
        )
        .unwrap();
        let mut writer =
            FileWriter::try_new(File::create(folder.path().join(name)).unwrap(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
    };
    let nested = |of: ArrayRef| -> Vec<(&'static str, ArrayRef)> {
        let field = Arc::new(Field::new("v", of.data_type().clone(), true));
        let lists =
            OffsetBuffer::from_lengths(std::iter::once(2).chain(vec![0; of.len() - 2]).chain([of.len() - 2]));
        vec![
            ("list", Arc::new(ListArray::new(field.clone(), lists, of.clone(), None)) as ArrayRef),
            ("struct", Arc::new(StructArray::from(vec![(field, of.clone())])) as ArrayRef),
            ("d", of),
        ]
    };
    let wide: Vec<_> = [Some(-12345), None, Some(99)].map(|value| value.map(i256::from_i128)).into();
    let wide = Decimal256Array::from(wide).with_precision_and_scale(20, 2).unwrap();
    let narrow = Decimal128Array::from(vec![Some(5), Some(-1), None]).with_precision_and_scale(5, 1).unwrap();
    let other = |names: &[&str]| -> Vec<(&'static str, ArrayRef)> {
        let text: ArrayRef = Arc::new(arrow::array::StringArray::from(vec!["a"; names.len()]));
        let number: ArrayRef = Arc::new(Int64Array::from(vec![1; names.len()]));
        vec![("mixed", if names[0] == "a" { text } else { number })]
    };
    let huge = |digits: u8| -> ArrayRef {
        let values = Decimal256Array::from(vec![i256::from_i128(7); 3]);
        Arc::new(values.with_precision_and_scale(digits, 0).unwrap())
    };
    let plain: ArrayRef =
        Arc::new(Decimal128Array::from(vec![7_i128; 3]).with_precision_and_scale(9, 0).unwrap());
    let mut first = nested(Arc::new(wide));
    first.extend(other(&["a", "b", "c"]));
    first.push(("huge", huge(60)));
    let mut second = nested(Arc::new(narrow));
    second.extend(other(&["b", "c", "d"]));
    second.push(("huge", plain));
    write("a.arrow", first);
    write("b.arrow", second);
    let suite = "
suite: types
key: [d, mixed, huge]
columns:
  d: [type: 'decimal(20,2)', {sum: {min: -122.06, max: -122.06}}, {min: {min: -123.45, max: -123.45}}, {not_null: {}, fail_if: '> 2'}]
  'list[*]': [in_set: [-123.45, 0.99, 0.5, -0.1]]
  struct.v: [sum: {min: -122.06, max: -122.06}]
  mixed: [not_null]
  huge: [not_null]
table: [row_count: {equal: 6}, {rows: d > 0.5, id: some}]
";
    let run = check(
        &Suite::from_yaml(suite).unwrap(),
        folder.path().join("*.arrow").display().to_string(),
        &CheckOptions::default(),
    );
    let suite = &run.suites[0];
    assert_eq!(suite.error, None);
    for (check, outcome) in suite.suite.checks.iter().zip(&suite.outcomes) {
        let reason = outcome.reason.clone().unwrap_or_default();
        match check.column.as_ref().map(|column| column.root().to_owned()) {
            Some(column) if column == "mixed" || column == "huge" => {
                assert_eq!(outcome.verdict, Verdict::Error, "{column}");
                assert!(reason.contains(&format!("the column \"{column}\" is of the type ")), "{reason}");
            }
            _ if check.id == "some" => {
                assert_eq!(outcome.counts.unwrap().failing, 5);
                let key = &outcome.samples.rows[0].key;
                let key: Vec<String> = key.iter().map(|(name, value)| format!("{name} {value}")).collect();
                assert_eq!(key[0], "d -123.45");
                assert!(key[1].starts_with("mixed (not read: it is string, and int64 in b.arrow"), "{key:?}");
                assert!(key[2].starts_with("huge (not read: "), "{key:?}");
            }
            _ => assert_eq!(outcome.verdict, Verdict::Pass, "{}: {reason} {}", check.id, outcome.observed),
        }
    }
}
