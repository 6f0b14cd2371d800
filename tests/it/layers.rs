//! The stages know each other in one direction only, and what only one of them may do, only it does.

use std::fs;
use std::path::{Path, PathBuf};

/// The stages in their order: each may use those before it.
const ORDER: [&str; 24] = [
    "document",
    "data",
    "privacy",
    "predicate",
    "metric",
    "expectation",
    "suite",
    "review",
    "plan",
    "source",
    "sink",
    "engine",
    "evaluate",
    "gate",
    "run",
    "split",
    "publish",
    "profile",
    "suggest",
    "report",
    "history",
    "site",
    "project",
    "cli",
];

/// What a source may use of those before it: it knows nothing of suites and plans.
const OF_SOURCE: [&str; 4] = ["document", "data", "privacy", "predicate"];

/// The parts of `source/` in their order: each may use those before it.
const PARTS_OF_SOURCE: [&str; 22] = [
    "dependency_messages",
    "error",
    "local_file",
    "regular",
    "parquet_footer",
    "scratch",
    "files",
    "table_details",
    "trust",
    "dispute",
    "identity",
    "details",
    "find",
    "store",
    "databricks",
    "staged",
    "data",
    "opened",
    "data_source",
    "uri",
    "delta",
    "text",
];

/// The parts of the engine on Polars in their order. First what reads files, then what runs queries, then the stages of
/// a run.
const PARTS_OF_POLARS: [&str; 25] = [
    "expression",
    "threads",
    "parallel",
    "types",
    "parquet",
    "scan",
    "snapshot",
    "statistics",
    "open",
    "details",
    "opened",
    "memory",
    "query",
    "recycled",
    "record_batch",
    "row_batches",
    "metrics",
    "proof_by_statistics",
    "judging",
    "uniqueness",
    "strategy",
    "failing_rows",
    "run_state",
    "queries",
    "engine",
];

/// The parts of the engine by SQL in their order: what prints, what reads, what asks, and the systems.
const PARTS_OF_SQL: [&str; 19] = [
    "sql_text",
    "read_values",
    "batches",
    "dialects",
    "print",
    "metrics",
    "session",
    "columns",
    "running",
    "select",
    "opened",
    "planned",
    "samples",
    "fetch",
    "engine",
    "duckdb",
    "postgres",
    "spark",
    "databricks",
];

/// The files outside of the engine on Polars that may name it: those by which the frames of a caller come in, and the
/// lists of engines.
const DOORS: [&str; 4] = ["engine/engine_name.rs", "engine/mod.rs", "lib.rs", "source/data.rs"];

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

/// The names that a stage's `mod.rs` gives to what its parts hold, with the part of each.
fn shorter_names(stage: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(stage).join("mod.rs");
    let text = fs::read_to_string(root).unwrap();
    let exports = text.lines().filter_map(|line| line.split_once("use ")?.1.strip_suffix(';'));
    let names = exports.filter_map(|export| export.split_once("::")).flat_map(|(part, names)| {
        let names = names.trim_matches(['{', '}']).split(',');
        names.map(|name| (name.trim().to_owned(), part.to_owned())).collect::<Vec<_>>()
    });
    names.collect()
}

/// What a path that begins at a stage names there first: `store` of `store::Spool`, and all of `{Snapshot, store::Spool}`.
fn first_names(rest: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let first = |path: &str| path.len() - path.trim_start_matches(is_word).len();
    let Some(group) = rest.strip_prefix('{') else { return vec![&rest[..first(rest)]] };
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (index, c) in group.char_indices() {
        if depth == 0 && matches!(c, ',' | '}') {
            let path = group[start..index].trim_start();
            names.push(&path[..first(path)]);
            start = index + 1;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The names of a stage that one of its files uses from outside of the part that it belongs to, with the lines.
fn uses_within(source: &Source, stage: &str) -> Vec<(usize, String)> {
    let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
    // How many `super` lead from the file to the stage.
    let depth = module.matches('/').count() - stage.matches('/').count();
    let (mut code, mut starts) = (String::new(), Vec::new());
    for (number, line) in source.code() {
        starts.push((code.len(), number));
        code.push_str(line);
        code.push('\n');
    }
    let mut uses = Vec::new();
    for prefix in [format!("crate::{}::", stage.replace('/', "::")), "super::".repeat(depth)] {
        for (place, _) in code.match_indices(&prefix) {
            let rest = &code[place + prefix.len()..];
            if code[..place].ends_with("::") || rest.starts_with("super::") {
                continue;
            }
            let line = starts.partition_point(|(start, _)| *start <= place) - 1;
            uses.extend(first_names(rest).into_iter().map(|name| (starts[line].1, name.to_owned())));
        }
    }
    uses
}

/// Asserts that each part of a stage uses only those before it.
fn parts_use_only_those_before(stage: &str, order: &[&str]) {
    let position = |part: &str| order.iter().position(|name| *name == part);
    let names = shorter_names(stage);
    let part_of = |name: &str| {
        let known = names.iter().find(|(own, _)| own == name);
        position(known.map_or(name, |(_, part)| part))
    };
    let mut edges = 0;
    for source in sources() {
        let Some(part) = source.path.strip_prefix(stage).and_then(|rest| rest.strip_prefix('/')) else {
            continue;
        };
        // Tests may look at everything.
        if part == "mod.rs" || part == "tests.rs" || part.contains("/tests") {
            continue;
        }
        let part = part.split('/').next().unwrap().trim_end_matches(".rs");
        let own = position(part).unwrap_or_else(|| panic!("{part} has no place in the order of {stage}"));
        for (line, name) in uses_within(&source, stage) {
            let used = part_of(&name);
            let used = used.unwrap_or_else(|| panic!("{}:{line}: {name} is of no part", source.path));
            assert!(used <= own, "{}:{line}: {part} uses {name} of {}", source.path, order[used]);
            edges += usize::from(used < own);
        }
    }
    assert!(edges > order.len(), "only {edges} uses of other parts were found in {stage}");
}

#[test]
fn every_part_of_source_uses_only_those_before_it() {
    parts_use_only_those_before("source", &PARTS_OF_SOURCE);
}

#[test]
fn every_part_of_the_engine_on_polars_uses_only_those_before_it() {
    parts_use_only_those_before("engine/polars", &PARTS_OF_POLARS);
}

#[test]
fn every_part_of_the_engine_by_sql_uses_only_those_before_it() {
    parts_use_only_those_before("engine/sql", &PARTS_OF_SQL);
}

#[test]
fn only_the_engine_on_polars_names_polars() {
    holds(|source| {
        let within = source.path.starts_with("engine/polars/") || DOORS.contains(&source.path.as_str());
        let lines = source.text.lines().enumerate();
        let named = lines.filter(|(_, line)| !within && line.contains("polars"));
        named.map(|(number, line)| format!("{}:{}: {line}", source.path, number + 1)).collect()
    });
}

/// Each argument of a function has a name of its own, at the call too.
#[test]
fn no_function_takes_a_tuple_apart() {
    holds(|source| {
        let takes = |line: &str| {
            let Some((names, types)) = line.split_once("): (") else { return false };
            let before = names.rsplit_once('(').map_or("", |(before, _)| before);
            // A parameter on a line of its own, or the first of a function.
            (before.is_empty() || before.contains("fn ")) && !types.is_empty()
        };
        let found = source.code().filter(|(_, line)| takes(line));
        found.map(|(number, line)| format!("{}:{number}: {line}", source.path)).collect()
    });
}

#[test]
fn names_are_found_in_paths() {
    assert_eq!(first_names("store::Spool;"), ["store"]);
    assert_eq!(
        first_names("{Snapshot, store::{Spool, First},\nfiles::overlap};"),
        ["Snapshot", "store", "files"]
    );
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

/// What is shown without a look at what it comes from: see `src/privacy/mod.rs`.
#[test]
fn few_files_vouch_for_what_is_shown() {
    let vouch = |source: &Source| {
        source.within("privacy") || ["evaluate/judge.rs", "run/check.rs"].contains(&source.path.as_str())
    };
    holds(|source| {
        let mut wrong: Vec<String> = Vec::new();
        if !vouch(source) {
            wrong.extend(source.with(&["vouched"]));
        }
        let is_test = source.path.ends_with("/tests.rs");
        if !source.within("privacy") && source.path != "suite/suite.rs" && !is_test {
            wrong.extend(source.with(&["Privacy::of"]));
        }
        // The columns themselves are named where a suite is read, compared and bound, and nowhere else.
        if !["suite", "review", "plan"].into_iter().any(|stage| source.within(stage)) {
            wrong.extend(source.with(&[".pii"]));
        }
        wrong
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
