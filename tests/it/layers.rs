//! The stages know each other in one direction only, and what only one of them may do, only it does.

use std::fs;
use std::path::{Path, PathBuf};

/// The stages in their order: each may use those before it.
const ORDER: [&str; 15] = [
    "document",
    "data",
    "predicate",
    "metric",
    "expectation",
    "suite",
    "plan",
    "source",
    "engine",
    "evaluate",
    "gate",
    "run",
    "report",
    "project",
    "cli",
];

/// What a source may use of those before it: it knows nothing of suites and plans.
const OF_SOURCE: [&str; 3] = ["document", "data", "predicate"];

/// A file of the library.
struct Source {
    path: String,
    /// The stage it belongs to; none for `lib.rs` and `main.rs`.
    stage: Option<String>,
    text: String,
}

impl Source {
    fn read(root: &Path, path: &Path) -> Self {
        let inner = path.strip_prefix(root).unwrap();
        let top = Path::new(inner.components().next().unwrap().as_os_str()).with_extension("");
        let top = top.to_str().unwrap().to_owned();
        let stage = (!matches!(top.as_str(), "lib" | "main")).then_some(top);
        Self { path: inner.display().to_string(), stage, text: fs::read_to_string(path).unwrap() }
    }

    /// Its lines of code before its own tests, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        lines
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim()))
            .filter(|(_, line)| !line.starts_with("//"))
    }

    /// The lines with one of these words.
    fn with<'a>(&'a self, words: &'a [&str]) -> impl Iterator<Item = String> + 'a {
        let found = self.code().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        found.map(|(number, line)| format!("{}:{number}: {line}", self.path))
    }

    fn within(&self, stage: &str) -> bool {
        self.stage.as_deref() == Some(stage)
    }
}

fn sources() -> Vec<Source> {
    fn walk(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                walk(root, &path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Source::read(root, &path));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    walk(&root, &root, &mut sources);
    sources
}

/// Asserts that a rule finds nothing wrong in any file.
fn holds(rule: impl Fn(&Source) -> Vec<String>) {
    let wrong: Vec<String> = sources().iter().flat_map(rule).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The stages that a line names: `plan` of `use crate::plan::Plan`.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

#[test]
fn every_stage_uses_only_those_before_it() {
    let position = |stage: &str| ORDER.iter().position(|name| *name == stage);
    holds(|source| {
        let Some(stage) = &source.stage else { return Vec::new() };
        let Some(own) = position(stage) else { return vec![format!("{stage} has no place in the order")] };
        let allowed = |name: &str| match (stage.as_str(), position(name)) {
            (_, Some(other)) if other == own => true,
            ("source", Some(_)) => OF_SOURCE.contains(&name),
            (_, Some(other)) => other < own,
            // What `lib.rs` gives a shorter name comes from all over; only the last stage may use it.
            (_, None) => stage == "cli",
        };
        let edges = source.code().flat_map(|(number, line)| named(line).map(move |name| (number, name)));
        edges
            .filter(|(_, name)| !allowed(name))
            .map(|(number, name)| format!("{}:{number}: {stage} uses {name}", source.path))
            .collect()
    });
}

#[test]
fn only_the_command_line_prints() {
    holds(|source| {
        let prints = ["println!", "eprintln!", "print!(", "eprint!(", "stdout()", "stderr()"];
        if source.within("cli") { Vec::new() } else { source.with(&prints).collect() }
    });
}

#[test]
fn only_the_engine_executes_queries() {
    holds(|source| {
        let runs =
            ["StreamingQuery", "with_streaming", "collect_with_engine", "collect_concurrently", ".sink_"];
        if source.within("engine") { Vec::new() } else { source.with(&runs).collect() }
    });
}

#[test]
fn only_one_file_reads_the_clock() {
    holds(|source| {
        let clocks = ["Utc::now", "Local::now", "SystemTime::now"];
        if source.path == "run/clock.rs" { Vec::new() } else { source.with(&clocks).collect() }
    });
}

#[test]
fn another_tool_is_known_to_its_importer_and_to_the_list() {
    holds(|source| {
        let importer = source.path.starts_with("suite/great_expectations/");
        let lists = ["suite/tool.rs", "suite/mod.rs"].contains(&source.path.as_str());
        // What writes results of a tool, and the command line, say which tool they mean.
        let asks = ["report", "cli"].into_iter().any(|stage| source.within(stage));
        let words = ["great_expectations", "GreatExpectation"];
        if importer || lists || asks { Vec::new() } else { source.with(&words).collect() }
    });
}

#[test]
fn files_are_short_and_mod_files_hold_no_code() {
    holds(|source| {
        let mut wrong = Vec::new();
        let lines = source.text.lines().count();
        if lines > 500 {
            wrong.push(format!("{}: {lines} lines", source.path));
        }
        if source.path.ends_with("mod.rs") {
            let code = ["fn ", "impl ", "impl<", "struct ", "enum ", "trait "];
            let starts = |line: &str| {
                let bare = line
                    .trim_start_matches("pub ")
                    .trim_start_matches("pub(crate) ")
                    .trim_start_matches("pub(super) ");
                code.iter().any(|word| bare.starts_with(word))
            };
            let found = source.code().filter(|(_, line)| starts(line));
            wrong.extend(found.map(|(number, line)| format!("{}:{number}: {line}", source.path)));
        }
        wrong
    });
}
