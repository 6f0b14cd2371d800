//! Groups files that store the columns of a dataset alike, and scans each group.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{
    DataType as PlType, Expr, HiveOptions, LazyFrame, Literal as _, NULL, ParallelStrategy, ParquetOptions,
    PlRefPath, PlSmallStr, PolarsResult, RowIndex, Schema as PlSchema, element, polars_err,
};
use polars_plan::dsl::{DslBuilder, ExtraColumnsPolicy, MissingColumnsPolicy, ScanSources, UnifiedScanArgs};

use super::convert::{Target, convert};
use super::int96;
use crate::engine::polars::parquet::Footer;
use crate::engine::polars::parquet::int96::INSTANT;
use crate::source::SourceError;
use crate::source::files::{DataFile, ROW_COLUMN, RowStarts};

/// A column of a dataset that its files store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine::polars) struct StoredColumn {
    /// Its name in the dataset.
    pub(in crate::engine::polars) name: String,
    /// Its type in the dataset.
    pub(in crate::engine::polars) named: PlType,
    /// Its name in the files.
    pub(in crate::engine::polars) stored_name: String,
    /// Its type, with the names that nested fields have in the files.
    pub(in crate::engine::polars) stored: PlType,
    /// True if a file stores it in a way that cannot be read.
    pub(in crate::engine::polars) is_unread: bool,
}

impl StoredColumn {
    /// A column with the same name in the files and the dataset.
    pub(in crate::engine::polars) fn of_same_name(name: &str, data_type: &PlType) -> Self {
        let name = name.to_owned();
        Self {
            named: data_type.clone(),
            stored_name: name.clone(),
            stored: data_type.clone(),
            name,
            is_unread: false,
        }
    }

    /// Returns why a column that a file stores with the type `found` cannot be converted, if it cannot.
    pub(in crate::engine::polars) fn misfit(&self, found: &PlType) -> Option<String> {
        let target = Target { stored: &self.stored, named: &self.named };
        convert(element(), found, target).err()
    }
}

/// The way in which some files store the columns of a dataset. A column that a file lacks is null there.
#[derive(Clone, Debug, Default)]
pub(in crate::engine::polars) struct Layout {
    /// The columns that at least one of the files has, with the types to which Polars decodes them.
    pub(in crate::engine::polars) stored: PlSchema,
    /// The columns that hold timestamps of 96 bits.
    int96: BTreeSet<String>,
    /// The columns that only a stand-in holds with the types of `stored`.
    recoded: BTreeSet<String>,
    /// The columns of the dataset, by the names that they have in these files.
    columns: Vec<StoredColumn>,
}

/// The layouts of a dataset's files. Files with the same one are scanned together.
#[derive(Clone, Debug, Default)]
pub(in crate::engine::polars) struct Layouts(Vec<Layout>);

impl Layouts {
    /// Adds a file named `name`, and returns the index of its layout, which may be a known one.
    ///
    /// # Errors
    /// A column of the file is of a type that does not fit the dataset.
    pub(in crate::engine::polars) fn add(
        &mut self,
        columns: &[StoredColumn],
        footer: &Footer,
        name: &str,
    ) -> Result<usize, SourceError> {
        let found = Layout::of(columns, footer, name)?;
        if let Some(known) = self.0.iter().position(|layout| layout.admits(&found)) {
            self.0[known].extend(found);
            return Ok(known);
        }
        self.0.push(found);
        Ok(self.0.len() - 1)
    }

    /// Returns the layout of a file.
    pub(in crate::engine::polars) fn of(&self, file: &DataFile) -> &Layout {
        &self.0[file.layout]
    }

    /// Translates names of columns in files to those in the dataset.
    pub(super) fn names_of<'a>(&'a self, stored: &'a BTreeSet<String>) -> impl Iterator<Item = &'a str> {
        self.0.iter().flat_map(|layout| layout.names_of(stored))
    }
}

impl Layout {
    /// Returns the layout of one file, with those columns of the dataset that it has.
    fn of(columns: &[StoredColumn], footer: &Footer, name: &str) -> Result<Self, SourceError> {
        let (stored, file) = (footer.stored(), footer.columns());
        let mut found = Self { columns: columns.to_vec(), ..Self::default() };
        for column in columns {
            let name_in_file = column.stored_name.as_str();
            let (Some(as_stored), Some(data_type)) = (stored.get(name_in_file), file.get(name_in_file))
            else {
                continue;
            };
            if column.is_unread {
                continue;
            }
            if let Some(reason) = column.misfit(data_type) {
                let reason = format!("its column \"{}\": {reason}", column.name);
                return Err(SourceError::Mismatch { path: name.to_owned(), reason });
            }
            found.stored.insert(name_in_file.into(), as_stored.clone());
            if footer.int96.contains(&column.stored_name) {
                found.int96.insert(column.stored_name.clone());
            }
            if footer.recoded.contains_key(&column.stored_name) {
                found.recoded.insert(column.stored_name.clone());
            }
        }
        Ok(found)
    }

    /// Adds the columns of another file's layout, which must be admitted.
    fn extend(&mut self, other: Self) {
        for (name, data_type) in other.stored.iter() {
            self.stored.insert(name.clone(), data_type.clone());
        }
        self.int96.extend(other.int96);
        self.recoded.extend(other.recoded);
    }

    /// Returns whether files of another layout can be scanned together with these.
    fn admits(&self, other: &Self) -> bool {
        let alike = |name: &str, data_type: &PlType| match self.stored.get(name) {
            Some(known) => {
                known == data_type
                    && self.is_int96(name) == other.is_int96(name)
                    && self.recoded.contains(name) == other.recoded.contains(name)
            }
            None => true,
        };
        self.columns == other.columns && other.stored.iter().all(|(name, data_type)| alike(name, data_type))
    }

    fn is_int96(&self, name: &str) -> bool {
        self.int96.contains(name)
    }

    /// Translates names of columns in files to those in the dataset.
    pub(super) fn names_of<'a>(&'a self, stored: &'a BTreeSet<String>) -> impl Iterator<Item = &'a str> {
        let columns = self.columns.iter().filter(|column| stored.contains(&column.stored_name));
        columns.map(|column| column.name.as_str())
    }

    /// Returns the name of a column in the files, and the type to which Polars decodes it, if a file has it.
    pub(in crate::engine::polars) fn stored_as(&self, name: &str) -> Option<(&str, Option<&PlType>)> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        // If only a stand-in holds the column with this type, its type in the file is unknown here.
        let decoded = self.stored.get(&column.stored_name);
        Some((&column.stored_name, decoded.filter(|_| !self.recoded.contains(&column.stored_name))))
    }

    /// Returns whether only a stand-in holds one of these columns as a scan expects it.
    pub(super) fn recodes(&self, columns: &BTreeSet<String>) -> bool {
        !self.recoded.is_disjoint(columns)
    }

    /// Scans the stored columns of the rows with these numbers, with the numbers.
    pub(super) fn scan(
        &self,
        files: &[DataFile],
        starts: &RowStarts,
        rows: &Range<u64>,
    ) -> PolarsResult<LazyFrame> {
        let all = starts.rows();
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let paths: Vec<PlRefPath> = files
            .iter()
            .map(|file| PlRefPath::try_from_path(&file.local.path))
            .collect::<PolarsResult<_>>()?;
        let options = ParquetOptions {
            schema: Some(Arc::new(self.stored.clone())),
            parallel: ParallelStrategy::Auto,
            low_memory: false,
            // karat decides which statistics are trusted: Polars does not know of wrong ones.
            use_statistics: false,
        };
        let arguments = UnifiedScanArgs {
            // File names may hold any character, and say nothing about partitions.
            glob: false,
            hive_options: HiveOptions::new_disabled(),
            row_index: Some(RowIndex { name: PlSmallStr::from_static(ROW_COLUMN), offset: all.start }),
            pre_slice: (*rows != all)
                .then(|| (size(rows.start - all.start), size(rows.end - rows.start)).into()),
            missing_columns_policy: MissingColumnsPolicy::Insert,
            extra_columns_policy: ExtraColumnsPolicy::Ignore,
            ..UnifiedScanArgs::default()
        };
        Ok(DslBuilder::scan_parquet(ScanSources::Paths(paths.into()), options, arguments)?.build().into())
    }

    /// Returns the expressions that convert the files' columns to those of the dataset.
    pub(super) fn columns(&self, files: &[DataFile], starts: &RowStarts) -> PolarsResult<Vec<Expr>> {
        let expression = |column: &StoredColumn| {
            let Some(found) = self.stored.get(&column.stored_name) else {
                return Ok(NULL.lit().cast(column.named.clone()));
            };
            let mut value = Expr::Column(column.stored_name.as_str().into());
            let mut found = found.clone();
            if self.is_int96(&column.stored_name) {
                if matches!(found, PlType::Datetime(..)) {
                    let paths = files.iter().map(|file| file.local.path.clone()).collect();
                    value = int96::exact(value, &column.stored_name, starts.clone(), paths);
                    found = INSTANT;
                } else {
                    value = int96::within_range(value);
                }
            }
            let target = Target { stored: &column.stored, named: &column.named };
            convert(value, &found, target).map_err(|reason| polars_err!(SchemaMismatch: "{reason}"))
        };
        self.columns.iter().map(|column| Ok(expression(column)?.alias(column.name.as_str()))).collect()
    }
}
