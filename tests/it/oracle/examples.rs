//! The examples of the page of the predicate language, one at a time.

use karat::evaluate::Verdict;
use karat::predicate::parse;
use karat::{CheckOptions, Suite, check};
use polars::df;

use super::rows::quoted;

/// Conditions that are true on a table of one row; where they say so, null.
const TRUE: [&str; 91] = [
    "CASE WHEN n > 5 THEN 'big' WHEN n > 1 THEN 'some' ELSE 'one' END = 'some'",
    "CASE n WHEN 1 THEN 'a' WHEN 3 THEN 'b' END = 'b'",
    "CASE WHEN n > 5 THEN 1 END IS NULL",
    "CASE WHEN none > 5 THEN 1 ELSE 2 END = 2",
    "CASE WHEN n = 3 THEN 1 ELSE 0.5 END = 1.0",
    "if(n = 3, s, 'x') = s",
    "coalesce(none, n, 7) = 3",
    "ifnull(none, 0.25) = 0.25",
    "nullif(n, 3) IS NULL AND nullif(n, 4) = 3 AND nullif(n, none) = 3",
    "greatest(n, 1, none) = 3 AND least(n, 5, none) = 3",
    "greatest(none, NULL, none) IS NULL",
    "greatest(s, 'zebra') = 'zebra'",
    "round(2.5) = 3 AND round(-2.5) = -3 AND round(0.5) = 1",
    "round(2.675, 2) = 2.68 AND round(1.005, 2) = 1.01",
    "round(CAST(2.675 AS double), 2) = 2.68",
    "round(1250, -2) = 1300 AND round(-1250, -2) = -1300 AND round(1249, -2) = 1200",
    "round(12.345, -1) = 10 AND round(15.0, -1) = 20",
    "floor(-0.5) = -1 AND ceil(-0.5) = 0 AND floor(2.9) = 2 AND ceil(2.1) = 3",
    "floor(n) = 3 AND ceiling(CAST(2.5 AS double)) = 3",
    "-7 % 3 = -1 AND mod(7, -3) = 1",
    "2.675 % 0.01 = 0.005 AND -2.675 % 0.01 = -0.005 AND 10 % 0.3 = 0.1 AND 0.05 % 7 = 0.05",
    "2.5 % 0 IS NULL AND 2.5 % 0.00 IS NULL",
    "CAST(n AS int8) < 1000 AND CAST(n AS int8) <> 300 AND CAST(n AS decimal(4, 2)) < 1000.5 AND CAST(n AS int8) > -1e300",
    "CAST(2.55 + 0.45 AS string) = '3.00' AND CAST(-0.05 AS string) = '-0.05' AND CAST(n - 2.5 AS string) = '0.5'",
    "CAST(99999999999999999999 * 99999999999999999999.5 AS string) = '9999999999999999999850000000000000000000.5'",
    "concat(s, '-', s) = 'straße-straße'",
    "s || none_text IS NULL",
    "'a' || s || 'b' = 'astraßeb'",
    "length(s) = 6",
    "substring(s, 5, 1) = 'ß' AND substr(s, -2) = 'ße' AND substring(s FROM 2 FOR 3) = 'tra'",
    "substring('abc', 0, 2) = 'ab' AND substring('abc', -5, 3) = 'a' AND substring('abc', 9) = ''",
    "left(s, 2) = 'st' AND right(s, 2) = 'ße' AND left(s, 0) = '' AND right(s, -1) = ''",
    "replace(s, 'ß', 'ss') = 'strasse' AND replace(s, '', 'x') = s",
    "ltrim('  a ') = 'a ' AND rtrim(' a  ') = ' a' AND trim(LEADING ' a') = 'a' AND trim(BOTH ' a ') = 'a'",
    "s ILIKE 'STRA%'",
    "d + INTERVAL 1 MONTH = '2026-02-28'",
    "d + INTERVAL '1' MONTH = '2026-02-28'",
    "INTERVAL 1 MONTH + d = '2026-02-28'",
    "d - INTERVAL 1 DAY = '2026-01-30'",
    "d + INTERVAL '-2' DAY = '2026-01-29'",
    "d + INTERVAL 1 YEAR + INTERVAL 1 WEEK = '2027-02-07'",
    "d + INTERVAL 1 QUARTER = '2026-04-30'",
    "d + INTERVAL n DAYS = '2026-02-03'",
    "d - INTERVAL n DAY = '2026-01-28'",
    "d + INTERVAL (n + 1) DAY = '2026-02-04'",
    "date_add(d, 1) = '2026-02-01' AND date_sub(d, 1) = '2026-01-30'",
    "date_add(d, INTERVAL 1 MONTH) = '2026-02-28'",
    "date_add(MONTH, 1, d) = '2026-02-28' AND dateadd('month', n, d) = '2026-04-30'",
    "add_months(d, 1) = '2026-02-28'",
    "DATE '2024-02-29' + INTERVAL 1 YEAR = DATE '2025-02-28'",
    "d + INTERVAL 90 MINUTE = TIMESTAMP '2026-01-31 01:30:00'",
    "wall + INTERVAL 1 HOUR = '2026-01-31 13:34:56'",
    "wall + INTERVAL 1 MONTH = '2026-02-28 12:34:56'",
    "d + INTERVAL 999999 YEAR IS NULL",
    "datediff(d, '2026-01-01') = 30 AND datediff('2026-01-01', d) = -30",
    "datediff(wall, d) = 0",
    "timestampdiff(HOUR, d, wall) = 12 AND timestampdiff('minute', wall, d) = -754",
    "timestampdiff(MONTH, '2026-01-31', '2026-02-28') = 0 AND timestampdiff(MONTH, '2026-01-28', '2026-02-28') = 1",
    "timestampdiff(YEAR, DATE '2024-02-29', DATE '2025-02-28') = 0",
    "date_trunc('month', d) = '2026-01-01' AND date_trunc('YEAR', d) = '2026-01-01'",
    "date_trunc('quarter', DATE '2026-05-31') = DATE '2026-04-01'",
    "date_trunc('week', d) = '2026-01-26'",
    "date_trunc('hour', wall) = '2026-01-31 12:00:00'",
    "quarter(d) = 1 AND dayofweek(d) = 7 AND dayofyear(d) = 31",
    "dayofweek(DATE '2026-02-01') = 1",
    "minute(wall) = 34 AND second(wall) = 56 AND hour(wall) = 12",
    "EXTRACT(YEAR FROM d) = 2026 AND EXTRACT(minute FROM wall) = 34",
    "current_date = DATE '2026-11-28' AND current_date() = today()",
    "now() = TIMESTAMP '2026-11-28 23:59:59.5' AND current_timestamp = now()",
    "now() > '2026-11-28 23:59:59' AND d < current_date",
    "d >= current_date - INTERVAL 1 YEAR",
    "wall < CAST(now() AS timestamp_ntz)",
    "CAST(CAST(wall AS timestamp) AS timestamp_ntz) = wall",
    "(none IS NOT DISTINCT FROM none) AND (n IS DISTINCT FROM none) AND n <=> 3 AND none <=> NULL",
    "NOT (n IS DISTINCT FROM 3)",
    "big <> 9007199254740992 AND big > CAST(9007199254740992 AS double)",
    "big = 9007199254740993",
    "d < wall AND wall > d AND d = TIMESTAMP '2026-01-31 00:00:00'",
    "d < TIMESTAMP '2026-01-31 00:00:01' AND d <> TIMESTAMP '2026-01-31 00:00:01'",
    "wall >= DATE '2026-01-31' AND wall < DATE '2026-02-01'",
    "CASE WHEN s = 'x' THEN d ELSE '2020-01-01' END = '2020-01-01'",
    "CASE WHEN s = 'x' THEN TRUE ELSE n > 2 END",
    "coalesce(CASE WHEN n > 9 THEN d END, current_date) = '2026-11-28'",
    "n BETWEEN least(n, 2) AND greatest(n, 5)",
    "round(n / 7, 3) = 0.429",
    "year(d + INTERVAL 1 YEAR) = 2027",
    "abs(round(-1.5)) = 2",
    "upper(left(s, 1)) || substring(s, 2) = 'Straße'",
    "to_date(concat('31.', '01.', '2026'), '%d.%m.%Y') = d",
    "CAST(n AS string) || 'x' = '3x'",
    "date_trunc('day', wall) = CAST(d AS timestamp_ntz)",
];

fn options() -> CheckOptions {
    CheckOptions { now: Some("2026-11-28T23:59:59.5Z".parse().unwrap()), ..CheckOptions::default() }
}

fn suite(predicates: &[&str]) -> Suite {
    let numbered = predicates.iter().enumerate();
    let checks: Vec<_> =
        numbered.map(|(index, text)| format!("{{id: c{index}, rows: {}}}", quoted(text))).collect();
    Suite::from_yaml(&format!("suite: examples\ntable: [{}]", checks.join(", ")))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn frame() -> polars::prelude::DataFrame {
    let time = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap().and_hms_opt(12, 34, 56).unwrap();
    df!(
        "n" => [3_i64],
        "big" => [9_007_199_254_740_993_i64],
        "none" => [None::<i32>],
        "none_text" => [None::<&str>],
        "s" => ["straße"],
        "d" => [time.date()],
        "wall" => [time],
    )
    .unwrap()
}

#[test]
fn each_example_holds() {
    let run = check(&suite(&TRUE), frame(), &options());
    for (text, outcome) in TRUE.iter().zip(&run.suites[0].outcomes) {
        assert_eq!(outcome.verdict, Verdict::Pass, "{text}: {:?}", outcome.reason);
        let canonical = parse(text).unwrap().to_string();
        assert_eq!(parse(&canonical).unwrap().to_string(), canonical, "{text}");
    }
}

/// Repeats the examples on three rows and on none. An expression that is equal on all rows may come as one
/// value.
#[test]
fn each_example_holds_of_many_rows_and_of_none() {
    let three = frame().vstack(&frame()).unwrap().vstack(&frame()).unwrap();
    let verdicts = |frame| check(&suite(&TRUE), frame, &options()).suites.remove(0).outcomes;
    for (text, outcome) in TRUE.iter().zip(verdicts(three)) {
        assert_eq!(
            outcome.counts.map(|counts| (counts.rows, counts.failing)),
            Some((3, 0)),
            "{text}: {:?}",
            outcome.reason
        );
    }
    for (text, outcome) in TRUE.iter().zip(verdicts(frame().head(Some(0)))) {
        assert_eq!(outcome.verdict, Verdict::Pass, "{text}: {:?}", outcome.reason);
    }
}

/// Errors of types are raised before a row is read, and point to their place.
#[test]
fn what_does_not_fit_is_told_at_its_place() {
    let schema = karat::data::Schema {
        fields: [
            ("n", "int64"),
            ("s", "string"),
            ("d", "date"),
            ("at", "timestamp"),
            ("wall", "timestamp_ntz"),
            ("x", "decimal(38,0)"),
        ]
        .into_iter()
        .map(|(name, of)| match karat::data::TypeName::parse(of).unwrap() {
            karat::data::TypeName::Exact(of) => karat::data::Field::new(name, of),
            family => panic!("{family}"),
        })
        .collect(),
    };
    let now = "2026-11-28T00:00:00Z".parse().unwrap();
    for (text, place, words) in [
        ("s >= DATE '2026-01-01'", "'2026-01-01'", "does not fit the type string"),
        ("s = 1", "1", "put it in quotes"),
        ("s NOT IN (false)", "s NOT IN (false)", "does not fit the type string"),
        ("n = '1'", "'1'", "does not fit"),
        ("s = d", "d", "CAST one of a predicate"),
        ("at < wall", "wall", "timestamp_ntz"),
        ("at < d", "d", "CAST the timestamp AS date"),
        ("CASE WHEN n > 1 THEN 1 ELSE 'x' END = 1", "'x'", "string beside integer"),
        ("CASE WHEN n > 1 THEN n ELSE s END = 1", "s END", "beside"),
        ("CASE WHEN n THEN 1 END = 1", "n THEN", "a condition is wanted"),
        ("CASE WHEN n = 1 THEN NULL END IS NULL", "NULL END", "nothing but NULL"),
        ("coalesce(d, 'soon') IS NULL", "'soon'", "dates are written"),
        ("d - DATE '2026-01-01' > 3", "d - ", "datediff"),
        ("at - wall > 3", "at - ", "timestampdiff"),
        ("d + 1 > d", "d + 1", "INTERVAL 1 DAY"),
        ("s + s = 'x'", "s + s", "||"),
        ("d + INTERVAL 1 FORTNIGHT > d", "FORTNIGHT", "unit"),
        ("d + INTERVAL 'a' DAY > d", "'a'", "no number"),
        ("d + INTERVAL 1.5 DAY > d", "1.5", "an integer"),
        ("s + INTERVAL 1 DAY > d", "s + ", "CAST(… AS date)"),
        ("date_trunc('mont', d) = d", "'mont'", "did you mean \"month\"?"),
        ("datediff(n, d) = 1", "n, d", "a date or a timestamp"),
        ("datediff(DAY, d, d) = 1", "datediff", "2 arguments"),
        ("round(n, n) = 1", "n) = 1", "written out"),
        ("substring(n, 1) = 'x'", "n, 1", "CAST(… AS string)"),
        ("concat(s, n) = 'x'", "n) = ", "CAST(… AS string)"),
        ("greatest(n, s) = 1", "s) = ", "beside"),
        ("getdate() > d", "getdate", "current_timestamp()"),
        ("sustring(s, 1) = 'x'", "sustring", "did you mean \"substring\"?"),
        ("regexp_like(s, 'x')", "regexp_like", "RLIKE"),
        ("n IS DISTINCT FROM 1 AND n > 2", "1 AND", "parentheses"),
        ("length(x) = 1", "x)", "it takes a text"),
        ("now(1) > d", "now", "0 arguments"),
    ] {
        let (message, help, span) = match parse(text) {
            Err(error) => (error.message, error.help, error.span),
            Ok(expression) => {
                let error = karat::predicate::check_boolean(&expression, &schema, now).expect_err(text);
                (error.message, error.help, error.span)
            }
        };
        let told = format!("{message}; {}", help.unwrap_or_default());
        assert!(told.contains(words), "{text}: {told}");
        assert!(text[span.start..].starts_with(place), "{text}: {told} at {:?}", &text[span.start..]);
    }
}

#[test]
fn nothing_nests_without_end() {
    let nested =
        |open: &str, close: &str, times: usize| format!("{}n{} = 1", open.repeat(times), close.repeat(times));
    for deep in [
        nested("CASE WHEN n = 1 THEN ", " END", 500),
        nested("CASE ", " WHEN 1 THEN 2 WHEN 2 THEN 1 END", 45),
        nested("(", " BETWEEN 1 AND 2)", 45),
        nested("round(", ")", 500),
        format!("CASE {} END = 1", "WHEN n = 1 THEN 2 ".repeat(3_000)),
        format!("n{} = 'x'", " || 'a'".repeat(1_500)),
        format!("d{} = d", " + INTERVAL 1 DAY".repeat(1_500)),
    ] {
        parse(&deep).unwrap_err();
    }
    parse(&format!("CASE {} END = 1", "WHEN n = 1 THEN 2 ".repeat(150))).unwrap();
}

/// Uses as many branches, and as deep ones, as the parser accepts.
#[test]
fn what_is_read_is_judged() {
    let branches = format!("CASE {} ELSE 0 END = 0", "WHEN n = 1 THEN 2 ".repeat(190));
    let deep = format!("{}n{} = 3", "CASE WHEN n = 1 THEN 0 ELSE ".repeat(24), " END".repeat(24));
    let mut wide = "0".to_owned();
    for _ in 0..7 {
        wide = format!("CASE {} ELSE {wide} END", "WHEN n = 1 THEN 2 ".repeat(20));
    }
    let wide = format!("{wide} = 0");
    let run = check(&suite(&[&branches, &deep, &wide]), frame(), &options());
    for outcome in &run.suites[0].outcomes {
        assert_eq!(outcome.verdict, Verdict::Pass, "{:?}", outcome.reason);
    }
}

#[test]
fn the_clock_changes_no_fingerprint() {
    let text = "suite: clock\ntable: [{rows: d < current_date}, {id: b, row_count: {min: 1}, where: d < now() - INTERVAL 1 DAY}]";
    let text = text.replace("d < now()", "wall < CAST(now() AS timestamp_ntz)");
    let fingerprints = |now: &str| {
        let options = CheckOptions { now: Some(now.parse().unwrap()), ..CheckOptions::default() };
        let run = check(&Suite::from_yaml(&text).unwrap(), frame(), &options);
        let verdicts: Vec<_> = run.suites[0].outcomes.iter().map(|outcome| outcome.verdict).collect();
        let checks = &run.suites[0].suite.checks;
        (checks.iter().map(karat::suite::Check::fingerprint).collect::<Vec<_>>(), verdicts)
    };
    let (before, failed) = fingerprints("2026-01-01T00:00:00Z");
    let (after, passed) = fingerprints("2026-12-01T00:00:00Z");
    assert_eq!(before, after);
    assert_eq!((failed, passed), (vec![Verdict::Fail; 2], vec![Verdict::Pass; 2]));
}
