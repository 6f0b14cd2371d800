//! Names, values and literals that mean something in SQL, or that systems take for others, over a database and over Polars.

use karat::data::{ColumnPath, DataType, Decimal, Field, Value};
use karat::predicate::Expression;

use super::database::Database;
use super::random::{Case, Written, judged, stored};
use super::written::System;
use crate::oracle::columns::scalar;
use crate::oracle::rows::quoted;

/// Texts that are values, literals and names.
const TEXTS: [&str; 46] = [
    "",
    " ",
    "'",
    "''",
    "\"",
    "`",
    "``",
    "\\",
    "\\'",
    "\\\\",
    "$$",
    "$a$",
    "$1",
    "?",
    ":a",
    "@a",
    "%",
    "%s",
    "_",
    "{0}",
    "--",
    "-- x",
    "/*",
    "*/",
    "/* x */ 1",
    ";",
    "'; DROP TABLE t; --",
    "E'\\n'",
    "U&'\\0041'",
    "x'41'",
    "null",
    "NULL",
    "true",
    "NaN",
    "-Infinity",
    "0",
    "-0",
    "1e3",
    "a\nb",
    "a\r\nb",
    "\t",
    "é",
    "e\u{301}",
    "\u{202e}abc\u{2066}",
    "\u{feff}",
    "\u{10ffff}",
];

/// Names of columns of texts, of floats and of integers.
const NAMES: [&str; 5] = ["\u{e9}", "e\u{301}", "a\"b", "$$ -- /* '", "e\u{301} \n\u{202e}x"];
const FLOATS: [&str; 2] = ["\\'; --", "é` ?"];
const INTEGERS: [&str; 2] = ["SELECT *", "karat 0"];

const DOUBLES: [f64; 14] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    f64::MIN_POSITIVE / 4.0,
    f64::MAX,
    f64::MIN,
    0.1,
    0.5,
    9_007_199_254_740_992.0,
    9_007_199_254_740_994.0,
    9.223_372_036_854_776e18,
    -1.5,
];

const WHOLE: [i64; 10] = [
    i64::MIN,
    i64::MIN + 1,
    -9_007_199_254_740_993,
    -1,
    0,
    1,
    9_007_199_254_740_992,
    9_007_199_254_740_993,
    i64::MAX - 1,
    i64::MAX,
];

/// Judges many checks on a table of such names and values, and compares.
pub fn hostile_suites(database: &dyn Database) {
    let checks = checks(database.system());
    let cases = checks.chunks(CHECKS).map(|checks| Case {
        judged: stored(fields(), rows(0, database.system()), database),
        others: stored(fields(), rows(3, database.system()), database),
        checks: checks.to_vec(),
    });
    judged(database, &cases.collect::<Vec<_>>());
}

/// How many checks a suite has.
const CHECKS: usize = 200;

fn fields() -> Vec<Field> {
    let texts = NAMES.map(|name| Field::new(name, DataType::String));
    let floats = FLOATS.map(|name| Field::new(name, DataType::FLOAT64));
    let integers = INTEGERS.map(|name| Field::new(name, DataType::INT64));
    let decimal = Field::new("d\u{0130}", DataType::Decimal { precision: 38, scale: 10 });
    texts.into_iter().chain(floats).chain(integers).chain([decimal]).collect()
}

fn rows(from: usize, system: System) -> Vec<Vec<Value>> {
    let texts = texts(system);
    let text = |index: usize| match texts.get(index % (texts.len() + 1)) {
        Some(text) => Value::String(text.clone()),
        None => Value::Null,
    };
    let float = |index: usize| {
        DOUBLES.get(index % (DOUBLES.len() + 1)).map_or(Value::Null, |number| Value::float(*number))
    };
    let whole = |index: usize| {
        WHOLE.get(index % (WHOLE.len() + 1)).map_or(Value::Null, |number| Value::Integer((*number).into()))
    };
    let decimal = |index: usize| {
        let most = 10_i128.pow(38) - 1;
        let all = [most, -most, 0, 1, -1, 5_000_000_000, 90_071_992_547_409_930_000_000_000];
        all.get(index % (all.len() + 1))
            .map_or(Value::Null, |unscaled| Value::Decimal(Decimal { unscaled: *unscaled, scale: 10 }))
    };
    let row = |index: usize| {
        let texts = [1, 2, 5, 7, 11].map(|step| text(step * index + from * (step % 2)));
        let numbers = [float(index), float(3 * index + from), whole(index), whole(7 * index), decimal(index)];
        texts.into_iter().chain(numbers).collect()
    };
    (from..from + 70).map(row).collect()
}

/// The texts, with those that only some systems can hold.
fn texts(system: System) -> Vec<String> {
    let more: &[&str] = match system {
        System::DuckDb => &["\0", "a\0b", "'\0'"],
        System::Postgres => &[],
    };
    TEXTS.iter().chain(more).map(|text| (*text).to_owned()).collect()
}

/// A column as it stands in the key of a suite, and in a predicate.
fn named(name: &str) -> (String, String) {
    let path = ColumnPath::column(name);
    (quoted(&path.to_string()), Expression::column(&path).to_string())
}

fn checks(system: System) -> Vec<Written> {
    let mut checks: Vec<Written> = Vec::new();
    for name in NAMES {
        let (key, path) = named(name);
        for text in texts(system) {
            let (value, literal) = (quoted(&text), format!("'{}'", text.replace('\'', "''")));
            let regex = quoted(&regex::escape(&text));
            let on_column = [
                format!("in_set: [{value}]"),
                format!("not_in_set: [{value}, \"'\"]"),
                format!("between: {{min: {value}}}"),
                format!("matches: {regex}"),
                format!("not_matches: {regex}"),
                format!("not_null:, where: {}", quoted(&format!("{path} <> {literal}"))),
                format!("distinct_values: {{in: [{value}, a]}}"),
                format!("most_common: {{values: [{value}]}}"),
            ];
            checks.extend(on_column.map(|check| (Some(key.clone()), check)));
            let on_rows = [
                format!("{path} = {literal}"),
                format!("{path} >= {literal}"),
                format!("contains({path}, {literal})"),
                format!("starts_with({path}, {literal})"),
                format!("ends_with({path}, {literal})"),
                format!("replace({path}, {literal}, 'x') = {path}"),
                format!("{path} LIKE {literal}"),
                format!("concat({path}, {literal}) > {literal}"),
                format!("coalesce({path}, {literal}) IN ({literal}, 'é')"),
                format!("length({path}) <= length({literal})"),
                format!("substring({path}, 1, 1) = {literal}"),
                format!("trim({path}) <> {literal}"),
                format!("CASE WHEN {path} = {literal} THEN FALSE ELSE {path} < {literal} END"),
            ];
            checks.extend(on_rows.map(|predicate| (None, format!("rows: {}", quoted(&predicate)))));
        }
    }
    for (names, values) in [
        (FLOATS, DOUBLES.map(Value::float).to_vec()),
        (INTEGERS, WHOLE.map(|number| Value::Integer(number.into())).to_vec()),
    ] {
        for name in names {
            let (key, path) = named(name);
            for value in &values {
                let value = scalar(value);
                let on_column = [
                    format!("in_set: [{value}]"),
                    format!("not_in_set: [{value}]"),
                    format!("between: {{min: {value}}}"),
                    format!("between: {{max: {value}, strict_max: true}}"),
                    format!("max: {{max: {value}}}"),
                    format!("distinct_values: {{in: [{value}]}}"),
                ];
                checks.extend(on_column.map(|check| (Some(key.clone()), check)));
            }
            for (_, other) in [FLOATS, INTEGERS].as_flattened().iter().map(|name| named(name)) {
                for sign in ["=", "<>", "<", "<=", ">", ">="] {
                    checks.push((None, format!("rows: {}", quoted(&format!("{path} {sign} {other}")))));
                }
            }
        }
    }
    let every: Vec<&str> = NAMES.into_iter().chain(FLOATS).chain(INTEGERS).collect();
    for name in &every {
        let (key, _) = named(name);
        let on_column = [
            "unique:",
            "not_null:",
            "distinct_count: {min: 1}",
            "min: {min: 0}",
            "max: {max: 0}",
            "entropy: {min: 0}",
            "uniqueness: {min: 0}",
        ];
        checks.extend(on_column.map(|check| (Some(key.clone()), check.to_owned())));
        for other in &every {
            let (other, _) = named(other);
            if key != other {
                checks.push((None, format!("unique: {{columns: [{key}, {other}]}}")));
            }
            checks.push((None, format!("exists_in: {{data: others, columns: {{{key}: {other}}}}}")));
            checks.push((None, format!("pair: {{left: {key}, is: \"<=\", right: {other}}}")));
            checks.push((Some(key.clone()), format!("distinct_count: {{min: 1}}, group_by: [{other}]")));
            checks.push((None, format!("same_rows_as: {{data: others, key: {key}, columns: {other}}}")));
        }
    }
    checks
}
