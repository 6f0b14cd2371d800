//! Numbers and times are what their own text says, and no other ones.

use karat::source::Trust;

use super::{Text, reason, verdicts};
use crate::support::{judge, outcome};

/// The same values as CSV and as NDJSON.
fn both(csv: &str, json: &str) -> [Text; 2] {
    [Text::new("a.csv", csv), Text::new("a.ndjson", json)]
}

#[test]
fn a_number_never_goes_through_a_double() {
    for text in both(
        "id,a\n1,12345678901234567.89\n2,12345678901234567.88\n3,99999999999999999999999999999999999999.9\n",
        "{\"id\":1,\"a\":12345678901234567.89}\n{\"id\":2,\"a\":12345678901234567.88}\n{\"id\":3,\"a\":99999999999999999999999999999999999999.9}\n",
    ) {
        let run = text.run(
            "{suite: s, schema: {a: 'decimal(38,2)'}, columns: {a: [unique, {max: {min: 12345678901234567.89, max: 12345678901234567.89}},
              {sum: {min: 24691357802469135.77, max: 24691357802469135.77}}]}, table: [readable, {rows: a <= 12345678901234567.89}]}",
        );
        // The third has more digits than the type.
        assert_eq!(
            verdicts(&run),
            ["a.unique pass 0/2", "a.max pass", "a.sum pass", "readable fail 1/3", "rows pass 0/2"],
            "{}",
            text.name
        );
    }
}

#[test]
fn inferred_numbers_stay_apart() {
    for (numbers, data_type, distinct) in [
        (&["8.3945900000000009", "8.39459", "9.5"][..], "decimal(38,16)", 3),
        (&["18446744073709551616", "18446744073709551617", "1"], "decimal(38,0)", 3),
        (&["9007199254740993", "9007199254740992", "0.5"], "decimal(38,1)", 3),
        (&["0.1", "0.10", "1e-1"], "float64", 1),
        (&["0.30000000000000004", "0.3", "3e-1"], "float64", 2),
        (&["9223372036854775807", "9223372036854775806", "-9223372036854775808"], "int64", 3),
    ] {
        let csv: String = numbers.iter().map(|number| format!("{number}\n")).collect();
        let json: String = numbers.iter().map(|number| format!("{{\"a\": {number}}}\n")).collect();
        for text in both(&format!("a\n{csv}"), &json) {
            assert_eq!(text.schema(), format!("a {data_type}"), "{numbers:?}");
            let run = text.run(&format!("{{suite: s, columns: {{a: [distinct_count: {distinct}]}}}}"));
            assert!(run.passed(), "{numbers:?} {}", text.name);
        }
    }
}

#[test]
fn numbers_have_every_usual_spelling() {
    for spelling in
        [".5", "5.", "+5", "+.5", "-.5", "5e0", "5E+1", "0.50000000000000011", "1e-7", "00", "NaN"]
    {
        let text = Text::new("a.csv", format!("id,v\n1,1\n2,{spelling}\n3,2.5\n"));
        let run = text.run("{suite: s, columns: {v: [{between: {min: -1, max: 100}}]}}");
        let wanted = match spelling {
            "00" => "v.between error",
            "NaN" => "v.between fail 1/3",
            _ => "v.between pass 0/3",
        };
        assert_eq!(verdicts(&run), [wanted], "{spelling}");
    }
    let text = Text::new("a.csv", "v,w\n1,x\nnan,nan\n-inf,inf\n#NUM!,-\n");
    assert_eq!(text.schema(), "v string, w string");
    let run = text.run(
        "{suite: s, csv: {nan: [nan, '#NUM!'], infinity: inf}, columns: {v: [{type: float64}, {between: {min: -5}}], w: [{in_set: [x, nan, inf, '-']}]}}",
    );
    // NaN is above everything; texts stay as they stand.
    assert_eq!(verdicts(&run), ["v.type pass", "v.between fail 1/4", "w.in_set pass 0/4"]);
    let run =
        text.run("{suite: s, schema: {v: float64}, columns: {v: [{between: {min: -5}}]}, table: [readable]}");
    assert_eq!(verdicts(&run), ["v.between fail 1/3", "readable fail 1/4"]);
}

#[test]
fn times_are_those_of_every_common_writer() {
    for at in [
        "2026-03-29 01:30:00+00",
        "2026-03-29T01:30:00.000000+0000",
        "2026-03-29 01:30:00+00:00",
        "2026-03-29T03:30:00+02",
        "2026-03-28 20:00:00.000-0530",
        "2026-03-29 01:30:00 UTC",
        "2026-03-29T01:30:00Z",
    ] {
        for text in both(&format!("at\n{at}\n"), &format!("{{\"at\": \"{at}\"}}\n")) {
            for schema in ["", "schema: {at: timestamp}, "] {
                let run = text.run(&format!(
                    "{{suite: s, {schema}columns: {{at: [{{type: timestamp}}, {{in_set: ['2026-03-29T01:30:00Z']}}]}}}}"
                ));
                assert!(run.passed(), "{at} {}: {:?}", text.name, verdicts(&run));
            }
        }
    }
    for at in
        ["2026-05-05T12:34:60Z", "2026-05-05 12:34:60", "2026-05-05T12:34:60.5+02:00", "2026-05-05T24:00:00Z"]
    {
        for text in both(
            &format!("at\n{at}\n2026-05-05T12:35:00Z\n"),
            &format!("{{\"at\": \"{at}\"}}\n{{\"at\": \"2026-05-05T12:35:00Z\"}}\n"),
        ) {
            let run = text.run("{suite: s, columns: {at: [unique, {type: string}]}}");
            assert_eq!(verdicts(&run), ["at.unique pass 0/2", "at.type pass"], "{at}");
            let run =
                text.run("{suite: s, schema: {at: timestamp}, columns: {at: [unique]}, table: [readable]}");
            assert_eq!(verdicts(&run), ["at.unique pass 0/1", "readable fail 1/2"], "{at}");
        }
    }
}

#[test]
fn the_schema_speaks_of_what_lies_within_columns() {
    let text = Text::new(
        "a.ndjson",
        r#"{"who": {"zip": 1234, "age": 7}, "items": [{"price": 1.10, "n": 1}, {"price": "2.20"}], "tags": [1, "x", null], "a.b": 5}
{"who": {"zip": "01234", "name": "x"}, "tags": [true]}
{"who": null, "items": []}
"#,
    );
    let suite = "{suite: s, schema: {who.zip: string, who.age: int16, 'items[*].price': 'decimal(12,2)', 'tags[*]': string, '`a.b`': string, no.such: date},
        columns: {who.zip: [{in_set: ['1234', '01234']}], who.age: [{type: int16}], 'items[*].price': [{in_set: [1.1, 2.2]}],
        'tags[*]': [{in_set: ['1', x, 'true']}], '`a.b`': [{in_set: ['5']}], no.such: [{type: date}, 'null']}}";
    let run = text.run(suite);
    assert!(run.passed(), "{:?} {:?}", run.suites[0].error, run.suites[0].outcomes);
    let run = text.run("{suite: s, schema: {who: string, who.zip: string}, table: [{row_count: 3}]}");
    assert!(reason(&run).contains("\"who.zip\" and to what holds it"), "{}", reason(&run));
    let run = text.run(
        "{suite: s, schema: {items.x: int64, 'tags[*]': string, who.zip: string}, table: [{row_count: 3}]}",
    );
    assert!(
        reason(&run)
            .contains("line 1: column \"items\" holds a value of another kind than the suite's schema says"),
        "{}",
        reason(&run)
    );
}

#[test]
fn as_text_everything_is_as_it_is_written() {
    let text = Text::new(
        "a.ndjson",
        "{\"id\": 1.50}\n{\"id\": 12345678901234567890123456789012345678901234567890}\n{\"id\": \"x\"}\n{\"id\": true}\n{\"id\": [1, {\"a\": \"é\"}]}\n{\"id\": null}\n{\"id\": 1e400}\n",
    );
    let run = text.run(
        r#"{suite: s, schema: {id: string}, columns: {id: [not_null, {in_set: ["1.50", "12345678901234567890123456789012345678901234567890", x, "true", "[1,{\"a\":\"é\"}]", "1e400"]}]}}"#,
    );
    assert_eq!(verdicts(&run), ["id.not_null fail 1/7", "id.in_set pass 0/6"]);
    let run =
        Text::new("a.ndjson", "{\"id\": 1}\n{\"id\": \"x\"}\n").run("{suite: s, columns: {id: [not_null]}}");
    let told = outcome(&run, "id.not_null");
    assert_eq!(told.help.as_deref(), Some("with `schema: {id: string}` all of its values are taken as text"));
}

#[test]
fn rows_without_columns_are_rows() {
    let folder = tempfile::tempdir().unwrap();
    let uri = folder.path().display().to_string();
    super::write(&folder.path().join("a.ndjson"), "{}\n{}\n");
    assert!(judge("{suite: s, table: [{row_count: 2}]}", uri.as_str()).passed());
    super::write(&folder.path().join("b.ndjson"), "{\"a\": 1}\n");
    let run =
        judge("{suite: s, columns: {a: [not_null, {in_set: [1]}]}, table: [{row_count: 3}]}", uri.as_str());
    assert_eq!(verdicts(&run), ["a.not_null fail 2/3", "a.in_set pass 0/1", "row_count pass"]);
    for trust in Trust::ALL {
        let text = Text::new("a.json", "{}\n\n{}\nnonsense\n{}\n");
        let options = karat::CheckOptions { trust, ..karat::CheckOptions::default() };
        let suite = karat::Suite::from_yaml("{suite: s, table: [{row_count: 3}, readable]}").unwrap();
        assert_eq!(
            verdicts(&karat::check(&suite, text.uri(), &options)),
            ["row_count pass", "readable fail 1/4"]
        );
    }
}

#[test]
fn the_readings_of_text_are_told() {
    let bytes = "a,b\n1,x\n2,y\n3,z\n";
    let size = u64::try_from(bytes.len()).unwrap();
    for (schema, scans) in [("", 2), ("schema: {a: int64, b: string}, ", 1)] {
        let text = Text::new("a.csv", bytes);
        let run = text.run(&format!("{{suite: s, {schema}table: [{{row_count: 3}}]}}"));
        let execution = &run.suites[0].execution.as_ref().unwrap().1;
        // The footer of what was written proves the count.
        let told = (execution.scans, execution.rows_read, execution.bytes_read);
        assert_eq!(told, (scans, 3 * scans, Some(size * scans)));
        let suite = format!("{{suite: s, {schema}columns: {{a: [{{in_set: [1, 2, 3]}}]}}}}");
        let options = karat::CheckOptions { trust: Trust::None, ..karat::CheckOptions::default() };
        let run = karat::check(&karat::Suite::from_yaml(&suite).unwrap(), text.uri(), &options);
        let execution = &run.suites[0].execution.as_ref().unwrap().1;
        assert_eq!((execution.scans, execution.rows_read), (scans + 1, 3 * scans + 3));
        assert!(execution.bytes_read > Some(size * scans));
    }
    let headers = Text::new("a.csv", "a,b\n");
    let run = headers.run("{suite: s, columns: {a: ['null']}, table: [{row_count: 0}]}");
    assert!(run.passed());
    assert_eq!(run.suites[0].execution.as_ref().unwrap().1.rows_read, 0);
}
