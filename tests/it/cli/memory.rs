//! `--memory`: what does not fit is spilled into private files, which go, and what cannot be kept within it
//! ends in words.

use std::path::{Path, PathBuf};

use polars::prelude::df;

use super::{Karat, Project, karat};

/// How many rows: keys of four columns are some MB that do not fit into their share of 80 MB.
const ROWS: i64 = 500_000;

const SUITE: &str = "
suite: orders
data: many.parquet
columns:
  a: [unique, {median: {min: 0}}]
  b: [unique]
  c: [unique]
  d: [unique, {distinct_count: {min: 0}}]
";

/// A project with many rows in no order, of whose keys some come twice, and a folder for temporary files.
fn project() -> (Project, PathBuf) {
    let project = Project::with(SUITE);
    let column = |factor: i64, modulus: i64| (0..ROWS).map(|row| row * factor % modulus).collect::<Vec<_>>();
    let mut frame = df!(
        "a" => column(104_729, 1_000_003),
        "b" => column(7_919, 499_979),
        "c" => column(15_485_863, 2_000_003).into_iter().map(|key| format!("key {key}")).collect::<Vec<_>>(),
        "d" => column(611_953, 100_003).into_iter().map(|key| format!("key {key}")).collect::<Vec<_>>(),
    )
    .unwrap();
    project.parquet("many.parquet", &mut frame);
    let place = project.path().join("tmp");
    std::fs::create_dir(&place).unwrap();
    (project, place)
}

fn check(project: &Project, place: &Path, memory: &str) -> Karat {
    let command = karat().args(["check", "orders.yml", "-v", "--memory", memory]);
    command.env("TMPDIR", &place.display().to_string()).in_dir(project.path())
}

/// All files within a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Runs a check until it has spilled something.
fn until_spilled(command: Karat, place: &Path) -> (std::process::Child, Vec<PathBuf>) {
    use std::process::Stdio;

    let mut child = command.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    loop {
        let found = files(place);
        if found.iter().any(|path| path.extension().is_some_and(|extension| extension == "spilled")) {
            return (child, found);
        }
        assert!(child.try_wait().unwrap().is_none(), "nothing was spilled");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
#[cfg(unix)]
fn what_does_not_fit_is_spilled_and_goes() {
    use std::os::unix::fs::PermissionsExt as _;

    let (project, place) = project();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (mut child, found) = until_spilled(check(&project, &place, "80MB"), &place);
    for path in found {
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(files(&place), Vec::<PathBuf>::new());
    // What is told is the same, but for how often the rows were read.
    let told = |memory| {
        let told = check(&project, &place, memory).run().stdout;
        told.lines().filter(|line| !line.starts_with("gate")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(told("80MB"), told("8GB"));
}

#[test]
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "there is no other way to send a signal")]
fn what_was_spilled_goes_with_a_signal() {
    let (project, place) = project();
    for (signal, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let (mut child, _) = until_spilled(check(&project, &place, "80MB"), &place);
        let kill = [format!("-{signal}"), child.id().to_string()];
        assert!(std::process::Command::new("kill").args(kill).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(files(&place), Vec::<PathBuf>::new(), "{signal}");
    }
}

#[test]
fn what_cannot_be_spilled_costs_the_checks_that_need_it() {
    let (project, _) = project();
    let nowhere = project.path().join("nowhere");
    let ran = check(&project, &nowhere, "80MB").run();
    assert_eq!(ran.code, 3, "{ran}");
    let wanted =
        "bytes of keys and values are more than the memory that there is for them, and cannot be put aside";
    let errors = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(errors.contains(wanted) && errors.contains("nowhere"), "{ran}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_takes_more_than_all_memory_is_told() {
    let (project, place) = project();
    let ran = check(&project, &place, "4MB").run();
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{ran}");
    assert!(ran.stderr.starts_with("error: nothing was judged: this takes "), "{ran}");
    assert!(ran.stderr.contains(", and the memory is 4.0 MB\n  help: give more --memory"), "{ran}");
    assert_eq!(files(&place), Vec::<PathBuf>::new());
}
