//! Every file of a table's log and every deletion vector, damaged in every way: the table opens with the
//! rows that it has, or the error names the file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use karat::engine::polars::open;
use karat::source::{At, StorageOptions};
use polars::prelude::{ParquetWriter, df};

const TABLES: [&str; 9] = [
    "checkpoint_parts",
    "checkpoint_struct_stats",
    "checkpoint_v2_json",
    "checkpoint_v2_parquet",
    "checksums_kept",
    "dv_files",
    "dv_updated",
    "evolved",
    "log_cleaned",
];

/// How a file is damaged.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Damage {
    Emptied,
    Halved,
    Text,
    OtherColumns,
    Flipped(usize),
    Pipe,
    Folder,
    Removed,
    LinkToNothing,
}

impl Damage {
    const ALL: [Self; 10] = [
        Self::Emptied,
        Self::Halved,
        Self::Text,
        Self::OtherColumns,
        Self::Flipped(3),
        Self::Flipped(2),
        Self::Pipe,
        Self::Folder,
        Self::Removed,
        Self::LinkToNothing,
    ];

    fn to(self, file: &Path) {
        let mut bytes = fs::read(file).unwrap();
        fs::remove_file(file).unwrap();
        match self {
            Self::Emptied => bytes.clear(),
            Self::Halved => bytes.truncate(bytes.len() / 2),
            Self::Text => bytes = b"no longer what it was".to_vec(),
            Self::OtherColumns => {
                let mut rows = df!("id" => [1_i64, 2, 3]).unwrap();
                bytes.clear();
                ParquetWriter::new(&mut bytes).finish(&mut rows).unwrap();
            }
            Self::Flipped(part) => {
                let at = bytes.len() / part;
                bytes[at..].iter_mut().take(16).for_each(|byte| *byte ^= 0x5a);
            }
            Self::Pipe => {
                assert!(Command::new("mkfifo").arg(file).status().unwrap().success());
                return;
            }
            Self::Removed => return,
            Self::LinkToNothing => return std::os::unix::fs::symlink("nothing", file).unwrap(),
            Self::Folder => {
                fs::create_dir(file).unwrap();
                return;
            }
        }
        fs::write(file, bytes).unwrap();
    }
}

/// What opening a table comes to: its rows, or words.
fn opened(table: &Path) -> Result<Option<u64>, String> {
    let (done, result) = channel();
    let place = table.display().to_string();
    std::thread::spawn(move || {
        let found = open(&place, At::Latest, &StorageOptions::default());
        let _ = done.send(found.map(|found| found.identity.rows).map_err(|error| error.to_string()));
    });
    result.recv_timeout(Duration::from_mins(1)).expect("it waits for ever")
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// The files of the log and the deletion vectors, below the table.
fn files(folder: &Path, below: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = below.join(path.file_name().unwrap());
        if path.is_dir() {
            files(&path, &name, into);
        } else if name.starts_with("_delta_log") || name.extension().is_some_and(|it| it == "bin") {
            into.push(name);
        }
    }
    into.sort();
}

#[test]
#[cfg(unix)]
fn the_damaged_file_is_named() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for name in TABLES {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta").join(name).join("table");
        let rows = opened(&own).unwrap();
        let mut all = Vec::new();
        files(&own, Path::new(""), &mut all);
        for file in &all {
            for damage in Damage::ALL {
                let folder = tempfile::tempdir().unwrap();
                let table = folder.path().join("table");
                copied(&own, &table);
                damage.to(&table.join(file));
                count += 1;
                let shown = file.file_name().unwrap().to_str().unwrap();
                match opened(&table) {
                    // A commit that is not there is none; what was before it is.
                    _ if damage == Damage::Removed && file.extension().is_some_and(|it| it == "json") => {}
                    Ok(found) if found == rows => {}
                    Ok(found) => wrong.push(format!("{name}/{}, {damage:?}: {found:?} rows", file.display())),
                    Err(words) if words.contains(shown) => {}
                    // It says that there was a checkpoint.
                    Err(words) if damage == Damage::Removed && words.contains("_last_checkpoint") => {}
                    // A path that is another one is one.
                    Err(words) if matches!(damage, Damage::Flipped(_)) && words.contains("log names it") => {}
                    Err(words) => wrong.push(format!("{name}/{}, {damage:?}: {words}", file.display())),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Nobody writes into the pipes: who opens one waits for ever.
#[test]
#[cfg(unix)]
fn suites_and_projects_are_read_from_files_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let pipe = |name: &str| assert!(Command::new("mkfifo").arg(at(name)).status().unwrap().success());
    let karat = |arguments: &[&str]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_karat"))
            .args(arguments)
            .current_dir(folder.path())
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let until = std::time::Instant::now() + Duration::from_mins(1);
        while child.try_wait().unwrap().is_none() {
            if std::time::Instant::now() > until {
                child.kill().unwrap();
                panic!("{arguments:?} waits for ever");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().unwrap();
        let words = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (output.status.code(), words)
    };
    fs::create_dir(at("suites")).unwrap();
    fs::write(at("data.csv"), "a\n1\n").unwrap();
    fs::write(at("suites/a.yml"), "{suite: a, data: data.csv, columns: {a: [not_null]}}").unwrap();
    // A suite that cannot be read is not left out of its folder.
    pipe("suites/b.yml");
    for (arguments, expected) in [
        (["check", "suites"], 3),
        (["check", "suites/b.yml"], 2),
        (["lint", "suites"], 2),
        (["plan", "suites/b.yml"], 2),
    ] {
        let (code, words) = karat(&arguments);
        assert_eq!(code, Some(expected), "{arguments:?}: {words}");
        assert!(words.contains("suites/b.yml: it is a named pipe, not a file"), "{arguments:?}: {words}");
    }
    let (code, words) = karat(&["import", "gx", "suites/b.yml"]);
    assert!(code == Some(2) && words.contains("it is a named pipe"), "{words}");
    fs::remove_file(at("suites/b.yml")).unwrap();
    std::os::unix::fs::symlink("nothing.yml", at("suites/b.yml")).unwrap();
    let (code, words) = karat(&["check", "suites"]);
    assert!(code == Some(3) && words.contains("suites/b.yml"), "{words}");
    fs::remove_file(at("suites/b.yml")).unwrap();
    // Nor is a definition, or what the project says.
    fs::write(at("karat.yml"), "").unwrap();
    fs::create_dir(at("expectations")).unwrap();
    assert_eq!(karat(&["check", "suites"]).0, Some(0));
    pipe("expectations/own.yml");
    let (code, words) = karat(&["check", "suites"]);
    assert!(code == Some(2) && words.contains("expectations/own.yml: it is a named pipe"), "{words}");
    fs::remove_dir_all(at("expectations")).unwrap();
    fs::remove_file(at("karat.yml")).unwrap();
    pipe("karat.yml");
    let (code, words) = karat(&["check", "suites"]);
    assert!(code == Some(2) && words.contains("karat.yml: it is a named pipe"), "{words}");
}
