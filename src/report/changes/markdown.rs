//! Markdown for a pull request.

use super::super::visible;
use super::phrases::{changed, counts, demand, from_to, name, state};
use crate::review::{AspectDiff, CheckDiff, Diff};

/// The changes as Markdown, in which nothing that a suite says is markup.
#[must_use]
pub fn diff_markdown(diff: &Diff) -> String {
    let mut text = format!("### Changes of data quality checks\n\n{}\n", plain(&summary(diff)));
    for suite in diff.suites.iter().filter(|suite| !suite.is_untouched()) {
        let state = state(suite).map_or_else(String::new, |state| format!(", {}", plain(&state)));
        let head = format!("\n#### {}{state}\n\n", plain(&suite.name));
        text.push_str(&head);
        text.push_str("| | | |\n|---|---|---|\n");
        for aspect in &suite.aspects {
            text.push_str(&row(aspect.change.name(), aspect.aspect, &[quoted(aspect)]));
        }
        for check in changed(suite) {
            text.push_str(&row(check.change.name(), &name(check), &cell(check)));
        }
    }
    text
}

fn summary(diff: &Diff) -> String {
    let nothing = if diff.is_empty() { "Nothing has changed: " } else { "" };
    format!("{nothing}{}", counts(diff))
}

fn row(change: &str, what: &str, more: &[String]) -> String {
    format!("| **{change}** | {} | {} |\n", plain(what), more.join("<br>"))
}

/// What has changed of a check, in one cell.
fn cell(check: &CheckDiff) -> Vec<String> {
    let parts = check.parts.iter().map(|part| {
        let change = if check.parts.len() == 1 { "" } else { part.change.name() };
        let space = if change.is_empty() { "" } else { " " };
        format!("{}{space}{change}: {}", part.aspect, quoted(part))
    });
    demand(check).map(|demand| plain(&demand)).into_iter().chain(parts).collect()
}

fn quoted(aspect: &AspectDiff) -> String {
    plain(&from_to(aspect))
}

/// A text in which no sign is markup, and that does not end the cell of a table.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // What a name may mention or a number may refer to.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    // A link that stands for itself.
    escaped.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(plain("[a](http://x) | @you #1"), r"\[a\]\(http:&#47;&#47;x\) \| &#64;you &#35;1");
        assert_eq!(plain("<b>_x_\n"), r"&lt;b&gt;\_x\_\\n");
    }
}
