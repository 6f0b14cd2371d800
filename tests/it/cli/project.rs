//! A folder with a small table and suites.

use std::fs;
use std::path::Path;

use polars::prelude::{DataFrame, ParquetWriter, df};
use tempfile::TempDir;

/// A project in a temporary folder.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// With `orders.parquet` in it: six orders, one of unknown status, one without, one negative.
    pub(crate) fn new() -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        let mut orders = df! {
            "order_id" => [1_i64, 2, 3, 4, 5, 6],
            "status" => [Some("O"), Some("F"), Some("P"), Some("O"), Some("X"), None],
            "amount" => [10.0, 20.5, 30.0, -5.0, 50.0, 60.0],
            "placed_on" => ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"],
        }
        .unwrap();
        project.parquet("orders.parquet", &mut orders);
        project
    }

    /// With a suite on that table.
    pub(crate) fn with(suite: &str) -> Self {
        Self::new().file("orders.yml", suite)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn parquet(&self, name: &str, frame: &mut DataFrame) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        ParquetWriter::new(fs::File::create(path).unwrap()).finish(frame).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// `karat check` with these arguments, in this folder.
    pub(crate) fn check(&self, arguments: &[&str]) -> super::karat::Ran {
        super::karat().arg("check").args(arguments).in_dir(self.path()).run()
    }
}
