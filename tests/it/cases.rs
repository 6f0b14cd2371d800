//! The suites of the pages and of the corpora with their data, written to files, so that two binaries may judge them:
//! `benches/reports/compare`.

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, ParquetWriter};

use crate::catalogue::PageExample;
use crate::corpora::written;

/// The folder that the cases are written to, and the line of each: its suite and its data, with a tab between.
pub struct Cases {
    root: PathBuf,
    lines: Vec<String>,
}

impl Cases {
    /// The folder of a case.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.root.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    pub fn add(&mut self, suite: &Path, data: &Path) {
        self.lines.push(format!("{}\t{}\n", suite.display(), data.display()));
    }
}

pub fn write_parquet(path: &Path, frame: &mut DataFrame) {
    ParquetWriter::new(fs::File::create(path).unwrap()).finish(frame).unwrap();
}

/// Writes all that there is to `KARAT_CASES`, and a list of it, `cases.tsv`.
#[test]
#[ignore = "writes a folder for benches/reports/compare, which runs it"]
fn are_written() {
    let root =
        PathBuf::from(std::env::var_os("KARAT_CASES").expect("KARAT_CASES names a folder to write to"));
    let mut cases = Cases { root, lines: Vec::new() };
    for PageExample { name, suite, definition, write_data } in crate::catalogue::page_examples() {
        let folder = cases.folder(&format!("pages/{name}"));
        let (path, project) = (folder.join("suite.yml"), folder.join("karat.yml"));
        fs::write(project, "# The datasets of a page are beside it.\n").unwrap();
        fs::write(&path, suite).unwrap();
        if let Some(definition) = definition {
            fs::create_dir_all(folder.join("expectations")).unwrap();
            fs::write(folder.join("expectations/defined.yml"), definition).unwrap();
        }
        let data = write_data(&folder);
        cases.add(&path, &data);
    }
    if cfg!(corpora) {
        written::all(&mut cases);
    }
    assert!(cases.lines.len() > 80, "{} cases", cases.lines.len());
    fs::write(cases.root.join("cases.tsv"), cases.lines.concat()).unwrap();
}
