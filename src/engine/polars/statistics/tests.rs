//! Compares statistics with the rows themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use polars::prelude::{ChunkCompareEq as _, ChunkCompareIneq as _, DataFrame, IdxSize, Series};

use super::dictionary::Dictionary;
use super::row_chunk::RowChunk;
use crate::data::{ColumnBound, ColumnPath, DataType, KnownColumn, caught};
use crate::engine::polars::expression::value_series;
use crate::engine::polars::scan::{FileSet, ScanRequest};
use crate::engine::polars::{Rows, Snapshot, open};
use crate::source::files::ROW_COLUMN;
use crate::source::store::StorageOptions;
use crate::source::{At, Trust};

mod damaged;
mod tables;

/// Returns the columns of a snapshot.
fn columns(snapshot: &Snapshot) -> BTreeSet<ColumnPath> {
    snapshot.schema.fields.iter().map(|field| ColumnPath::column(field.name.as_str())).collect()
}

/// Number of chunks, of known statistics, and of dictionaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    chunks: usize,
    nulls: usize,
    bounds: usize,
    attained: usize,
    dictionaries: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.chunks += other.chunks;
        self.nulls += other.nulls;
        self.bounds += other.bounds;
        self.attained += other.attained;
        self.dictionaries += other.dictionaries;
    }
}

/// Reads all rows of a snapshot with their row numbers. Returns `None` if they cannot be read.
fn rows(snapshot: &Snapshot, set: &FileSet) -> Option<DataFrame> {
    let layouts = set.files.iter().map(|file| set.layouts.of(file));
    let stored = layouts.flat_map(|layout| layout.stored.iter_names()).map(ToString::to_string);
    let paths = set.files.iter().map(|file| file.local.path.clone()).collect();
    // The engine must not see a file that is not sound.
    snapshot.make_ready(&[ScanRequest { paths, rows: None, columns: stored.collect() }]).ok()?;
    #[expect(clippy::disallowed_methods, reason = "a test asks the engine itself")]
    let read = || snapshot.frame(&[snapshot.all_rows()], true).unwrap().collect();
    caught(read).ok()?.ok()
}

/// Compares the statistics of a snapshot by its log, or by the footers of its files, with its rows. Returns
/// the number of statistics, or `None` if the snapshot cannot be read or has no statistics.
fn hold(snapshot: &Snapshot, shown: &str, trust: Trust) -> Option<Tally> {
    let Rows::Files(set) = &snapshot.rows else { return None };
    let columns = columns(snapshot);
    let frame = rows(snapshot, set)?;
    let files: Vec<usize> = (0..set.files.len()).collect();
    let chunks = match trust {
        Trust::Log => set.log_statistics(&columns),
        Trust::Footer | Trust::None => set.footer_statistics(&files, &columns).unwrap(),
    };
    if set.files.about().is_changes {
        assert!(chunks.is_empty(), "{shown}");
        return None;
    }
    for file in files {
        let chunks = chunks.iter().filter(|chunk| chunk.file == file);
        let rows: u64 = chunks.map(|chunk| chunk.known.rows).sum();
        assert_eq!(rows, set.files[file].live_rows(), "{shown}");
    }
    let dictionaries = match trust {
        Trust::Footer => hold_dictionaries(set, &chunks, &frame, shown),
        Trust::Log | Trust::None => 0,
    };
    Some(Tally { dictionaries, ..hold_all(set, &chunks, &frame, snapshot, shown) })
}

fn hold_all(
    set: &FileSet,
    chunks: &[RowChunk],
    frame: &DataFrame,
    snapshot: &Snapshot,
    shown: &str,
) -> Tally {
    let mut tally = Tally { chunks: chunks.len(), ..Tally::default() };
    for chunk in chunks {
        let rows = rows_of(set, chunk, frame);
        let shown = format!("{shown}: {} {:?} {:?}", set.files[chunk.file].name, chunk.group, chunk.rows);
        assert_eq!(rows.height() as u64, chunk.known.rows, "{shown}");
        for (path, known) in &chunk.known.columns {
            let field = snapshot.schema.fields.iter().find(|field| field.name == path.root()).unwrap();
            let values = rows.column(path.root()).unwrap().as_materialized_series();
            hold_column(values, known, &field.data_type, &format!("{shown} {path}"));
            tally.nulls += usize::from(known.nulls.is_some());
            tally.bounds += usize::from(known.lower.is_some());
            tally.attained += usize::from(known.lower.as_ref().is_some_and(|lower| lower.is_exact));
        }
    }
    tally
}

/// Returns the rows of a chunk.
fn rows_of(set: &FileSet, chunk: &RowChunk, frame: &DataFrame) -> DataFrame {
    let numbers = frame.column(ROW_COLUMN).unwrap().as_materialized_series();
    let before: u64 = set.files[..chunk.file].iter().map(|file| file.rows).sum();
    let place = |row: u64| IdxSize::try_from(before + row).unwrap();
    let within = numbers.gt_eq(place(chunk.rows.start)).unwrap() & numbers.lt(place(chunk.rows.end)).unwrap();
    frame.filter(&within).unwrap()
}

/// Asserts that every dictionary holds all values of its column. Returns the number of dictionaries.
fn hold_dictionaries(set: &FileSet, chunks: &[RowChunk], frame: &DataFrame, shown: &str) -> usize {
    let mut held = 0;
    let texts =
        |values: &Series| -> BTreeSet<String> { values.iter().map(|value| format!("{value:?}")).collect() };
    let all: Vec<&RowChunk> = chunks.iter().collect();
    for field in &set.files.about().columns {
        for (chunk, found) in chunks.iter().zip(set.dictionaries(&all, &field.name).unwrap()) {
            let Dictionary::Values(dictionary) = found else { continue };
            held += 1;
            let rows = rows_of(set, chunk, frame);
            let values = rows.column(&field.name).unwrap().as_materialized_series().drop_nulls();
            assert_eq!(values.dtype(), dictionary.dtype(), "{shown}: {}", field.name);
            let missing: Vec<String> = texts(&values).difference(&texts(&dictionary)).cloned().collect();
            assert!(missing.is_empty(), "{shown}: {} {:?}: {missing:?}", field.name, chunk.rows);
        }
    }
    held
}

fn hold_column(values: &Series, known: &KnownColumn, data_type: &DataType, shown: &str) {
    if let Some(nulls) = known.nulls {
        assert_eq!(values.null_count() as u64, nulls, "{shown}");
    }
    let series = |bound: &ColumnBound| {
        let series = value_series(std::slice::from_ref(&bound.value), data_type);
        assert_eq!(series.null_count(), 0, "{shown}: {:?}", bound.value);
        assert!(!bound.is_exact || values.equal(&series).unwrap().any(), "{shown}: {:?}", bound.value);
        series
    };
    if let Some(lower) = &known.lower {
        assert!(!values.lt(&series(lower)).unwrap().any(), "{shown}: {lower:?}");
    }
    if let Some(upper) = &known.upper {
        assert!(!values.gt(&series(upper)).unwrap().any(), "{shown}: {upper:?}");
    }
}

fn opened(path: &Path) -> Option<Snapshot> {
    open(&path.display().to_string(), At::Latest, &StorageOptions::default()).ok()
}

/// Returns the folders below a folder that are Delta tables.
fn delta_tables(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if folder.join("_delta_log").is_dir() {
            found.push(folder);
            continue;
        }
        let inner = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        folders.extend(inner.filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

fn parquet_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(parquet_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder)
}
