//! Every expectation that takes values × columns of every type × literals of every kind: a verdict by all
//! digits, or an error of the suite, and never a pass that nobody meant.

use std::cmp::Ordering;

use karat::evaluate::Verdict;
use karat::{CheckOptions, Suite, check};
use polars::prelude::DataFrame;

use super::cells::{Cell, Kind, Type, double, number, types};
use super::{is_equal, told};

/// A literal as a suite writes it, and what it is.
struct Written {
    yaml: String,
    is: Is,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Is {
    Number,
    Boolean,
    /// A date, or a date with a time of day, and whether it has an offset from UTC.
    Moment(bool),
    Word,
    Quoted,
}

fn literals() -> Vec<Written> {
    let most = "9".repeat(38);
    let plain = [
        ("1", Is::Number),
        ("0.1", Is::Number),
        ("1.505", Is::Number),
        ("-129", Is::Number),
        ("16777217", Is::Number),
        ("9007199254740993", Is::Number),
        ("99999999999999999999", Is::Number),
        ("-1e45", Is::Number),
        ("1e300", Is::Number),
        (".inf", Is::Number),
        ("-.inf", Is::Number),
        ("true", Is::Boolean),
        ("2020-01-01", Is::Moment(false)),
        ("0001-01-01", Is::Moment(false)),
        ("9999-12-31T23:59:59", Is::Moment(false)),
        ("1970-01-02T00:00:00.000001", Is::Moment(false)),
        ("2020-01-01T00:00:00Z", Is::Moment(true)),
        ("abc", Is::Word),
    ];
    let quoted = ["1", "2020-01-01", "2020-01-01T00:00:00Z", "true", "é"];
    let plain = plain.iter().map(|(text, is)| Written { yaml: (*text).to_owned(), is: *is });
    let long =
        ["", "0.", "-"].map(|before| Written { yaml: format!("{before}{most}{most}"), is: Is::Number });
    let quoted = quoted.iter().map(|text| Written { yaml: format!("'{text}'"), is: Is::Quoted });
    plain.chain(long).chain(quoted).collect()
}

impl Written {
    fn text(&self) -> &str {
        self.yaml.trim_matches('\'')
    }

    /// The value that it is beside a type; none if it is of another kind.
    fn beside(&self, of: &Type) -> Option<Cell> {
        let text = self.text();
        match (of.kind, self.is) {
            (Kind::Number, Is::Number) => Some(self.number(of)),
            // Decimals may stand in quotes.
            (Kind::Number, Is::Quoted) if of.is_decimal() && text == "1" => Some(number(text)),
            (Kind::Text, Is::Word | Is::Quoted | Is::Number) => Some(Cell::Text(text.to_owned())),
            (Kind::Boolean, Is::Boolean) => Some(Cell::Boolean(true)),
            (Kind::WallClock, Is::Moment(false)) if of.name != "date" || text.len() == 10 => {
                Some(moment(text))
            }
            (Kind::Instant, Is::Moment(_)) => Some(moment(text)),
            (Kind::WallClock | Kind::Instant, Is::Quoted) if text == "2020-01-01" => Some(moment(text)),
            (Kind::Instant, Is::Quoted) if text.ends_with('Z') => Some(moment(text)),
            _ => None,
        }
    }

    /// The number; beside a float, the nearest float.
    fn number(&self, of: &Type) -> Cell {
        let text = self.text();
        let nearest = || {
            let float: f64 = text.replace(".inf", "inf").parse().unwrap();
            if of.name == "f32" && float.abs() < f64::from(f32::MAX) {
                f64::from(float as f32)
            } else {
                float
            }
        };
        let zeros = |mantissa: &str, count: usize| number(&format!("{mantissa}{}", "0".repeat(count)));
        match text {
            "-1e45" if !of.name.starts_with('f') => zeros("-1", 45),
            "1e300" if !of.name.starts_with('f') => zeros("1", 300),
            // Beyond every number of the type.
            ".inf" if !of.name.starts_with('f') => zeros("1", 400),
            "-.inf" if !of.name.starts_with('f') => zeros("-1", 400),
            _ if of.name.starts_with('f') => double(nearest()),
            _ => number(text),
        }
    }
}

fn moment(text: &str) -> Cell {
    let text = text.trim_end_matches('Z');
    let text = if text.len() == 10 { format!("{text}T00:00:00") } else { text.to_owned() };
    let time = text.parse::<chrono::NaiveDateTime>().unwrap().and_utc();
    let seconds = i128::from(time.timestamp()) * 1_000_000_000;
    Cell::Nanoseconds(seconds + i128::from(time.timestamp_subsec_nanos()))
}

/// The checks: how they are written, and whether they need an order.
const CHECKS: [(&str, bool); 12] = [
    ("between: {min: L}", true),
    ("between: {max: L}", true),
    ("between: {min: L, strict_min: true}", true),
    ("in_set: [L]", false),
    ("not_in_set: [L]", false),
    ("min: {min: L}", true),
    ("max: {max: L}", true),
    ("distinct_values: {in: [L]}", false),
    ("distinct_values: {contain: [L]}", false),
    ("most_common: {values: [L], ties_okay: true}", false),
    ("pair_in_set: {left: c, right: c, values: [[L, L]]}", false),
    ("chi_square: {partition: {values: [L], weights: [1]}}", false),
];

/// What a check comes to: failing rows, or whether it holds.
#[derive(Debug, PartialEq)]
enum Comes {
    Error,
    FailureRule(u64),
    Met(bool),
}

fn expected(place: usize, of: &Type, literal: &Written) -> Comes {
    let Some(value) = literal.beside(of) else { return Comes::Error };
    if CHECKS[place].1 && !of.kind.is_ordered() {
        return Comes::Error;
    }
    // A number is the text of its digits only where other texts then fail.
    let numeral = of.kind == Kind::Text && literal.is == Is::Number;
    if numeral && (CHECKS[place].1 || CHECKS[place].0.starts_with("not_in_set")) {
        return Comes::Error;
    }
    let values: Vec<&Cell> = of.cells.iter().filter(|cell| **cell != Cell::Null).collect();
    let count = |fails: &dyn Fn(&Cell) -> bool| {
        Comes::FailureRule(values.iter().filter(|cell| fails(cell)).count() as u64)
    };
    let order = |cell: &Cell| cell.compare(&value).unwrap();
    let least = values
        .iter()
        .copied()
        .reduce(|one, other| if one.compare(other).unwrap().is_gt() { other } else { one });
    let most = values
        .iter()
        .copied()
        .reduce(|one, other| if one.compare(other).unwrap().is_lt() { other } else { one });
    let found = values.iter().any(|cell| is_equal(cell, &value));
    match place {
        0 => count(&|cell| order(cell).is_lt()),
        1 => count(&|cell| order(cell).is_gt()),
        2 => count(&|cell| order(cell).is_le()),
        3 | 10 => count(&|cell| !is_equal(cell, &value)),
        4 => count(&|cell| is_equal(cell, &value)),
        5 => Comes::Met(least.is_some_and(|least| order(least).is_ge() && *least != Cell::NotANumber)),
        6 => Comes::Met(most.is_some_and(|most| order(most).is_le() && *most != Cell::NotANumber)),
        // All values are equally common.
        8 | 9 => Comes::Met(found),
        // What is not listed is not allowed, and by chi_square not expected at all.
        _ => Comes::Met(values.iter().all(|cell| is_equal(cell, &value))),
    }
}

#[test]
fn literals_of_every_kind_beside_columns_of_every_type() {
    const TYPES: [&str; 17] = [
        "i8",
        "i64",
        "u64",
        "f32",
        "f64",
        "d10_2",
        "d38_0",
        "d38_38",
        "text",
        "bool",
        "bytes",
        "date",
        "time",
        "wall_milliseconds",
        "wall_nanoseconds",
        "instant_microseconds",
        "span_milliseconds",
    ];
    let (mut decided, mut refused) = (0, 0);
    for of in types().iter().filter(|of| TYPES.contains(&of.name.as_str())) {
        let frame = DataFrame::new(of.cells.len(), vec![of.series("c", 0..of.cells.len()).into()]).unwrap();
        for literals in literals().chunks(4) {
            let (mut columns, mut table) = (String::new(), String::new());
            for (index, literal) in literals.iter().enumerate() {
                for (place, (check, _)) in CHECKS.iter().enumerate() {
                    let check = check.replace('L', &literal.yaml);
                    let line = format!("- {check}\n      id: c{index} {place}\n");
                    if check.starts_with("pair") { &mut table } else { &mut columns }
                        .push_str(&format!("    {line}"));
                }
            }
            let suite = format!("suite: s\ncolumns:\n  c:\n{columns}table:\n{table}");
            let suite = Suite::from_yaml(&suite).unwrap_or_else(|error| panic!("{error}"));
            let run = check(&suite, frame.clone(), &CheckOptions { samples: 0, ..CheckOptions::default() });
            let run = &run.suites[0];
            for (index, literal) in literals.iter().enumerate() {
                for (place, (written, _)) in CHECKS.iter().enumerate() {
                    let id = format!("c{index} {place}");
                    let outcome = run.outcome(&id).unwrap();
                    let comes = match outcome.verdict {
                        Verdict::Error => Comes::Error,
                        verdict => match told(outcome) {
                            Some((_, failing)) => Comes::FailureRule(failing),
                            None => Comes::Met(verdict == Verdict::Pass),
                        },
                    };
                    let wanted = expected(place, of, literal);
                    let what = format!("{} {written}, L = {}: {:?}", of.name, literal.yaml, outcome.reason);
                    assert_eq!(comes, wanted, "{what}");
                    if wanted == Comes::Error {
                        refused += 1;
                        assert!(outcome.reason.is_some(), "{what}");
                    } else {
                        decided += 1;
                    }
                }
            }
        }
    }
    eprintln!("{decided} decided, {refused} refused");
    assert!(decided > 1_000 && refused > 1_000, "{decided} {refused}");
}

/// A year that no timestamp of nanoseconds or microseconds reaches, nor the calendar that reads it.
#[test]
fn years_beyond_a_type_are_decided() {
    const DAY: i128 = 86_400_000_000_000;
    for (date, days) in [("300000-01-01", 108_853_222_i128), ("-300000-01-01", -110_292_278)] {
        let at = Cell::Nanoseconds(days * DAY);
        for of in types().iter().filter(|of| matches!(of.kind, Kind::WallClock | Kind::Instant)) {
            let suite = format!(
                "suite: s\ncolumns:\n  c:\n    - between: {{max: '{date}'}}\n    - not_in_set: ['{date}']\n    \
                 - in_set: ['{date}']\n    - max: {{max: '{date}'}}\n    - min: {{min: '{date}'}}\ntable:\n  \
                 - {{rows: \"c <= DATE '{date}'\", id: d}}\n  - {{rows: \"c <= TIMESTAMP '{date} 00:00:00'\", id: t}}\n"
            );
            let count = of.cells.len();
            let frame = DataFrame::new(count, vec![of.series("c", 0..count).into()]).unwrap();
            let run = check(&Suite::from_yaml(&suite).unwrap(), frame, &CheckOptions::default());
            let present: Vec<_> = of.cells.iter().filter(|cell| **cell != Cell::Null).collect();
            let above =
                present.iter().filter(|cell| cell.compare(&at).is_some_and(Ordering::is_gt)).count() as u64;
            let below =
                present.iter().filter(|cell| cell.compare(&at).is_some_and(Ordering::is_lt)).count() as u64;
            let nulls = (count - present.len()) as u64;
            let failing = |id: &str| {
                let outcome = run.suites[0].outcome(id).unwrap();
                outcome.counts.map(|counts| counts.failing).ok_or((of.name.clone(), outcome.reason.clone()))
            };
            let told = (
                failing("c.between"),
                failing("c.not_in_set"),
                failing("c.in_set"),
                failing("d"),
                failing("t"),
            );
            let all = present.len() as u64;
            assert_eq!(
                told,
                (Ok(above), Ok(0), Ok(all), Ok(above + nulls), Ok(above + nulls)),
                "{} {date}",
                of.name
            );
            let verdict = |id: &str| run.suites[0].outcome(id).unwrap().verdict;
            let met = |fails: u64| if fails == 0 { Verdict::Pass } else { Verdict::Fail };
            assert_eq!((verdict("c.max"), verdict("c.min")), (met(above), met(below)), "{} {date}", of.name);
        }
    }
}
