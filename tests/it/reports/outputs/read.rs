//! The verdict of every check, as each output tells it to those who read it.

use std::collections::BTreeMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde_json::Value as Json;

/// By suite and check.
pub(super) type Verdicts = BTreeMap<(String, String), String>;

/// Those of the report, with which all others are compared.
pub(super) fn json(report: &Json) -> Verdicts {
    let mut verdicts = Verdicts::new();
    for suite in report["suites"].as_array().unwrap() {
        for check in suite["checks"].as_array().unwrap() {
            verdicts.insert((text_of(&suite["name"]), text_of(&check["id"])), text_of(&check["verdict"]));
        }
    }
    verdicts
}

/// Those that are told by outputs that tell of nothing else.
pub(super) fn troubles(verdicts: &Verdicts) -> Verdicts {
    let is_trouble = |verdict: &str| ["warn", "fail", "error"].contains(&verdict);
    verdicts
        .iter()
        .filter(|(_, verdict)| is_trouble(verdict))
        .map(|(at, found)| (at.clone(), found.clone()))
        .collect()
}

/// Whether a check succeeded, where all that is told is that.
pub(super) fn successes(verdicts: &Verdicts) -> Vec<bool> {
    let asked = verdicts.iter().filter(|(_, verdict)| *verdict != "skip");
    let mut successes: Vec<bool> =
        asked.map(|(_, verdict)| ["pass", "warn"].contains(&verdict.as_str())).collect();
    successes.sort_unstable();
    successes
}

fn text_of(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// An attribute, as a reader of XML has it.
pub(in crate::reports) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).unwrap()?;
    let text = std::str::from_utf8(&found.value).unwrap();
    Some(quick_xml::escape::unescape(text).unwrap().into_owned())
}

pub(super) fn junit(xml: &str) -> Verdicts {
    let mut verdicts = Verdicts::new();
    let mut reader = Reader::from_str(xml);
    let mut case = None;
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name();
                let verdict = match name.as_ref() {
                    b"testcase" => {
                        case = Some((
                            attribute(element, "classname").unwrap(),
                            attribute(element, "name").unwrap(),
                        ));
                        "pass"
                    }
                    b"failure" => "fail",
                    b"error" => "error",
                    b"skipped" => "skip",
                    _ => continue,
                };
                verdicts.insert(case.clone().unwrap(), verdict.to_owned());
            }
            // A warning is no failure: its test case says it in its output.
            Event::Text(text) if text.starts_with(b"warning: ") => {
                verdicts.insert(case.clone().unwrap(), "warn".to_owned());
            }
            Event::Eof => return verdicts,
            _ => {}
        }
    }
}

/// The page shows every check, the worst first.
pub(super) fn html(page: &str, verdicts: &Verdicts) -> Verdicts {
    let mut found = Verdicts::new();
    for check in page.split("<details class=\"check ").skip(1) {
        let verdict = check.split('"').next().unwrap();
        let name = verdicts.keys().find(|(_, id)| check.contains(&format!(">{id}<")));
        found.insert(name.unwrap_or_else(|| panic!("{}", &check[..400])).clone(), verdict.to_owned());
    }
    found
}

/// Checks by their signs, in the order of the report; those of a suite that could not be judged are told as one.
pub(super) fn text(text: &str, report: &Json) -> Verdicts {
    const SIGNS: [(&str, &str); 5] =
        [("  ✓ ", "pass"), ("  ✗ ", "fail"), ("  ! ", "warn"), ("  ? ", "error"), ("  - ", "skip")];
    let mut verdicts = Verdicts::new();
    let mut lines = text.lines();
    for suite in report["suites"].as_array().unwrap() {
        let name = text_of(&suite["name"]);
        lines.find(|line| line.starts_with(&name)).unwrap();
        let signs = lines.by_ref().skip(1).take_while(|line| !line.starts_with("gate "));
        let mut signs: Vec<&str> = signs
            .filter_map(|line| {
                SIGNS.iter().find(|(sign, _)| line.starts_with(sign)).map(|(_, verdict)| *verdict)
            })
            .collect();
        let checks = suite["checks"].as_array().unwrap();
        if !suite["error"].is_null() {
            signs = vec![signs[0]; checks.len()];
        }
        assert_eq!(signs.len(), checks.len(), "{text}");
        for (check, sign) in checks.iter().zip(signs) {
            verdicts.insert((name.clone(), text_of(&check["id"])), sign.to_owned());
        }
    }
    verdicts
}

pub(super) fn sarif(log: &str) -> Verdicts {
    let log: Json = serde_json::from_str(log).unwrap();
    let run = &log["runs"][0];
    let mut verdicts = Verdicts::new();
    for result in run["results"].as_array().unwrap() {
        let told = &result["properties"];
        let verdict = text_of(&told["verdict"]);
        let level = if verdict == "warn" { "warning" } else { "error" };
        assert_eq!(result["level"], level);
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let artifact = usize::try_from(place["index"].as_u64().unwrap()).unwrap();
        assert_eq!(run["artifacts"][artifact]["location"]["uri"], place["uri"]);
        verdicts.insert((text_of(&told["suite"]), text_of(&told["check"])), verdict);
    }
    verdicts
}

/// A check is found by its place: two of one line are told apart by what is said of them.
pub(super) fn gitlab(issues: &str, report: &Json) -> Verdicts {
    let issues: Json = serde_json::from_str(issues).unwrap();
    let mut verdicts = Verdicts::new();
    let mut fingerprints = Vec::new();
    for issue in issues.as_array().unwrap() {
        let suites = report["suites"].as_array().unwrap();
        let suite = suites.iter().find(|suite| suite["path"] == issue["location"]["path"]).unwrap();
        let begin = |id: &Json| format!("{}: {}: ", text_of(&suite["name"]), text_of(id));
        let is_it = |check: &&Json| {
            check["line"] == issue["location"]["lines"]["begin"]
                && text_of(&issue["description"]).starts_with(&begin(&check["id"]))
        };
        let check = suite["checks"].as_array().unwrap().iter().find(is_it).unwrap();
        assert_eq!(check["expectation"], issue["check_name"]);
        let verdict = match issue["severity"].as_str().unwrap() {
            "critical" => "fail",
            "major" => "error",
            "minor" => "warn",
            other => panic!("{other}"),
        };
        verdicts.insert((text_of(&suite["name"]), text_of(&check["id"])), verdict.to_owned());
        fingerprints.push(text_of(&issue["fingerprint"]));
    }
    fingerprints.sort();
    assert!(fingerprints.windows(2).all(|pair| pair[0] != pair[1]), "two issues have one fingerprint");
    verdicts
}

/// A command as the runner of GitHub reads it: its name, its properties and what stands behind them.
pub(in crate::reports) fn command(line: &str) -> (String, BTreeMap<String, String>, String) {
    let decoded = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| decoded(&text.replace("%3A", ":").replace("%2C", ","));
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (info, data) = rest.split_once("::").unwrap();
    let (name, properties) = info.split_once(' ').unwrap();
    let properties = properties.split(',').map(|one| {
        let (name, value) = one.split_once('=').unwrap_or_else(|| panic!("no property: {one} in {line}"));
        (name.to_owned(), property(value))
    });
    (name.to_owned(), properties.collect(), decoded(data))
}

pub(super) fn github(commands: &str, verdicts: &Verdicts) -> Verdicts {
    let mut found = Verdicts::new();
    for line in commands.lines() {
        let (name, properties, message) = command(line);
        told(&mut found, verdicts, name == "warning", &properties["title"], &message);
    }
    found
}

/// A command as the agent of Azure reads it: its properties and what stands behind them.
pub(in crate::reports) fn logged(line: &str) -> (BTreeMap<String, String>, String) {
    let decoded = |text: &str| {
        let escapes = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
        escapes.iter().fold(text.to_owned(), |text, (escape, meant)| text.replace(escape, meant))
    };
    let at = line.find("##vso[").unwrap_or_else(|| panic!("no command: {line}"));
    assert_eq!(at, 0, "{line}");
    let (info, data) = line.split_once(']').unwrap();
    let properties = info.strip_prefix("##vso[task.logissue ").unwrap();
    let properties = properties.split(';').filter(|one| !one.is_empty()).map(|one| {
        let (name, value) = one.split_once('=').unwrap_or_else(|| panic!("no property: {one} in {line}"));
        (name.to_owned(), decoded(value))
    });
    (properties.collect(), decoded(data))
}

pub(super) fn azure(commands: &str, verdicts: &Verdicts) -> Verdicts {
    let mut found = Verdicts::new();
    for line in commands.lines() {
        let (properties, message) = logged(line);
        let is_of = |(suite, id): &&(String, String)| {
            message.starts_with(&format!("{suite}: {id}: "))
                || message.starts_with(&format!("{suite}: could"))
        };
        let (suite, id) = verdicts.keys().find(is_of).unwrap();
        let of_check = format!("{suite}: {id}");
        let title = if message.starts_with(&of_check) { &of_check } else { suite };
        let rest = message.strip_prefix(title.as_str()).unwrap().strip_prefix(": ").unwrap();
        told(&mut found, verdicts, properties["type"] == "warning", title, rest);
    }
    found
}

/// What an annotation says of a check, or of all checks of a suite.
fn told(found: &mut Verdicts, verdicts: &Verdicts, warns: bool, title: &str, message: &str) {
    let verdict = match message {
        _ if warns => "warn",
        _ if message.starts_with("could not be ") => "error",
        _ => "fail",
    };
    let of = verdicts.keys().filter(|(suite, id)| title == format!("{suite}: {id}") || title == suite);
    let of: Vec<_> = of.cloned().collect();
    assert!(!of.is_empty(), "{title}");
    found.extend(of.into_iter().map(|name| (name, verdict.to_owned())));
}

/// The cells of a row, as those who read Markdown see them.
fn cells(row: &str) -> Vec<String> {
    let cells = row.trim_matches('|').split('|').map(|cell| {
        let plain = cell.trim().replace("<code>", "").replace("</code>", "");
        let mut parts = plain.split("&#");
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |text, part| {
            let (number, rest) = part.split_once(';').unwrap();
            format!("{text}{}{rest}", char::from_u32(number.parse().unwrap()).unwrap())
        })
    });
    cells.collect()
}

pub(super) fn markdown(text: &str) -> Verdicts {
    let mut verdicts = Verdicts::new();
    let rows = text.lines().skip_while(|line| *line != "| | check | what was found | where |").skip(2);
    for row in rows.take_while(|row| row.starts_with('|')) {
        let [mark, name, ..] = &cells(row)[..] else { panic!("{row}") };
        let (suite, id) = name.split_once(": ").unwrap();
        let verdict = mark.split(' ').nth(1).unwrap();
        verdicts.insert((suite.to_owned(), id.to_owned()), verdict.to_owned());
    }
    verdicts
}

pub(super) fn great_expectations(results: &str) -> Vec<bool> {
    let results: Json = serde_json::from_str(results).unwrap();
    let of = |suite: &Json| suite["results"].as_array().unwrap().clone();
    let all: Vec<Json> = results.as_array().unwrap().iter().flat_map(of).collect();
    let mut successes: Vec<bool> = all.iter().map(|result| result["success"].as_bool().unwrap()).collect();
    successes.sort_unstable();
    successes
}
