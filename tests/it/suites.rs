//! What is no suite is refused, in words and at the place that help; what is one fits the schema for editors.
//!
//! The refusals are read from `suites/refused/*.txt`: cases parted by `======`, each a suite, a line
//! `------`, and what is told of it with a marker under the place. Those in `suites/misfits/*.txt` are suites that do
//! not fit a table, with the reason of each check. Those in `suites/definitions/*.txt` are
//! definitions parted by `---`, with a suite behind them where it is to blame. `KARAT_UPDATE=1 cargo test` writes
//! anew what is told; the difference is then to be read.

mod composed;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use karat::Suite;
use karat::document::{Diagnostic, Node, NodeKind, Syntax, parse};
use karat::evaluate::Outcome;
use karat::suite::{Catalogue, Check, SuiteError, editor_schema};
use polars::prelude::{DataType, IntoLazy as _, TimeUnit, df, lit};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn update() -> bool {
    std::env::var_os("KARAT_UPDATE").is_some()
}

/// What is told of a text that is no suite.
fn told(text: &str, syntax: Syntax) -> String {
    let path = if syntax == Syntax::Json { "suite.json" } else { "suite.yml" };
    told_of(&Suite::parse(text, path, syntax).map(|_| ()).expect_err(text))
}

/// The error, and for every place its line with a marker.
fn told_of(error: &SuiteError) -> String {
    let rendered = error.to_string();
    let SuiteError::Invalid { text, diagnostics, .. } = error else { panic!("{error:?}") };
    let mut told = String::new();
    for (line, diagnostic) in rendered.lines().zip(diagnostics) {
        told += line;
        told += &marked(text, diagnostic);
    }
    told
}

/// What is told of definitions, `a.yml` and so on, or else of the suite behind them.
fn told_of_definitions(case: &str) -> String {
    let mut texts: Vec<&str> = case.split("---\n").collect();
    let suite = texts.last().is_some_and(|text| text.starts_with("suite:")).then(|| texts.pop().unwrap());
    let files = ["a.yml", "b.yml", "c.yml"].into_iter().zip(&texts);
    match Catalogue::of(files.map(|(path, text)| (path.to_owned(), (*text).to_owned()))) {
        Err(errors) => errors.iter().map(told_of).collect(),
        Ok(catalogue) => {
            let suite = Suite::parse_with(suite.expect(case), "suite.yml", Syntax::Yaml, &catalogue);
            told_of(&suite.map(|_| ()).expect_err(case))
        }
    }
}

/// The line of a place, and under it a marker as long as the place.
fn marked(text: &str, diagnostic: &Diagnostic) -> String {
    let at = diagnostic.span.position(text);
    let line = text.split('\n').nth(at.line - 1).unwrap_or_default().trim_end_matches('\r');
    let place = &text[diagnostic.span.start..diagnostic.span.end];
    let width = place.split(['\r', '\n']).next().unwrap_or_default().chars().count().max(1);
    let more = if place.trim_end().contains('\n') { "…" } else { "" };
    let mut marked = String::new();
    let before = " ".repeat(at.column - 1);
    write!(marked, "\n    {line}\n    {before}{}{more}\n", "^".repeat(width)).unwrap();
    marked
}

#[test]
fn what_is_wrong_is_told_in_its_place() {
    golden("refused", |path, case| {
        told(case, if path.ends_with("json.txt") { Syntax::Json } else { Syntax::Yaml })
    });
}

/// What is told of a suite that does not fit a table of shipments: of the suite as a whole, or of each check.
fn told_of_misfits(case: &str) -> String {
    let shipments = df![
        "shipment_id" => [1_i64], "carrier" => ["DHL"], "weight" => [0.5], "is_fragile" => [true], "country" => ["DE"],
    ];
    let times = [
        lit("2026-01-31").cast(DataType::Date).alias("ship_date"),
        lit("2026-01-31").cast(DataType::Datetime(TimeUnit::Microseconds, None)).alias("order_ts"),
    ];
    let table = shipments.unwrap().lazy().with_columns(times);
    let run = karat::check(&Suite::from_yaml(case).expect(case), table, &karat::CheckOptions::default());
    let run = &run.suites[0];
    if let Some(error) = &run.error {
        return format!("{error}\n");
    }
    let told = |(check, outcome): (&Check, &Outcome)| {
        let reason = outcome.reason.as_deref().unwrap_or_default();
        let help = outcome.help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
        format!("{}: {}: {reason}{help}\n", check.id, outcome.verdict.name())
    };
    run.suite.checks.iter().zip(&run.outcomes).map(told).collect()
}

#[test]
fn what_does_not_fit_the_table_is_told_of_each_check() {
    golden("misfits", |_, case| told_of_misfits(case));
}

#[test]
fn what_is_wrong_with_definitions_and_their_uses_is_told_in_its_place() {
    golden("definitions", |_, case| told_of_definitions(case));
}

/// Holds the cases of a folder to what is told of them.
fn golden(folder: &str, told: impl Fn(&Path, &str) -> String) {
    let mut wrong = Vec::new();
    for file in fs::read_dir(here("tests/it/suites").join(folder)).unwrap() {
        let path = file.unwrap().path();
        let golden = fs::read_to_string(&path).unwrap();
        let cases = golden.split("======\n").skip(1).map(|case| {
            let case = case.split("------\n").next().unwrap();
            format!("======\n{case}------\n{}", told(&path, case))
        });
        let found: String = cases.collect();
        if update() {
            fs::write(&path, found).unwrap();
        } else if found != golden {
            let lines = found.lines().zip(golden.lines());
            let first = lines.into_iter().find(|(found, golden)| found != golden);
            wrong.push(format!("{}: {first:#?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    assert_eq!(
        told("\u{feff}layr: gold\nsuite: s\ntable: [row_count: 1]\n", Syntax::Yaml),
        "suite.yml:1:1: a suite has no \"layr\" (did you mean \"layer\"?)\n    layr: gold\n    ^^^^\n"
    );
    assert_eq!(
        told("\u{feff}{\"suite\": \"s\", \"layer\": \"glod\"}", Syntax::Json).lines().next(),
        Some(
            r#"suite.json:1:25: expected bronze, silver or gold, found a string "glod" (did you mean "gold"?)"#
        )
    );
}

#[test]
fn lines_may_end_in_carriage_returns() {
    assert_eq!(
        told("suite: s\r\nlayer: gold\r\ntable:\r\n  - row_cuont: 1\r\n", Syntax::Yaml),
        "suite.yml:4:5: no expectation \"row_cuont\" (did you mean \"row_count\"?)\n      \
         - row_cuont: 1\n        ^^^^^^^^^\n"
    );
    let folded = "suite: s\r\ntable:\r\n  - rows: |\r\n      b = 1\r\n      and lenght(c) > 2\r\n";
    assert_eq!(
        told(folded, Syntax::Yaml),
        "suite.yml:5:11: no function \"lenght\" (did you mean \"length\"?)\n          \
         and lenght(c) > 2\n              ^^^^^^^^\n"
    );
    let json = "{\"suite\": \"s\",\r\n \"table\": [{\"row_cuont\": 1}]}";
    assert!(told(json, Syntax::Json).starts_with("suite.json:2:13: no expectation \"row_cuont\""));
}

#[test]
fn a_binary_file_and_a_hostile_one_are_no_suites() {
    for (text, wanted) in [
        ("suite: s\0\n".to_owned(), "suite.yml:1:9: a control character; is this a binary file?"),
        ("a: ".repeat(1 << 22), "suite.yml:1:1: 12582912 bytes are more than the 8388608 that are read"),
        ("[".repeat(100), "suite.yml:1:65: nested more than 64 deep"),
    ] {
        assert_eq!(told(&text, Syntax::Yaml).lines().next(), Some(wanted));
    }
}

#[test]
fn plain_scalars_keep_their_text_and_nothing_is_an_expectation() {
    let text = "suite: s\ncolumns:\n  \"\": [null]\n  '; DROP': [\"null\", {not_in_set: [01, NO, 1e3, ~x]}]\n  ~: [null: ]\n";
    let suite = Suite::from_yaml(text).unwrap();
    let ids: Vec<_> = suite.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids, ["``.null", "; DROP.null", "; DROP.not_in_set", "~.null"]);
    assert_eq!(suite.checks[2].demand(), "not_in_set [01, NO, 1e3, ~x]");
}

#[test]
fn the_schema_for_editors_is_that_of_the_code() {
    for (path, schema) in [
        ("suites/suite.v1.schema.json", editor_schema()),
        ("suites/project.v1.schema.json", karat::project::editor_schema()),
    ] {
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if update() {
            fs::write(here(path), schema).unwrap();
        } else {
            let stored = fs::read_to_string(here(path)).unwrap_or_default();
            assert!(stored == schema, "{path} is stale: KARAT_UPDATE=1 cargo test");
        }
    }
}

#[test]
fn the_schema_for_editors_takes_the_suites_there_are() {
    let validator = jsonschema::validator_for(&editor_schema()).unwrap();
    let mut count = 0;
    for layer in fs::read_dir(here("suites")).unwrap() {
        let layer = layer.unwrap().path();
        if !layer.is_dir() {
            continue;
        }
        for file in fs::read_dir(layer).unwrap() {
            let path = file.unwrap().path();
            let suite = Suite::open(&path).unwrap();
            let json = json(&parse(&suite.text, Syntax::Yaml).unwrap());
            let errors: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn the_schema_for_editors_takes_the_examples_of_the_catalogue() {
    let validator = jsonschema::validator_for(&editor_schema()).unwrap();
    let built_in =
        karat::expectation::all().iter().map(|definition| (definition.id, definition.page.to_owned()));
    let packs = Catalogue::standard().composed().iter().map(|pack| (pack.id.as_str(), pack.page()));
    for (id, page) in built_in.chain(packs) {
        let (_, rest) = page.split_once("```yaml suite\n").unwrap();
        let text = format!("suite: page\n{}", rest.split("```").next().unwrap());
        let json = json(&parse(&text, Syntax::Yaml).unwrap());
        let errors: Vec<_> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{id}: {errors:#?}");
    }
}

#[test]
fn the_schema_for_editors_refuses_what_the_reader_refuses() {
    let validator = jsonschema::validator_for(&editor_schema()).unwrap();
    for text in [
        "table: [row_count: 1]",
        "{suite: s, layr: gold}",
        "{suite: s, table: []}",
        "{suite: s, table: [not_null]}",
        "{suite: s, table: [unique]}",
        "{suite: s, columns: {a: not_null}}",
        "{suite: s, columns: {a: [row_count: 1]}}",
        "{suite: s, columns: {a: [in_set]}}",
        "{suite: s, columns: {a: [unique: [b]]}}",
        "{suite: s, columns: {a: [{in_set: [x], whre: b > 1}]}}",
        "{suite: s, columns: {a: [{not_null: , unique: }]}}",
        "{suite: s, columns: {a: [{mean: {min: 0}, mostly: 0.9}]}}",
        "{suite: s, columns: {a: [{not_null: , fail_if: 5}]}}",
        "{suite: s, columns: {a: [{not_null: , mostly: 2}]}}",
        "{suite: s, columns: {a: [{type: int64, where: b > 1}]}}",
    ] {
        assert!(Suite::from_yaml(text).is_err(), "the reader takes {text}");
        let json = json(&parse(text, Syntax::Yaml).unwrap());
        assert!(!validator.is_valid(&json), "the schema takes {text}");
    }
}

/// A document as an editor sees it: plain scalars are what YAML's core schema says they are.
fn json(node: &Node) -> serde_json::Value {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.is_null() => serde_json::Value::Null,
        NodeKind::Scalar(scalar) if scalar.quoted => scalar.text.as_str().into(),
        NodeKind::Scalar(scalar) => match (scalar.text.as_str(), scalar.text.parse::<serde_json::Number>()) {
            ("true", _) => true.into(),
            ("false", _) => false.into(),
            (_, Ok(number)) => number.into(),
            (text, Err(_)) => text.into(),
        },
        NodeKind::List(items) => items.iter().map(json).collect(),
        NodeKind::Map(entries) => {
            entries.iter().map(|(key, value)| (key.text.clone(), json(value))).collect()
        }
    }
}
