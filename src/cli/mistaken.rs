//! Recognizes a file or folder that is given as a suite and is not one, and names the command that was meant.
//! Error messages never show the file's content.

use std::io::Read as _;
use std::path::Path;

use super::terminal::error;
use crate::document::open_file;

/// The most bytes of a file that are inspected.
const MOST_BYTES: u64 = 64 << 10;
/// The most lines of a file that are inspected.
const MOST_LINES: usize = 20;

/// The kind of a path that was given as a suite by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistaken {
    /// Data of this kind, which karat reads.
    Data(&'static str),
    /// Data of this kind, which karat does not read, and advice on what to do instead.
    OtherData(&'static str, &'static str),
    /// A result of an earlier run, written by karat or another tool.
    Result(&'static str),
    /// The configuration of a project.
    Project,
    /// The definition of an expectation.
    Definition,
}

impl Mistaken {
    /// Returns the kind of a file that does not parse as a suite, if the kind is recognized.
    pub(super) fn file(path: &Path) -> Option<Self> {
        if path.is_dir() {
            return Self::folder(path).or(Some(FOLDER));
        }
        let mut bytes = Vec::new();
        open_file(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes)).ok()?;
        if path.file_name().is_some_and(|name| name == "karat.yml") {
            return Some(Self::Project);
        }
        packed(&bytes).or_else(|| named(path)).or_else(|| {
            let text = String::from_utf8_lossy(&bytes);
            if text.contains('\0') { Some(BINARY) } else { written(&text) }
        })
    }

    /// Returns the kind of a folder without suites, if the kind is recognized.
    pub(super) fn folder(path: &Path) -> Option<Self> {
        if path.join("_delta_log").is_dir() {
            return Some(Self::Data("a Delta table"));
        }
        let entries = std::fs::read_dir(path).ok()?.flatten();
        let mut entries: Vec<_> = entries.take(1_000).map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().find_map(|entry| match named(entry)? {
            Self::Data(_) => Some(Self::Data("a folder of data")),
            _ => None,
        })
    }

    /// Shows the error. `suite` is another suite that was given, or a placeholder for one.
    pub(super) fn show(self, path: &Path, suite: &str) {
        let path = path.display();
        let (what, help) = match self {
            Self::Data(what) => (
                format!("{path} is {what}, no suite"),
                format!("karat check {suite} --data {path} judges it; karat inspect {path} shows what it is"),
            ),
            Self::OtherData(what, instead) => (format!("{path} is {what}, no suite"), instead.to_owned()),
            Self::Result(what) => (
                format!("{path} is {what}, no suite"),
                "karat check takes the suite that it came from".to_owned(),
            ),
            Self::Project => (
                format!("{path} is the configuration of a project, no suite"),
                format!("karat check {suite} finds it by itself, in a folder above the suite"),
            ),
            Self::Definition => (
                format!("{path} defines an expectation and is no suite"),
                format!("karat check {suite} knows it where it lies in expectations/ beside karat.yml"),
            ),
        };
        error(&what, Some(&help));
    }
}

const FOLDER: Mistaken = Mistaken::OtherData("a folder", "name one of the suites in it");

const BINARY: Mistaken = Mistaken::OtherData(
    "a binary file",
    "a suite is YAML or JSON; karat check --data reads Parquet, CSV, NDJSON and Arrow",
);

/// Recognizes a kind by the first bytes of a file.
fn packed(bytes: &[u8]) -> Option<Mistaken> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    Some(match () {
        () if begins(b"PAR1") => Mistaken::Data("a Parquet file"),
        () if begins(b"ARROW1") || begins(b"\xff\xff\xff\xff") => Mistaken::Data("an Arrow file"),
        () if begins(b"\x1f\x8b") => Mistaken::Data("a compressed file"),
        () if begins(b"PK\x03\x04") => Mistaken::OtherData(
            "an archive or workbook",
            "save its sheet as CSV, which karat check --data reads",
        ),
        () if begins(b"SQLite format 3\0") => Mistaken::OtherData(
            "a SQLite database",
            "export its table as CSV or Parquet, which karat check --data reads",
        ),
        () if begins(b"Obj\x01") || begins(b"ORC") => Mistaken::OtherData(
            "a file of Avro or ORC",
            "write it as Parquet, which karat check --data reads",
        ),
        () => return None,
    })
}

/// Recognizes a kind by the name of a file.
fn named(path: &Path) -> Option<Mistaken> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    Some(Mistaken::Data(match name.rsplit_once('.')?.1 {
        "csv" | "tsv" | "psv" => "a CSV file",
        "ndjson" | "jsonl" => "an NDJSON file",
        "parquet" | "pq" => "a Parquet file",
        "arrow" | "arrows" | "feather" | "ipc" => "an Arrow file",
        _ => return None,
    }))
}

/// Recognizes a kind by the text of a file.
fn written(text: &str) -> Option<Mistaken> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let has_key = |key: &str| text.contains(&format!("\"{key}\""));
    let lines: Vec<&str> =
        text.lines().map(str::trim_end).filter(|line| !line.is_empty()).take(MOST_LINES).collect();
    let first = *lines.first()?;
    if first.starts_with('{') {
        let is_object = |line: &&str| {
            serde_json::from_str::<serde_json::Value>(line).is_ok_and(|value| value.is_object())
        };
        return if lines.len() > 1 && lines.iter().take(2).all(is_object) {
            Some(Mistaken::Data("an NDJSON file"))
        } else if has_key("schema_version") && has_key("suites") {
            Some(Mistaken::Result("a report of karat"))
        } else if has_key("evaluated_expectations") || has_key("validation_results") {
            Some(Mistaken::Result("a validation result of Great Expectations"))
        } else {
            None
        };
    }
    if first.starts_with('[') {
        let instead = "write one object a line (NDJSON), which karat check --data reads";
        return Some(Mistaken::OtherData("a JSON list", instead));
    }
    if lines.iter().any(|line| line.starts_with("expectation:")) {
        return Some(Mistaken::Definition);
    }
    let is_suite = |line: &&str| ["suite:", "columns:", "table:"].iter().any(|key| line.starts_with(key));
    if lines.iter().any(is_suite) {
        return None;
    }
    // A CSV file has the same number of separators in every line, except the last one, which may be cut off.
    let complete = &lines[..lines.len().max(2) - 1];
    let separates = |separator: &char| {
        let count = |line: &str| line.matches(*separator).count();
        lines.len() > 1 && count(first) > 0 && complete.iter().all(|line| count(line) == count(first))
    };
    [',', ';', '\t', '|'].iter().any(separates).then_some(Mistaken::Data("a CSV file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_suite_is_told_by_its_text() {
        for data in ["a,b\n1,2\n", "a;b\r\n1;2\r\n3;4", "a\tb\n1\t2\n", "\u{feff}id|x\n1|2\n"] {
            assert_eq!(written(data), Some(Mistaken::Data("a CSV file")), "{data:?}");
        }
        assert_eq!(written("{\"a\": 1}\n{\"a\": 2}\n"), Some(Mistaken::Data("an NDJSON file")));
        assert!(matches!(written("[{\"a\": 1}]"), Some(Mistaken::OtherData("a JSON list", _))));
        let report = "{\n  \"schema_version\": 1,\n  \"suites\": []\n}";
        assert_eq!(written(report), Some(Mistaken::Result("a report of karat")));
        assert_eq!(written("expectation: mine\ntitle: a, b\n"), Some(Mistaken::Definition));
        for no_data in [
            "",
            "suite: a, b\ncolumns: c, d\n",
            "one line, no more",
            "some\nwords",
            "{\"suite\": \"s\"}",
            "suite: s\ncolumns:\n  a: [not_null, unique]\n  b: [not_null, unique]\n",
        ] {
            assert_eq!(written(no_data), None, "{no_data:?}");
        }
    }

    #[test]
    fn what_is_no_suite_is_told_by_its_name_and_first_bytes() {
        assert_eq!(named(Path::new("lake/Orders.CSV.gz")), Some(Mistaken::Data("a CSV file")));
        assert_eq!(named(Path::new("orders.yml")), None);
        assert_eq!(packed(b"PAR1..."), Some(Mistaken::Data("a Parquet file")));
        assert_eq!(packed(b"suite: s"), None);
    }
}
