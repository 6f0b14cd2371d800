//! What people write for karat, changed: suites, definitions, the file of a project.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use karat::project::{Project, Selection};
use karat::suite::{Catalogue, SuiteError};
use karat::{CheckOptions, DataSource, Suite, check};
use polars::prelude::{DataFrame, df};

use super::super::mutate::{Random, mutate_text};
use super::{Input, look_at};
use crate::catalogue::examples;

/// A text to change, and the data that it speaks of.
struct Seed {
    name: &'static str,
    text: String,
    data: DataFrame,
}

static SUITES: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let pages = examples().into_iter().map(|example| Seed {
        name: "suite.yml",
        text: example.suite,
        data: example.frame,
    });
    let whole = include_str!("../../great_expectations/whole.json");
    let great = Seed { name: "suite.json", text: whole.to_owned(), data: people() };
    pages
        .chain([great])
        .chain(OWN.map(|(name, text)| Seed { name, text: text.to_owned(), data: people() }))
        .collect()
});

static DEFINITIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("expectations");
    let pages = std::fs::read_dir(packs.join("packs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = pages.chain([packs.join("definitions.md")]).collect();
    pages.sort();
    let texts = pages.iter().map(|page| std::fs::read_to_string(page).unwrap());
    // Packs have names that are taken: a project's own are called otherwise.
    let definition = |text: String| {
        let text = text.split_once("```yaml definition\n").unwrap().1;
        text.split("```").next().unwrap().replacen("expectation: ", "expectation: own_", 1)
    };
    texts.map(definition).collect()
});

/// Suites with all that may stand in one.
const OWN: [(&str, &str); 3] = [
    (
        "suite.yml",
        "suite: silver/people\nlayer: silver\ndescription: >\n  Who they are\nowner: \"team@x.org\"\nkey: [id]\npii: [email]\n\
         format: csv\ncsv: {separator: \";\", null: [NA, \"-\"], header: true}\nschema: {id: int64, email: string}\n\
         columns:\n  id: [not_null, {unique: ~, severity: warning}]\n  email:\n    - matches: '^[^@]+@[^@]+$'\n      mostly: 0.95\n\
         \x20     where: \"id > 3 AND email IS NOT NULL\"\n    - {in_set: [a, NO, 01, 1.50, ~], id: set, tags: [a, b], samples: 3}\n\
         \x20 amount: &amounts\n    - between: {min: 0, max: 1e6, strict_min: true}\n      fail_if: \"> 1 %\"\n      warn_if: \"> 0\"\n\
         table:\n  - row_count: {min: 1}\n  - rows: \"CASE WHEN amount / 0 > 1 THEN true ELSE abs(id) >= 0 END\"\n    nulls: pass\n\
         \x20 - unexpected_rows: SELECT id, count(*) AS n FROM {batch} GROUP BY id HAVING count(*) > 1 ORDER BY n\n",
    ),
    (
        "suite.json",
        "{\"suite\": \"s\", \"columns\": {\"id\": [\"not_null\", {\"between\": {\"min\": 1, \"max\": 18446744073709551616}}], \
         \"email\": [{\"length_between\": {\"max\": 3}}]}, \"table\": [{\"unique\": [\"id\", \"email\"]}, \
         {\"unique\": {\"columns\": [\"id\"]}, \"where\": \"email LIKE '%x'\"}]}",
    ),
    (
        "suite.json",
        "{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"id\", \
         \"min_value\": 1, \"mostly\": 0.9, \"row_condition\": \"col(\\\"email\\\").notNull()\", \"condition_parser\": \
         \"great_expectations__experimental__\"}, \"meta\": {}}, {\"type\": \"expect_table_row_count_to_equal\", \"kwargs\": \
         {\"value\": {\"$PARAMETER\": \"n\"}}}], \"meta\": {\"great_expectations_version\": \"1.3.0\"}}",
    ),
];

/// The file of a project with all that may stand in it.
const PROJECT: &str = "\
layers:
  bronze: {fail_on: error}
  silver:
    fail_on: warn
    trust: footer
  gold: {fail_on: warn, trust: none}
storage_options:
  aws_region: eu-north-1
  \"aws_endpoint\": 'https://example.org'
";

fn people() -> DataFrame {
    df!(
        "id" => [Some(1_i64), Some(2), Some(2), None, Some(i64::MAX)],
        "email" => [Some("a@x.org"), Some("null"), Some(""), None, Some("é\u{202e}\n")],
        "amount" => [Some(0.1), Some(f64::NAN), Some(-0.0), None, Some(1e300)],
    )
    .unwrap()
}

/// What such texts hold, and what one may take for it.
const TOKENS: [&str; 64] = [
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "\n",
    "\n  ",
    "\t",
    "#",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "? ",
    "| ",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "~",
    "null",
    "true",
    "0x1F",
    ".nan",
    "1e400",
    "99999999999999999999",
    "-1",
    "50 %",
    "> 0",
    "[[[[[[[[[[[[[[[[",
    "{a: {a: {a: {a: ",
    "\u{feff}",
    "\u{0}",
    "\u{202e}",
    "é",
    "$column",
    "$x",
    "{batch}",
    "(",
    ")",
    "((((((((((((((((",
    " AND ",
    " OR NOT ",
    " IS NULL",
    "'",
    "`",
    "/ 0",
    "SELECT 1",
    "(?:a{1000}){1000}",
    "(a+)+$",
    "cast(",
    "id",
    "email",
    "mostly: 2",
    "where: 1",
    "not_null",
    "between: {min: z}",
    "columns:",
    "suite:",
    "checks:",
];

/// A changed text in its place, and the data that it speaks of.
pub struct Made {
    pub path: PathBuf,
    data: Option<DataFrame>,
}

/// A case below a folder.
pub fn make(input: Input, folder: &Path, random: &mut Random) -> Made {
    let (path, text, data) = match input {
        Input::Project => (folder.join("karat.yml"), PROJECT, None),
        Input::Definition => (folder.join("expectations/own.yml"), random.of(&DEFINITIONS).as_str(), None),
        _ => {
            let seed = random.of(&SUITES);
            (folder.join(seed.name), seed.text.as_str(), Some(seed.data.clone()))
        }
    };
    let mut bytes = text.as_bytes().to_vec();
    mutate_text(&mut bytes, random, &TOKENS);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    Made { path, data }
}

/// Reads a text as what it is; a suite that reads is run.
pub fn try_out(input: Input, made: Made) {
    let folder = made.path.parent().unwrap();
    match (input, made.data) {
        (Input::Project, _) => are_words(Project::open(folder.to_path_buf(), &Selection::default())),
        (Input::Suite, Some(data)) => match Suite::open(&made.path) {
            Err(error) => are_words::<()>(Err(vec![error])),
            Ok(suite) => run(suite, data),
        },
        _ => are_words(Catalogue::open(folder)),
    }
}

fn are_words<T>(read: Result<T, Vec<SuiteError>>) {
    for error in read.err().into_iter().flatten() {
        assert!(!error.to_string().is_empty());
    }
}

/// Runs a suite. Nothing that it names is opened: other datasets are the same rows.
fn run(suite: Suite, data: DataFrame) {
    let others = data.clone();
    let options = CheckOptions {
        now: "2026-01-01T00:00:00Z".parse().ok(),
        datasets: Arc::new(move |_| DataSource::from(others.clone())),
        ..CheckOptions::default()
    };
    look_at(&check(&suite, data, &options));
}
