//! What is no row: an error with its line, or counted.

use karat::data::Value;

use super::{Text, reason, verdicts};
use crate::support::outcome;

#[test]
fn a_malformed_row_is_an_error_with_its_line() {
    for (bytes, wanted) in [
        (&b"a,b\n1,2\n3\n"[..], "line 3: it has 1 field where there are 2 columns"),
        (b"a,b\n1,2,3\n", "line 2: it has 3 fields where there are 2 columns"),
        (b"a\n1,2\n", "line 2: it has 2 fields where there is 1 column"),
        (b"a,b\n1,\"2\n3,4\n", "line 2: a quote that is never closed"),
        (b"a,b\n1,\"2\"x\n3,4\n", "line 2: text behind a closing quote"),
        (b"a,b\n\"x\ny\",2\n3\n", "line 4: it has 1 field where there are 2 columns"),
        (b"a,b\n1,\xff\n", "line 2: its text is not UTF-8"),
        (b"a,b\n1,\0\n", "line 2: a NUL byte, which is no text"),
        (b"a,b\n1,2\r3,4\n", "line 2: a carriage return without a line feed"),
        (b"a,b\r1,2\r3,4\r", "line 1: a carriage return without a line feed"),
        (b"\xff\xfea\0,\0b\0\n\0", "line 1: its text is not UTF-8"),
        (b"a,\"b\n1,2\n", "line 1: a quote that is never closed"),
        (b"a,b,a\n1,2,3\n", "line 1: two columns are called \"a\""),
    ] {
        let text = Text::new("a.csv", bytes);
        assert_eq!(text.refusal(), format!("cannot read a.csv: {wanted}"));
        let run = text.run("{suite: s, table: [{row_count: {min: 0}}]}");
        assert!(reason(&run).contains(wanted), "{}", reason(&run));
        assert!(run.suites[0].snapshot.is_none());
    }
    assert_eq!(
        Text::new("a.csv", "").refusal(),
        "cannot read a.csv: it is empty: there is no row to tell its columns from"
    );
    assert!(Text::new("a.csv", "\n\n").refusal().contains("it is empty"));
}

#[test]
fn malformed_rows_are_counted_where_the_suite_asks() {
    let text = Text::new(
        "a.csv",
        b"id,a\n0,x\n1,\"never closed\n2,y\n3\n4,\xff\n5,\"z\"w\n6,\"two\nlines\"\n7,\n\n".as_slice(),
    );
    let suite = "{suite: s, key: id, pii: [a], columns: {id: [{in_set: [0, 2, 6, 7]}], a: [not_null]},
        table: [readable, {readable: , id: some, warn_if: '> 0', fail_if: '>= 50 %'}, {row_count: 4}]}";
    let run = text.run(suite);
    assert_eq!(
        verdicts(&run),
        ["id.in_set pass 0/4", "a.not_null fail 1/4", "readable fail 4/8", "some fail 4/8", "row_count pass",]
    );
    let rows: Vec<String> = outcome(&run, "readable")
        .samples
        .rows
        .iter()
        .map(|row| {
            let values: Vec<String> = row.values.iter().map(|(_, value)| value.to_string()).collect();
            let (file, line) = (row.file.as_deref().unwrap(), row.line.unwrap());
            format!("{file} {} {line} {}", row.row.unwrap(), values.join(" "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "a.csv 1 3 text behind a closing quote",
            "a.csv 3 5 it has 1 field where there are 2 columns",
            "a.csv 4 6 its text is not UTF-8",
            "a.csv 5 7 text behind a closing quote",
        ]
    );
    // Rows keep the numbers that they have in the file.
    let missing = &outcome(&run, "a.not_null").samples.rows[0];
    assert_eq!((missing.row, &missing.key[0].1), (Some(7), &Value::Integer(7)));
}

#[test]
fn a_value_that_is_not_of_the_given_type_is_malformed() {
    let text = Text::new("a.csv", "id,amount\n1,10\n2,free\n3,\n4,\"\"\n");
    let given = "schema: {amount: float64}";
    let run = text.run(&format!("{{suite: s, {given}, columns: {{amount: [not_null]}}}}"));
    assert!(reason(&run).ends_with("a.csv: line 3: its value of column \"amount\" is no float64"));
    let run = text.run(&format!("{{suite: s, {given}, columns: {{amount: [not_null]}}, table: [readable]}}"));
    assert_eq!(verdicts(&run), ["amount.not_null fail 1/2", "readable fail 2/4"]);
    let run = text.run("{suite: s, schema: {amuont: float64}, columns: {id: [not_null]}}");
    assert!(reason(&run).ends_with("there is no column \"amuont\", for which the suite's schema has a type"));
}

#[test]
fn what_has_no_malformed_rows_is_readable() {
    let frame = polars::prelude::df!("a" => [1, 2]).unwrap();
    let suite = karat::Suite::from_yaml("{suite: s, table: [readable]}").unwrap();
    let run = karat::check(&suite, frame, &karat::CheckOptions::default());
    assert_eq!(verdicts(&run), ["readable pass 0/2"]);
    assert_eq!(outcome(&run, "readable").reason.as_deref(), Some("data of its format has no malformed rows"));
}

#[test]
fn only_a_check_that_is_asked_for_leaves_malformed_rows_out() {
    let text = Text::new("a.csv", "a,b\n1,2\n3\n");
    let suite = karat::Suite::from_yaml("{suite: s, columns: {a: [not_null]}, table: [readable]}").unwrap();
    let options = karat::CheckOptions { select: vec!["a".to_owned()], ..karat::CheckOptions::default() };
    let run = karat::check(&suite, text.uri(), &options);
    assert_eq!(verdicts(&run), ["a.not_null error", "readable skip"]);
}

#[test]
fn hostile_csv() {
    let many = |part: &str, times: usize| part.repeat(times);
    let huge = Text::new("a.csv", format!("a,b\n1,{}\n", many("x", 1 << 20)));
    assert_eq!(
        verdicts(&huge.run("{suite: s, columns: {b: [{length_equal: 1048576}]}}")),
        ["b.length_equal pass 0/1"]
    );
    let too_long = Text::new("a.csv", format!("a,b\n1,{}\n2,y\n", many("x", (16 << 20) + 1)));
    let run = too_long.run("{suite: s, columns: {b: [{in_set: [y]}]}, table: [readable]}");
    assert_eq!(verdicts(&run), ["b.in_set pass 0/1", "readable fail 1/2"]);
    let wide = Text::new("a.csv", (0..100_000).map(|n| format!("c{n},")).collect::<String>() + "last\n");
    assert_eq!(wide.refusal(), "cannot read a.csv: it has more than the 16384 columns that are read");
    let wide_row = Text::new("a.csv", format!("a,b\n{}\n", many(",", 100_000)));
    assert_eq!(
        wide_row.refusal(),
        "cannot read a.csv: line 2: it has 100001 fields where there are 2 columns"
    );
    // Every line begins what would take the rest of the file with it.
    let quotes = Text::new("a.csv", format!("a,b\n{}", many("\"x,1\n", 20_000)));
    let run = quotes.run("{suite: s, table: [readable, {row_count: 0}]}");
    assert_eq!(verdicts(&run), ["readable fail 20000/20000", "row_count pass"]);
    let rows = Text::new("a.csv", "a,b\n");
    assert_eq!(rows.schema(), "a null, b null");
    let run = rows.run("{suite: s, columns: {a: [not_null]}, table: [readable, {row_count: 0}]}");
    assert!(run.passed());
    assert!(outcome(&run, "readable").vacuous);
}
