//! What the lines of NDJSON are.

use super::{Text, reason, verdicts};
use crate::support::outcome;

#[test]
fn columns_have_the_type_that_all_their_values_have() {
    let text = Text::new(
        "a.ndjson",
        r#"{"id": 1, "n": 1, "who": {"name": "x", "tags": ["a"]}, "at": "2026-01-31T10:00:00Z", "on": "2026-01-31", "e": {}, "l": []}
{"id": 18446744073709551615, "n": 2.5, "who": {"age": 7}, "extra": true}

{"id": 3, "n": null, "who": null, "list": [{"a": 1}, {"b": [null, "x"]}], "e": {}}
"#,
    );
    assert_eq!(
        text.schema(),
        "id decimal(38,0), n float64, who struct<name:string,tags:list<string>,age:int64>, at timestamp, on date, \
         e string, l list<null>, extra boolean, list list<struct<a:int64,b:list<string>>>"
    );
    let run = text.run(
        "{suite: s, columns: {id: [{in_set: [1, 18446744073709551615, 3]}], n: [{sum: {min: 3.5, max: 3.5}}], who: [not_null],
          who.name: [not_null], who.age: [{in_set: [7]}], extra: [not_null], list: [not_null]}, table: [row_count: 3]}",
    );
    assert_eq!(
        verdicts(&run),
        [
            "id.in_set pass 0/3",
            "n.sum pass",
            "who.not_null fail 1/3",
            "who.name.not_null fail 2/3",
            "who.age.in_set pass 0/1",
            "extra.not_null fail 2/3",
            "list.not_null fail 2/3",
            "row_count pass",
        ]
    );
}

#[test]
fn a_malformed_line_is_an_error_or_counted() {
    for (line, wanted) in [
        (&b"{\"a\": 1"[..], "no JSON: EOF while parsing an object, at column 7"),
        (b"{\"a\": 1e400}", "column \"a\" holds a number that no type holds, or none beside the others"),
        (
            b"{\"a\": 999999999999999999999999999999999999999}",
            "column \"a\" holds a number that no type holds, or none beside the others",
        ),
        (b"{\"a\": \"\\ud800\"}", "no JSON: unexpected end of hex escape, at column 14"),
        (b"{\"a\": 1, \"a\": 2}", "no JSON: an object with one key twice, at column 16"),
        (b"{\"a\": NaN}", "no JSON: expected value, at column 7"),
        (b"{\"a\": \"\xff\"}", "its text is not UTF-8"),
        (b"[1]", "no JSON object"),
        (b"7", "no JSON object"),
        (
            b"{\"a\": \"x\"}",
            "column \"a\" holds a value of another kind than the first one, in line 1 of a.json",
        ),
        (
            b"{\"a\": [1]}",
            "column \"a\" holds a value of another kind than the first one, in line 1 of a.json",
        ),
        (
            b"{\"b\": [1, \"x\"]}",
            "column \"b\" holds a value of another kind than the first one, in line 2 of a.json",
        ),
    ] {
        let text = Text::new("a.json", [b"{\"a\": 0}\n", line, b"\n{\"a\": 5}\n"].concat());
        assert_eq!(text.refusal(), format!("cannot read a.json: line 2: {wanted}"));
        let run = text.run("{suite: s, columns: {a: [{in_set: [0, 5]}]}, table: [readable]}");
        assert_eq!(verdicts(&run), ["a.in_set pass 0/2", "readable fail 1/3"], "{wanted}");
        assert_eq!(outcome(&run, "readable").samples.rows[0].row, Some(1));
    }
}

#[test]
fn hostile_ndjson() {
    let deep = |open: &str, close: &str, times: usize| {
        format!("{{\"a\": {}1{}}}\n", open.repeat(times), close.repeat(times))
    };
    for text in [deep("[", "]", 40), deep("{\"a\":", "}", 40)] {
        assert!(Text::new("a.json", text).refusal().ends_with("line 1: nested more than 32 deep"));
    }
    for text in [deep("[", "]", 100_000), deep("{\"a\":", "}", 100_000)] {
        assert!(Text::new("a.json", text).refusal().ends_with("line 1: nested more than 32 deep"));
    }
    let text = Text::new("a.json", deep("{\"a\":", "}", 30));
    assert_eq!(verdicts(&text.run("{suite: s, columns: {a: [not_null]}}")), ["a.not_null pass 0/1"]);
    let text = Text::new("a.json", deep("[", "]", 30));
    assert_eq!(verdicts(&text.run("{suite: s, columns: {a: [not_null]}}")), ["a.not_null pass 0/1"]);
    let keys: String = (0..20_000).map(|n| format!("{{\"k{n}\": 1}}\n")).collect();
    assert!(Text::new("a.json", keys).refusal().contains("more than the 16384 columns"));
    let fields: Vec<String> = (0..20_000).map(|n| format!("\"k{n}\": 1")).collect();
    let nested = format!("{{\"a\": {{{}}}}}\n", fields.join(","));
    assert!(Text::new("a.json", nested).refusal().contains("more than the 16384 columns"));
    assert_eq!(
        Text::new("a.json", " [{\"a\": 1},\n {\"a\": 2}]").refusal(),
        "cannot read a.json: it is one JSON array, and not an object on each line (`jq -c '.[]'` makes such)"
    );
    // Numbers that doubles do not hold together are decimals.
    let whole = Text::new("a.json", "{\"a\": 9007199254740993}\n{\"a\": 0.5}\n");
    assert_eq!(whole.schema(), "a decimal(38,1)");
    let none = Text::new("a.json", "");
    assert!(none.run("{suite: s, table: [{row_count: 0}, readable]}").passed());
}

#[test]
fn the_suite_gives_types() {
    let text =
        Text::new("a.jsonl", "{\"a\": \"10.50\", \"n\": 1, \"x\": null}\n{\"a\": 0.1, \"n\": \"2\"}\n");
    let given = "schema: {a: 'decimal(12,2)', n: int16, gone: date}";
    let run = text.run(&format!(
        "{{suite: s, {given}, columns: {{a: [{{in_set: [10.5]}}], n: [type: int16], gone: ['null', type: date]}}, table: [readable]}}"
    ));
    assert_eq!(
        verdicts(&run),
        ["a.in_set pass 0/1", "n.type pass", "gone.null pass 0/1", "gone.type pass", "readable fail 1/2"]
    );
    let run = text.run(&format!("{{suite: s, {given}, columns: {{a: [not_null]}}}}"));
    assert!(reason(&run).ends_with("line 2: its value of column \"n\" is no int16"), "{}", reason(&run));
}
