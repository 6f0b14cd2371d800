//! Text for a terminal.

use super::super::visible;
use super::phrases::{changed, counts, demand, from_to, name, state};
use crate::review::{AspectDiff, CheckDiff, Diff, Kind};

/// How wide the longest word for a change is.
const WIDTH: usize = Kind::Incomparable.name().len();

/// The changes as text.
#[must_use]
pub fn diff_text(diff: &Diff) -> String {
    let mut text = String::new();
    for suite in diff.suites.iter().filter(|suite| !suite.is_untouched()) {
        let state = state(suite).map_or_else(String::new, |state| format!("  {state}"));
        let head = format!("{}  {}{}\n", visible(&suite.name), visible(&suite.path), visible(&state));
        text.push_str(&head);
        for aspect in &suite.aspects {
            text.push_str(&line("  ", aspect.change, aspect.aspect, &from_to(aspect)));
        }
        for check in changed(suite) {
            text.push_str(&check_text(check));
        }
        text.push('\n');
    }
    let nothing = if diff.is_empty() { "nothing has changed: " } else { "" };
    text + &format!("{nothing}{}\n", counts(diff))
}

fn check_text(check: &CheckDiff) -> String {
    let (place, was) = match (check.line, check.old_line) {
        (Some(line), _) => (line, ""),
        (None, Some(line)) => (line, " before"),
        (None, None) => (0, ""),
    };
    let head = format!("{}, line {place}{was}", name(check));
    let head = line("  ", check.change, &head, &demand(check).unwrap_or_default());
    // Of one part, its change is the check's.
    let alone = check.parts.len() == 1;
    check.parts.iter().fold(head, |text, part| text + &part_line(part, alone))
}

fn part_line(part: &AspectDiff, alone: bool) -> String {
    let change = if alone { String::new() } else { format!(" ({})", part.change.name()) };
    let blank = " ".repeat(WIDTH + 4);
    format!("{blank}{}{change}: {}\n", part.aspect, visible(&from_to(part)))
}

/// `  weaker        amount.between, line 12: between 0 and 10`
fn line(margin: &str, change: Kind, what: &str, more: &str) -> String {
    let colon = if more.is_empty() { "" } else { ": " };
    format!("{margin}{:WIDTH$}  {}{colon}{}\n", change.name(), visible(what), visible(more))
}
