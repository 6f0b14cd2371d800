//! Tests damaged statistics: those that remain must hold, and impossible ones must not be trusted.

use std::path::Path;

use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{ColumnMetaData, FileMetaData, Statistics, Type};
use proptest::prelude::proptest;
use proptest::prelude::{ProptestConfig, any};
use proptest::sample::Index;
use tempfile::TempDir;

use super::tables::{described, table};
use super::{fixtures, hold, hold_dictionaries, opened, parquet_files, rows};
use crate::engine::polars::Rows;
use crate::source::Trust;

/// Rewrites the footer of a file.
fn rewritten(path: &Path, change: impl FnOnce(&mut FileMetaData)) {
    let mut bytes = std::fs::read(path).unwrap();
    let (start, end) = (footer_start(&bytes), bytes.len() - 8);
    let mut protocol = TCompactInputProtocol::new(&bytes[start..end], usize::MAX);
    let mut metadata = FileMetaData::read_from_in_protocol(&mut protocol).unwrap();
    change(&mut metadata);
    bytes.truncate(start);
    let mut footer = Vec::new();
    metadata.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut footer)).unwrap();
    bytes.extend(&footer);
    bytes.extend(u32::try_from(footer.len()).unwrap().to_le_bytes());
    bytes.extend(b"PAR1");
    std::fs::write(path, bytes).unwrap();
}

/// Changes the metadata of a column in every row group.
fn each(metadata: &mut FileMetaData, column: usize, change: impl Fn(&mut ColumnMetaData)) {
    for group in &mut metadata.row_groups {
        let columns = group.columns.len();
        change(group.columns[column % columns].meta_data.as_mut().unwrap());
    }
}

fn statistics(chunk: &mut ColumnMetaData, change: impl Fn(&mut Statistics)) {
    if let Some(statistics) = &mut chunk.statistics {
        change(statistics);
    }
}

/// Ways to remove a part of the statistics.
const DROPPED: [fn(&mut FileMetaData, usize); 12] = [
    |metadata, column| each(metadata, column, |chunk| chunk.statistics = None),
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.null_count = None)),
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.min_value = None)),
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.max_value = None)),
    |metadata, column| {
        each(metadata, column, |chunk| {
            statistics(chunk, |of| (of.min, of.max) = (of.min_value.take(), of.max_value.take()));
        });
    },
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.is_min_value_exact = None)),
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.is_max_value_exact = None)),
    |metadata, column| {
        each(metadata, column, |chunk| {
            statistics(chunk, |of| {
                (of.is_min_value_exact, of.is_max_value_exact) = (Some(false), Some(false));
            });
        });
    },
    |metadata, column| each(metadata, column, |chunk| chunk.encodings.clear()),
    |metadata, _| metadata.column_orders = None,
    |metadata, _| metadata.column_orders = Some(Vec::new()),
    |metadata, _| metadata.created_by = Some("Arrow2 - Native Rust implementation of Arrow".to_owned()),
];

/// Ways to make statistics impossible.
const IMPOSSIBLE: [fn(&mut FileMetaData, usize); 6] = [
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.null_count = Some(i64::MAX))),
    |metadata, column| each(metadata, column, |chunk| statistics(chunk, |of| of.null_count = Some(-1))),
    |metadata, column| {
        each(metadata, column, |chunk| {
            chunk.num_values += 1;
        });
    },
    |metadata, column| {
        each(metadata, column, |chunk| {
            let rows = chunk.num_values;
            // All rows are null, and yet there are bounds; without bounds that is possible.
            statistics(chunk, |of| match of.min_value {
                Some(_) => of.null_count = Some(rows),
                None => of.null_count = Some(-1),
            });
        });
    },
    |metadata, column| each(metadata, column, |chunk| chunk.path_in_schema = vec!["other".to_owned()]),
    |metadata, _| {
        for group in &mut metadata.row_groups {
            group.columns.pop();
        }
    },
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_remains_of_statistics_is_so(
        table in table(), rows in 1_usize..40, bytes in 1_usize..200, column in 0_usize..8, way in any::<Index>(),
    ) {
        let folder = TempDir::new().unwrap();
        let path = table.written(&folder, rows, bytes);
        rewritten(&path, |metadata| DROPPED[way.index(DROPPED.len())](metadata, column));
        let Some(snapshot) = opened(&path) else { return Ok(()) };
        hold(&snapshot, "damaged", Trust::Footer).unwrap();
    }
}

#[test]
fn what_cannot_be_is_not_believed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("types.parquet");
    let names = |snapshot: &crate::engine::polars::Snapshot| {
        snapshot.schema.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>()
    };
    std::fs::copy(fixtures("parquet/types.parquet"), &path).unwrap();
    let whole = opened(&path).unwrap();
    let flat = names(&whole);
    for (number, way) in IMPOSSIBLE.iter().enumerate() {
        for column in 0..flat.len() {
            std::fs::copy(fixtures("parquet/types.parquet"), &path).unwrap();
            let mut name = None;
            rewritten(&path, |metadata| {
                let columns = metadata.row_groups[0].columns.len();
                let chunk = metadata.row_groups[0].columns[column % columns].meta_data.as_ref().unwrap();
                name = chunk.statistics.as_ref().map(|_| chunk.path_in_schema[0].clone());
                way(metadata, column);
            });
            let (Some(name), Some(snapshot)) = (name, opened(&path)) else { continue };
            let text = described(&snapshot);
            assert!(!text.contains(&format!("parts: [\"{name}\"]")), "{number} {name}");
        }
    }
}

/// Changes bytes of pages: a dictionary must hold what the engine reads, or reading must fail.
#[test]
fn damaged_pages_are_not_believed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("damaged.parquet");
    let folders = ["parquet/encodings", "parquet/duckdb"].map(|folder| parquet_files(&fixtures(folder)));
    for file in folders.into_iter().flatten() {
        let whole = std::fs::read(&file).unwrap();
        for position in (4..whole.len()).step_by(whole.len() / 25 + 1) {
            let mut bytes = whole.clone();
            bytes[position] ^= 0x11;
            std::fs::write(&path, bytes).unwrap();
            let Some(snapshot) = opened(&path) else { continue };
            let Rows::Files(set) = &snapshot.rows else { continue };
            let Ok(chunks) = set.footer_statistics(&[0], &super::columns(&snapshot)) else { continue };
            for field in &set.files.about().columns {
                // The pages must not have been verified before.
                let _ = set.dictionaries(&chunks.iter().collect::<Vec<_>>(), &field.name);
            }
            // Only dictionaries are compared: the statistics describe the undamaged bytes.
            if let Some(rows) = rows(&snapshot, set) {
                hold_dictionaries(set, &chunks, &rows, &format!("{} {position}", file.display()));
            }
        }
    }
}

/// Returns the offset of the footer of a file.
fn footer_start(file: &[u8]) -> usize {
    let end = file.len() - 8;
    end - u32::from_le_bytes(file[end..end + 4].try_into().unwrap()) as usize
}

/// Tests bounds that are swapped, of another length, or not a text.
#[test]
fn bounds_that_cannot_be_are_not_believed() {
    let ways: [fn(&mut Statistics); 4] = [
        |of| std::mem::swap(&mut of.min_value, &mut of.max_value),
        |of| of.min_value = Some(vec![0; 17]),
        |of| of.max_value = Some(Vec::new()),
        |of| of.max_value = Some(vec![0xff; 3]),
    ];
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("damaged.parquet");
    for file in parquet_files(&fixtures("parquet")) {
        for way in ways {
            std::fs::copy(&file, &path).unwrap();
            if opened(&path).is_none() {
                continue;
            }
            rewritten(&path, |metadata| {
                for column in 0..metadata.row_groups.first().map_or(0, |group| group.columns.len()) {
                    each(metadata, column, |chunk| {
                        // Any bytes are a possible bound of byte arrays, and are trusted.
                        if !matches!(chunk.type_, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY) {
                            statistics(chunk, way);
                        }
                    });
                }
            });
            if let Some(snapshot) = opened(&path) {
                hold(&snapshot, &file.display().to_string(), Trust::Footer);
            }
        }
    }
}
