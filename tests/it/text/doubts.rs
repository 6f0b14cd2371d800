//! What keeps text from being read as it was meant is told with its place and the way out, and that way
//! leads out.

use super::{Text, verdicts};
use crate::support::outcome;

/// The help of the first check that has one.
fn help(text: &Text, suite: &str) -> String {
    let run = text.run(suite);
    let help = run.suites[0].outcomes.iter().find_map(|outcome| outcome.help.as_ref());
    help.map(ToString::to_string).unwrap_or_default()
}

#[test]
fn what_spoils_a_column_is_told_with_its_line() {
    for (values, check, wanted) in [
        (
            &["1", "2", "n/a", "4"][..],
            "between: {min: 0}",
            "most of it is int64, and \"n/a\" in line 4 of a.csv is none: with `schema: {v: int64}` its row is malformed, with `csv: {null: \"n/a\"}` it is a null",
        ),
        (
            &["n/a", "2.5", "3"],
            "mean: {min: 0}",
            "most of it is float64, and \"n/a\" in line 2 of a.csv is none: with `schema: {v: float64}` its row is malformed, with `csv: {null: \"n/a\"}` it is a null",
        ),
        (
            &["1", "007", "3"],
            "sum: {min: 0}",
            "most of it is int64, and \"007\" in line 3 of a.csv is none: with `schema: {v: int64}` it is 7",
        ),
        (
            &["1.5", "2 ", "3"],
            "stddev: {min: 0}",
            "most of it is float64, and \"2 \" in line 3 of a.csv is none: with `schema: {v: float64}` it is 2",
        ),
        (
            &["2026-01-01", "31.12.1999", "2026-01-02"],
            "in_past",
            "most of it is date, and \"31.12.1999\" in line 3 of a.csv is none: with `schema: {v: date}` its row is malformed, with `csv: {null: \"31.12.1999\"}` it is a null",
        ),
    ] {
        let rows: String = values.iter().map(|value| format!("{value},x\n")).collect();
        let text = Text::new("a.csv", format!("v,w\n{rows}"));
        let suite = format!("{{suite: s, columns: {{v: [{{{check}}}]}}}}").replace("{in_past}", "in_past");
        assert_eq!(help(&text, &suite), wanted, "{values:?} {check}");
        // Of what is personal no value is told.
        let help = help(&text, &suite.replace("suite: s,", "suite: s, pii: v,"));
        let spoiler = wanted.split('"').nth(1).unwrap();
        assert!(help.contains(" of a.csv is none") && !help.contains(spoiler), "{help}");
        // The way out is one.
        let given = wanted.split("schema: {v: ").nth(1).unwrap().split('}').next().unwrap();
        let run = text.run(
            &suite
                .replace("columns:", &format!("schema: {{v: {given}}}, columns:"))
                .replace("]}}", "]}, table: [readable]}"),
        );
        let malformed = usize::from(wanted.contains("malformed"));
        assert_eq!(
            verdicts(&run)[1].split(' ').nth(2),
            Some(format!("{malformed}/{}", values.len()).as_str()),
            "{:?}",
            verdicts(&run)
        );
        assert_ne!(outcome(&run, "readable").verdict, karat::evaluate::Verdict::Error);
    }
    let text = Text::new("a.csv", "v\n1\n2\nx\n");
    let help = help(&text, "{suite: s, table: [{rows: v > 5}]}");
    assert!(help.contains("\"x\" in line 4 of a.csv"), "{help}");
    // Mostly texts: nothing was meant but text.
    let text = Text::new("a.csv", "v\n1\nx\ny\n");
    let run = text.run("{suite: s, columns: {v: [{mean: {min: 0}}]}}");
    assert_eq!(outcome(&run, "v.mean").help, None);
}

/// A date beside text is no text: by its letters, 31.12.1999 would come after it.
#[test]
fn a_date_is_no_bound_of_text() {
    let checks = "[{between: {min: 2020-01-01}}, {min: {min: 2020-01-01}}, {in_set: [2020-01-01]}]";
    let texts = [
        Text::new("a.csv", "d\n2021-05-05\nn/a\n2020-02-02\n"),
        Text::new("a.csv", "d\n31.12.1999\n01.01.2001\n"),
        Text::new("a.ndjson", "{\"d\": \"tbd\"}\n{\"d\": \"2031\"}\n"),
    ];
    for text in texts {
        let run = text.run(&format!("{{suite: s, columns: {{d: {checks}}}}}"));
        for outcome in &run.suites[0].outcomes {
            assert_eq!(outcome.verdict, karat::evaluate::Verdict::Error, "{outcome:?}");
            let reason = outcome.reason.as_deref().unwrap_or_default();
            assert!(reason.contains("is a date, and the column is text"), "{reason}");
            assert!(outcome.help.is_some(), "{outcome:?}");
        }
    }
}

#[test]
fn other_separators_are_told() {
    for (bytes, separator) in
        [("id;name;x\n1;a;2,5\n2;b;3,5\n", ";"), ("id\tname\n1\ta\n", "\\t"), ("id|name\n1|a\n", "|")]
    {
        let text = Text::new("a.csv", bytes);
        let suite = "{suite: s, columns: {id: [not_null], name: [{in_set: [a, b]}]}}";
        let wanted = format!(
            "are fields separated by \"{separator}\"? then `csv: {{separator: \"{separator}\"}}` says so"
        );
        assert_eq!(help(&text, suite), wanted);
        let run =
            text.run(&suite.replace("columns:", &format!("csv: {{separator: \"{separator}\"}}, columns:")));
        assert!(run.passed(), "{:?}", verdicts(&run));
    }
    // Given, it is meant.
    let text = Text::new("a.csv", "id;name\n1;a\n");
    assert_eq!(
        help(&text, "{suite: s, csv: {separator: ','}, columns: {id: [not_null]}}"),
        "the columns are id;name"
    );
}

#[test]
fn text_has_the_encoding_that_the_suite_says() {
    let wide = |text: &str, big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let plain = "id,name\n1,café\n2,\"a\r\n𝄞\"\n";
    let latin: Vec<u8> =
        "id,name\n1,caf\u{e9}\n2,\u{a3}\n".chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, encoding, names) in [
        (wide(plain, false, true), "utf-16", "[café, \"a\\r\\n𝄞\"]"),
        (wide(plain, true, true), "UTF-16", "[café, \"a\\r\\n𝄞\"]"),
        (wide(plain, true, false), "utf-16be", "[café, \"a\\r\\n𝄞\"]"),
        (wide(plain, false, false), "utf-16le", "[café, \"a\\r\\n𝄞\"]"),
        (latin.clone(), "latin-1", "[café, £]"),
        (latin.clone(), "windows-1252", "[café, £]"),
        (latin.clone(), "iso-8859-1", "[café, £]"),
        (format!("\u{feff}{plain}").into_bytes(), "utf-8", "[café, \"a\\r\\n𝄞\"]"),
    ] {
        let text = Text::new("a.csv", bytes);
        let suite = format!(
            "{{suite: s, csv: {{encoding: {encoding}}}, columns: {{id: [{{in_set: [1, 2]}}], name: [{{in_set: {names}}}]}}}}"
        );
        assert_eq!(verdicts(&text.run(&suite)), ["id.in_set pass 0/2", "name.in_set pass 0/2"], "{encoding}");
    }
    let suite = "{suite: s, columns: {id: [not_null]}}";
    for (bytes, encoding) in [(latin.clone(), "windows-1252"), (wide(plain, false, true), "utf-16")] {
        let text = Text::new("a.csv", bytes);
        assert_eq!(
            help(&text, suite),
            format!("if it is written so, `csv: {{encoding: {encoding}}}` says that")
        );
        assert!(
            text.run(&suite.replace("columns:", &format!("csv: {{encoding: {encoding}}}, columns:")))
                .passed()
        );
    }
    // A half of a character is none.
    let mut broken = wide("id,name\n1,a\n2,b\n", false, true);
    let at = broken.len() - 4;
    broken[at..at + 2].copy_from_slice(&0xd800_u16.to_le_bytes());
    let run = Text::new("a.csv", broken)
        .run("{suite: s, csv: {encoding: utf-16}, columns: {id: [not_null]}, table: [readable]}");
    assert_eq!(verdicts(&run), ["id.not_null pass 0/1", "readable fail 1/2"]);
    let error = karat::Suite::from_yaml("{suite: s, csv: {encoding: utf-61}, table: [readable]}")
        .unwrap_err()
        .to_string();
    assert!(error.contains("utf-61"), "{error}");
}

#[test]
fn a_malformed_row_has_a_way_out() {
    let text = Text::new("a.csv", "a,b\n1,2\n3\n");
    let wanted = "with the check `readable`, such rows are counted and left out";
    assert_eq!(help(&text, "{suite: s, columns: {a: [not_null]}}"), wanted);
}
