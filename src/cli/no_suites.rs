//! No suite is named and there is no folder `suites`: what is here instead.

use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::suites::{is_skipped, is_suite};
use super::terminal::error;
use crate::data::counted;
use crate::document::open_file;
use crate::project;

/// How deep folders are looked into, and at how many files and folders.
const DEEPEST: usize = 4;
const MOST: usize = 5_000;
/// How many suites are named.
const NAMED: usize = 3;

/// Says which suites there are instead, and how the command finds them.
pub(super) fn say(command: &str) -> Exit {
    let mut here = Here::default();
    here.look(Path::new(""), 0);
    let Here { suites, others, .. } = here;
    if let Some(first) = suites.first() {
        let named: Vec<String> = suites.iter().take(NAMED).map(|path| path.display().to_string()).collect();
        let more = if suites.len() > NAMED { ", …" } else { "" };
        let there = if suites.len() == 1 { "is" } else { "are" };
        let count = counted(suites.len() as u64, "suite", "suites");
        let message = format!("no folder suites is here; there {there} {count}: {}{more}", named.join(", "));
        let meant = meant(first, &suites, &others);
        error(&message, Some(&format!("karat {command} {meant}")));
        return Exit::Usage;
    }
    match of_project() {
        Some(suites) => error(
            "no folder suites is here; the project has one",
            Some(&format!("karat {command} {}", suites.display())),
        ),
        None => error(
            "no suite or folder of suites at suites",
            Some(&format!("karat {command} suites/silver/orders.yml")),
        ),
    }
    Exit::Usage
}

/// What to name: the folder around all suites, unless there is more in it that would be taken for suites.
fn meant(first: &Path, suites: &[PathBuf], others: &[PathBuf]) -> String {
    let holds_all = |folder: &&Path| suites.iter().all(|suite| suite.starts_with(folder));
    let folder = first.ancestors().skip(1).find(holds_all).unwrap_or(Path::new(""));
    match suites {
        [only] => only.display().to_string(),
        _ if !others.iter().any(|other| other.starts_with(folder)) => {
            if folder.as_os_str().is_empty() {
                ".".to_owned()
            } else {
                folder.display().to_string()
            }
        }
        _ if suites.len() <= NAMED => {
            suites.iter().map(|suite| suite.display().to_string()).collect::<Vec<_>>().join(" ")
        }
        _ => format!("{} …", first.display()),
    }
}

/// What a folder holds that may be meant.
#[derive(Default)]
struct Here {
    suites: Vec<PathBuf>,
    /// What would be taken for a suite, and is none.
    others: Vec<PathBuf>,
    looked_at: usize,
}

impl Here {
    fn look(&mut self, folder: &Path, depth: usize) {
        let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(entries) = std::fs::read_dir(listed) else { return };
        let room = MOST.saturating_sub(self.looked_at);
        let mut entries: Vec<_> = entries.flatten().take(room).map(|entry| entry.file_name()).collect();
        entries.sort();
        self.looked_at += entries.len();
        for entry in entries.iter().map(|name| folder.join(name)) {
            if is_skipped(&entry) || entry.is_symlink() {
                continue;
            }
            if entry.is_dir() {
                if depth < DEEPEST && !entry.join("_delta_log").is_dir() {
                    self.look(&entry, depth + 1);
                }
            } else if is_suite(&entry) {
                let reads_so =
                    open_file(&entry).and_then(std::io::read_to_string).is_ok_and(|text| begins(&text));
                if reads_so { self.suites.push(entry) } else { self.others.push(entry) }
            }
        }
    }
}

/// Returns whether a text names a suite, or is one of Great Expectations.
fn begins(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("suite:")) || text.contains("\"expectations\"")
}

/// The folder of the project's suites, as it is seen from here.
fn of_project() -> Option<PathBuf> {
    let here = std::path::absolute(".").ok()?;
    let root = project::root(&here.join("karat.yml"), Path::new(""))?;
    let below = here.strip_prefix(&root).ok()?;
    let suites = below.components().map(|_| "..").collect::<PathBuf>().join("suites");
    suites.is_dir().then_some(suites)
}
