//! No room in the temporary folder: said as that, wherever something is written to it.

#![cfg(unix)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ::karat::engine::polars::open;
use ::karat::source::{At, StorageOptions};
use polars::prelude::*;
use regex::Regex;

use super::s3::S3;
use super::{many, parquet_bytes};
use crate::cli::karat;

/// A place, and a suite of all of its columns.
fn suite_of(uri: &str, storage: &StorageOptions) -> Option<String> {
    let opened = open(uri, At::Latest, storage).ok().filter(|opened| !opened.schema.fields.is_empty())?;
    let mut suite = "suite: s\ncolumns:\n".to_owned();
    for field in &opened.schema.fields {
        let path = format!("`{}`", field.name.replace('`', "``"));
        writeln!(suite, "  {}: [not_null]", serde_json::Value::from(path)).unwrap();
    }
    Some(suite)
}

/// What a check says where no file may be longer than so many blocks of 512 bytes, and its exit code.
#[expect(clippy::disallowed_methods, reason = "tests of the command line run it")]
fn checked(karat: crate::cli::Karat, blocks: &str, folder: &Path, uri: &str) -> (i32, String) {
    let karat = karat.command();
    let mut limited = Command::new("sh");
    // As where a quota is reached, the signal that would end it is not heard.
    limited.args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", blocks]);
    limited.arg(karat.get_program()).args(["check", "s.yml", "--data", uri, "--trust", "none"]);
    for (name, value) in karat.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited.env("TMPDIR", folder.join("tmp")).current_dir(folder);
    let output = limited.output().unwrap();
    assert!(output.stderr.is_empty(), "{uri}: {}", String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files_below(&entry, files);
        } else {
            files.push(entry);
        }
    }
}

#[test]
fn every_way_to_the_temporary_folder_says_that_it_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let tmp = folder.path().join("tmp");
    std::fs::create_dir(&tmp).unwrap();
    let rows: Vec<String> = (0..20_000).map(|row| format!("{row},x{row}")).collect();
    std::fs::write(folder.path().join("a.csv"), format!("id,name\n{}\n", rows.join("\n"))).unwrap();
    let rows: Vec<String> = (0..20_000).map(|row| format!("{{\"id\": {row}}}")).collect();
    std::fs::write(folder.path().join("a.ndjson"), rows.join("\n")).unwrap();
    let file = std::fs::File::create(folder.path().join("a.arrow")).unwrap();
    IpcWriter::new(file).finish(&mut many()).unwrap();
    let server = S3::new();
    server.put("many.parquet", &parquet_bytes(many()));
    server.put("a.csv", &std::fs::read(folder.path().join("a.csv")).unwrap());

    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<PathBuf> =
        ["a.csv", "a.ndjson", "a.arrow"].map(|name| folder.path().join(name)).into();
    files_below(&fixtures.join("parquet"), &mut files);
    files_below(&fixtures.join("arrow"), &mut files);
    files.sort();
    let mut places: Vec<(String, bool)> =
        files.iter().map(|file| (file.display().to_string(), false)).collect();
    places.extend(["s3://lake/many.parquet", "s3://lake/a.csv"].map(|uri| (uri.to_owned(), true)));
    let full = Regex::new(&format!(
        "no room in the temporary folder {}: about [0-9]+ bytes are needed there for .*; TMPDIR names another",
        regex::escape(&tmp.display().to_string())
    ))
    .unwrap();
    let (mut told, mut same) = (0, 0);
    for (uri, is_remote) in places {
        let storage = if is_remote { server.options() } else { StorageOptions::default() };
        let Some(suite) = suite_of(&uri, &storage) else { continue };
        std::fs::write(folder.path().join("s.yml"), suite).unwrap();
        let command = || if is_remote { server.karat() } else { karat() };
        // Only the long ones are cut in their middle.
        let is_long = !uri.contains("fixtures");
        for blocks in if is_long { &["0", "40"][..] } else { &["0"] } {
            let (limited_code, limited) = checked(command(), blocks, folder.path(), &uri);
            if full.is_match(&limited) {
                assert_eq!(limited_code, 3, "{uri}: {limited}");
                told += 1;
                continue;
            }
            // Nothing was written, or not so much.
            let (code, _) = checked(command(), "unlimited", folder.path(), &uri);
            assert_eq!(limited_code, code, "{uri}: {limited}");
            same += 1;
        }
        assert_eq!(std::fs::read_dir(&tmp).unwrap().count(), 0, "{uri}");
    }
    assert!(told > 20 && same > 20, "{told} were told, and {same} were the same");
}
