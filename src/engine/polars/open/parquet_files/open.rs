//! Opens a file, a folder or a glob of Parquet files as a snapshot.

use sha2::{Digest as _, Sha256};

use super::hive::{Partitions, partitions};
use super::merged_schema::MergedSchema;
use crate::data::hex;
use crate::engine::polars::parquet::RewrittenFiles;
use crate::engine::polars::scan::{FileSet, Layouts};
use crate::engine::polars::{Rows, Snapshot};
use crate::source::files::{About, DataFile, DataFiles};
use crate::source::store::LocalFiles;
use crate::source::{Format, Identity, SourceError};

/// Opens Parquet files as a snapshot. `names` are their paths below the dataset's folder, in the same order.
pub(in crate::engine::polars) fn open(
    uri: &str,
    names: Vec<String>,
    placed: LocalFiles,
) -> Result<Snapshot, SourceError> {
    let Partitions { columns: partitioned, values } = partitions(&names)?;
    let mut found = Vec::with_capacity(names.len());
    let mut merged = MergedSchema::default();
    let mut digest = Sha256::new();
    let mut rewritten = RewrittenFiles::default();
    for ((file, name), partition) in placed.files.into_iter().zip(names).zip(values) {
        let (file, footer) = rewritten.open(file)?;
        merged.add(&footer, &name);
        digest.update(format!("{name}\0{}\0", footer.bytes));
        digest.update(&footer.raw);
        found.push((file, name, partition, footer));
    }
    for column in &partitioned {
        // A folder's value applies to every row of its files, whatever the files store.
        merged.stored.shift_remove(column.name.as_str());
    }
    let columns = merged.columns();
    let mut layouts = Layouts::default();
    let mut files = Vec::with_capacity(found.len());
    for (file, name, partition, footer) in found {
        let layout = layouts.add(&columns, &footer, &name)?;
        files.push(DataFile { partition, ..DataFile::new(file, name, &footer, layout) });
    }
    files.sort_by_key(|file| file.layout);
    let mut schema = merged.schema();
    schema.fields.extend(partitioned.iter().cloned());
    let identity = Identity::of_files(uri, Format::Parquet, &files, hex(digest));
    let about = About { columns: schema.fields.clone(), partitioned, ..About::default() };
    Ok(Snapshot {
        identity,
        schema,
        traffic: Vec::new(),
        appended: None,
        rows: Rows::Files(FileSet::new(DataFiles::new(files, about), layouts, placed.spool, rewritten)),
    })
}
