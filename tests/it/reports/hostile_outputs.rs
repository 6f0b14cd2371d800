//! Whatever names and values hold, each output keeps its form.

use ::karat::report::{
    Checkout, Report, TextOptions, ValidationOptions, azure, display_width, github, gitlab, html, json,
    junit, markdown, sarif, text, validation_results,
};
use ::karat::{CheckOptions, Run, Suite, check};
use polars::prelude::df;
use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use serde_json::Value as Json;

use super::outputs::read::{attribute, command, logged};
use crate::cli::runners::commands;

/// What has a meaning to some format, or to a terminal.
const PIECES: [&str; 40] = [
    "\n",
    "\r\n",
    "]]>",
    "<!--",
    "-->",
    "</code>",
    "<details>",
    "::",
    "::error::x",
    "%0A",
    "%",
    "%AZP25",
    "`",
    "```",
    "|",
    "\\|",
    "\u{1b}[31m",
    "\u{1b}]8;;x\u{7}",
    "\u{202e}",
    "\u{2066}",
    "\0",
    "😀",
    "⚠️",
    "👩‍👩‍👧",
    "订单状态",
    "e\u{301}",
    "##[",
    "##vso[task.complete]",
    "#",
    "\u{ad}",
    "{0}",
    "{{",
    "[a](1)",
    "@owner",
    "www.a.b",
    "&amp;",
    "\"'",
    "\u{ffff}",
    ";]",
    ",=",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z ]{1,8}",
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// A suite in which everything is called so, on data that holds such values; what YAML does not take is none.
fn judged(name: &str, id: &str, column: &str, values: &[String]) -> Option<Run> {
    let suite = serde_json::json!({
        "suite": name,
        "owner": id,
        "description": name,
        "key": [format!("`{column}`")],
        "columns": {
            (format!("`{column}`")): [
                { "in_set": [id], "id": id },
                { "length_between": { "max": 0 }, "severity": "warning", "id": format!("{id}2") },
                "not_null",
            ],
            "missing": ["not_null"],
        },
        "table": [{ "row_count": { "max": 0 } }],
    });
    let suite = Suite::from_yaml(&suite.to_string()).ok()?;
    let mut frame = df! { "a" => values }.unwrap();
    frame.rename("a", column.into()).ok()?;
    Some(check(&suite, frame, &CheckOptions::default()))
}

/// No line of it is a command, and no character of it moves a terminal.
fn is_inert(text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(commands(text), [""; 0]);
    let moves = |character: char| {
        (character.is_control() && character != '\n') || ('\u{202a}'..='\u{202e}').contains(&character)
    };
    prop_assert!(!text.contains(moves), "{text:?}");
    Ok(())
}

fn keeps_text(run: &Run) -> Result<(), TestCaseError> {
    for width in [20, 40, 80, 200] {
        let options = TextOptions { width: Some(width), passed: true, samples: true };
        let shown = anstream::adapter::strip_str(&text(run, options)).to_string();
        is_inert(&shown)?;
        for line in shown.lines() {
            prop_assert!(
                display_width(line) <= width,
                "{width} columns: {line:?} has {}",
                display_width(line)
            );
        }
    }
    is_inert(&run.to_string())
}

fn keeps_junit(report: &Report) -> Result<(), TestCaseError> {
    let xml = junit(report);
    is_inert(&xml)?;
    let allowed = |character: char| matches!(character, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    prop_assert!(xml.chars().all(allowed), "{xml:?}");
    let mut reader = Reader::from_str(&xml);
    let mut names = Vec::new();
    let mut open = 0_i64;
    loop {
        let event = reader.read_event();
        prop_assert!(event.is_ok(), "{event:?} in {xml}");
        match event.unwrap() {
            Event::Start(element) | Event::Empty(element) if element.name().as_ref() == b"testcase" => {
                names.push(attribute(&element, "name").unwrap());
                open += 1;
            }
            Event::Comment(_) | Event::CData(_) | Event::PI(_) | Event::DocType(_) => {
                return Err(TestCaseError::fail(xml));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let ids = || report.suites.iter().flat_map(|suite| &suite.checks).map(|check| &check.id);
    prop_assert_eq!(open, ids().count() as i64);
    for (id, name) in ids().zip(&names) {
        let written = ::karat::report::visible(id).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        prop_assert_eq!(name, &written);
    }
    Ok(())
}

fn keeps_json(report: &Report, troubles: usize) -> Result<(), TestCaseError> {
    let checkout = Checkout::default();
    for document in [json(report), sarif(report, &checkout), gitlab(report, &checkout)] {
        prop_assert_eq!(commands(&document), [""; 0]);
        let read: Json = serde_json::from_str(&document).unwrap();
        if let Some(results) = read["runs"][0]["results"].as_array().or_else(|| read.as_array()) {
            prop_assert_eq!(results.len(), troubles);
        }
    }
    // A placeholder of SARIF is a number in single braces.
    let log: Json = serde_json::from_str(&sarif(report, &checkout)).unwrap();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let message = result["message"]["text"].as_str().unwrap().replace("{{", "").replace("}}", "");
        prop_assert!(!message.contains(['{', '}']) && !message.contains("]("), "{message}");
    }
    Ok(())
}

fn keeps_commands(report: &Report, troubles: usize) -> Result<(), TestCaseError> {
    let checkout = Checkout::default();
    let told = github(report, &checkout);
    prop_assert_eq!(told.split(['\n', '\r']).filter(|line| !line.is_empty()).count(), troubles, "{}", told);
    for line in told.lines() {
        let (name, properties, message) = command(line);
        prop_assert!(["error", "warning"].contains(&name.as_str()));
        prop_assert!(properties.keys().eq(["file", "line", "title"]), "{properties:?}");
        prop_assert!(!message.is_empty());
        prop_assert_eq!(commands(line.trim_start_matches(':')), [""; 0]);
    }
    let told = azure(report, &checkout);
    prop_assert_eq!(told.split(['\n', '\r']).filter(|line| !line.is_empty()).count(), troubles, "{}", told);
    for line in told.lines() {
        let (properties, message) = logged(line);
        prop_assert!(properties.keys().eq(["linenumber", "sourcepath", "type"]), "{properties:?}");
        prop_assert!(!message.is_empty());
        prop_assert_eq!(commands(line.strip_prefix("##vso[").unwrap()), [""; 0]);
    }
    Ok(())
}

fn keeps_markdown(report: &Report) -> Result<(), TestCaseError> {
    const TAGS: [&str; 7] =
        ["<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>", "<!-- karat: report -->"];
    let told = markdown(report, &Checkout::default(), 65_536);
    is_inert(&told)?;
    prop_assert!(told.len() <= 65_536);
    let plain = TAGS.iter().fold(told.clone(), |text, tag| text.replace(tag, ""));
    prop_assert!(!plain.contains(['<', '>', '`', '@', '[', '~', '*', '_', '\\']), "{told}");
    for tag in ["code", "details", "summary"] {
        let count = |tag: &str| told.matches(tag).count();
        prop_assert_eq!(count(&format!("<{tag}>")), count(&format!("</{tag}>")));
    }
    let mut cells = None;
    for line in told.lines() {
        let bars = line.matches('|').count();
        let is_head = cells.is_none();
        cells = (bars > 0).then(|| if is_head { bars } else { cells.unwrap_or(bars) });
        prop_assert!(cells.is_none_or(|cells| cells == bars && line.starts_with('|')), "{line}\nin {told}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_output_loses_its_form(
        name in hostile(),
        id in hostile(),
        column in hostile(),
        values in prop::collection::vec(hostile(), 1..6),
    ) {
        let run = judged(&name, &id, &column, &values);
        prop_assume!(run.is_some());
        let run = run.unwrap();
        let report = Report::from(&run);
        let troubles = report.statistics.failed + report.statistics.errored + report.statistics.warned;
        prop_assert!(troubles >= 3);
        keeps_text(&run)?;
        keeps_junit(&report)?;
        keeps_json(&report, troubles as usize)?;
        // A suite of which nothing could be judged is told once.
        let told = if report.suites[0].error.is_some() { 1 } else { troubles };
        keeps_commands(&report, told as usize)?;
        keeps_markdown(&report)?;
        let validation = validation_results(&run, &ValidationOptions::default());
        for document in [html(&report).unwrap(), validation] {
            prop_assert_eq!(commands(&document), [""; 0]);
        }
        // A report that was written and read says the same.
        let read = Report::read(&json(&report)).unwrap();
        prop_assert_eq!(junit(&read), junit(&report));
        prop_assert_eq!(markdown(&read, &Checkout::default(), 65_536), markdown(&report, &Checkout::default(), 65_536));
    }
}

#[test]
fn most_hostile_suites_are_judged() {
    let names = PIECES.iter().filter(|piece| judged(piece, piece, piece, &[(**piece).to_owned()]).is_some());
    assert!(names.count() > 30);
}
