//! Filling in never changes what an argument is, and a use of a definition is the checks it stands for.

use karat::document::Syntax;
use karat::suite::Catalogue;
use karat::{CheckOptions, Run, Suite, check};
use polars::prelude::{DataFrame, df};
use proptest::prelude::*;

use crate::oracle::rows::config;

const EQUALS: &str = "
expectation: equals
on: column
summary: every value is this one
parameters:
  it: {takes: text, meaning: the value}
bare: it
checks:
  - rows: ($column = $it) and length($column) = length($it)
";

/// Uses another one, so that it is filled in twice.
const IS: &str = "
expectation: is
on: column
summary: every value is this one
parameters:
  it: {takes: text, meaning: the value}
  others: {takes: values, meaning: other values}
checks:
  - equals: $it
    where: $column in ($others) or $column in ($others, $it)
  - in_set: [$it]
";

fn run(catalogue: &Catalogue, suite: &serde_json::Value, frame: DataFrame) -> Run {
    let suite = Suite::parse_with(&suite.to_string(), "suite.json", Syntax::Json, catalogue);
    check(&suite.unwrap_or_else(|error| panic!("{error}")), frame, &CheckOptions::default())
}

fn catalogue(definitions: &[&str]) -> Catalogue {
    let named =
        definitions.iter().enumerate().map(|(index, text)| (format!("{index}.yml"), (*text).to_owned()));
    Catalogue::of(named).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "'", "`", "\"", "\\", "$it", "$$", "{it}", "--", "/*", "*/", ";", "%", "_", "''", " or 1=1", "é",
        "\n", "x", "1",
    ];
    let piece =
        prop_oneof![3 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC"];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(64))]

    #[test]
    fn a_text_stays_that_text(column in texts(), text in texts(), other in texts()) {
        // `$${` stands for `${` in a suite.
        let is_plain = [&text, &other].iter().all(|text| !text.contains("${"));
        prop_assume!(!column.trim().is_empty() && text != other && is_plain);
        let catalogue = catalogue(&[EQUALS, IS]);
        let quoted = format!("`{}`", column.replace('`', "``"));
        let suite = serde_json::json!({
            "suite": "s",
            "columns": { quoted: [{ "equals": text }, { "is": { "it": text, "others": [other] } }] },
        });
        let frame = df![column.as_str() => [text.as_str(), text.as_str(), other.as_str()]].unwrap();
        let run = run(&catalogue, &suite, frame);
        let failing: Vec<_> = run.suites[0].outcomes.iter().map(|outcome| outcome.counts.map(|counts| (counts.failing, counts.considered))).collect();
        prop_assert_eq!(failing, vec![Some((1, 3)); 3], "{:?}", run.suites[0].outcomes);
    }
}

const ORDER: &str = "
expectation: order
on: column
summary: an order is whole
parameters:
  least: {takes: number, default: 0, meaning: the least amount}
checks:
  - between: {min: $least}
    where: a > 0
    mostly: 0.5
    tags: [own]
  - {is: {it: x, others: [y]}, where: b > 0, id: known}
  - {type: int64}
";

#[test]
fn a_use_is_the_checks_it_stands_for() {
    let catalogue = catalogue(&[EQUALS, IS, ORDER]);
    let suite = "
suite: s
columns:
  c:
    - order
    - {order: {least: 5}, id: other, where: c > 0 or d, fail_if: '> 3', severity: warning, tags: [a]}
    - {equals: x, where: b > 0}
";
    let suite = Suite::parse_with(suite, "suite.yml", Syntax::Yaml, &catalogue).unwrap();
    let told: Vec<_> = suite
        .checks
        .iter()
        .map(|check| {
            let condition =
                check.condition().map_or_else(String::new, |condition| format!(" where {condition}"));
            let (limits, severity, tags) = (check.thresholds, check.severity.name(), check.tags.join(" "));
            format!(
                "{}: {} = {}{condition}; {limits}; {severity}; {tags}",
                check.id,
                check.demand(),
                check.arguments
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    c.order.between: order.between = {"min":0} where a > 0; fails above 50 %; critical; own
    c.order.known.equals: order.known.equals = {"predicate":"(c = 'x') and length(c) = length('x')"} where ((c IN ('y')) OR (c IN ('y', 'x'))) AND (b > 0); fails above 0; critical; 
    c.order.known.in_set: order.known.in_set = {"values":["x"]} where b > 0; fails above 0; critical; 
    c.order.type: order.type = {"type":"int64"}; fails above 0; critical; 
    other.between: order.between least: 5 = {"min":5} where (a > 0) AND ((c > 0) OR d); fails above 3; warning; a
    other.known.equals: order.known.equals least: 5 = {"predicate":"(c = 'x') and length(c) = length('x')"} where ((c IN ('y')) OR (c IN ('y', 'x'))) AND (b > 0) AND ((c > 0) OR d); fails above 3; warning; a
    other.known.in_set: order.known.in_set least: 5 = {"values":["x"]} where (b > 0) AND ((c > 0) OR d); fails above 3; warning; a
    other.type: order.type least: 5 = {"type":"int64"}; fails above 0; warning; a
    c.equals: equals x = {"predicate":"(c = 'x') and length(c) = length('x')"} where b > 0; fails above 0; critical;
    "#);
    assert_eq!(suite.checks[0].summary, "an order is whole: every value lies within bounds");
    assert_eq!(suite.checks.last().unwrap().summary, "every value is this one");
    assert_eq!(suite.checks[0].given(), &serde_json::json!({}));
    assert_eq!(suite.checks[5].given(), &serde_json::json!({ "least": 5 }));
    // What is demanded is the same as if it were written without the definition, and so is its digest.
    let plain = "suite: s\ncolumns: {c: [{between: {min: 0}, where: a > 0, mostly: 0.5}]}";
    assert_eq!(suite.checks[0].fingerprint(), Suite::from_yaml(plain).unwrap().checks[0].fingerprint());
}

#[test]
fn what_is_filled_in_again_and_again_is_bounded() {
    let definition = |id: &str, takes: &str, check: String| {
        let parameters = format!("parameters: {{it: {{takes: {takes}, meaning: m}}}}");
        format!("expectation: {id}\non: table\nsummary: s\n{parameters}\nbare: it\nchecks: [{check}]\n")
    };
    let refused = |definitions: &[String], suite: &str| {
        let definitions: Vec<&str> = definitions.iter().map(String::as_str).collect();
        let suite = Suite::parse_with(suite, "suite.yml", Syntax::Yaml, &catalogue(&definitions));
        suite.unwrap_err().to_string()
    };
    let list = vec!["$it"; 100].join(", ");
    let lists = [("d", "c"), ("c", "b"), ("b", "a"), ("a", "unique")]
        .map(|(id, inner)| definition(id, "any", format!("{{{inner}: [{list}]}}")));
    assert_eq!(
        refused(&lists, "suite: s\ntable: [d: x]\n"),
        "suite.yml:2:9: stands for more than 500000 nodes"
    );
    let condition = vec!["$it"; 100].join(" or ");
    let sql = [definition("p", "sql", format!("{{rows: \"{condition}\"}}"))];
    let suite = format!("suite: s\ntable: [p: \"a = '{}'\"]\n", "x".repeat(1000));
    assert_eq!(refused(&sql, &suite), "suite.yml:2:9: its SQL would have more than 65536 bytes");
}
