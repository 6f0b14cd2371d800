//! Text that is no command to the build server in whose log it stands.
//!
//! Runners read what a step prints line by line: GitHub Actions take a line that begins with `::` for a command, and
//! `##[` wherever it stands; Azure Pipelines take `##vso[` so, wherever it stands. Both compare as a language does, which
//! passes over characters that have no width. A value of the data could set a variable of the job, or fake its result.

use std::borrow::Cow;

use serde::Serialize;

/// How the two characters that begin a command are written where they would.
#[derive(Clone, Copy)]
struct Escapes {
    hash: &'static str,
    colon: &'static str,
}

const TEXT: Escapes = Escapes { hash: "\\u{23}", colon: "\\u{3a}" };
const MARKUP: Escapes = Escapes { hash: "&#35;", colon: "&#58;" };
const JSON: Escapes = Escapes { hash: "\\u0023", colon: "\\u003a" };

/// Text for people, which may have ANSI styles, with what begins a command as escapes.
#[must_use]
pub fn inert(text: &str) -> Cow<'_, str> {
    escaped(text, TEXT)
}

/// The same of HTML or XML, whose readers read what stood there before.
pub(super) fn inert_markup(text: &str) -> Cow<'_, str> {
    escaped(text, MARKUP)
}

/// A value as JSON, indented, with a line break at its end; the same as those of [`inert_markup`].
pub(crate) fn inert_json(value: &impl Serialize) -> String {
    // What is written here are maps of strings and plain numbers: serialising them cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    // A colon at the beginning of a line would stand outside of all strings, and JSON has none there.
    match escaped(&text, JSON) {
        Cow::Owned(inert) => inert,
        Cow::Borrowed(_) => text,
    }
}

fn escaped(text: &str, escapes: Escapes) -> Cow<'_, str> {
    if !text.contains(['#', ':']) {
        return Cow::Borrowed(text);
    }
    let mut inert = String::new();
    let mut kept = 0;
    for (at, escape) in begins(text, escapes) {
        inert.push_str(text.get(kept..at).unwrap_or_default());
        inert.push_str(escape);
        // Both are of one byte.
        kept = at + 1;
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    inert.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(inert)
}

/// What was read of a line so far.
#[derive(Clone, Copy)]
enum Seen {
    /// Nothing but white space.
    Nothing,
    /// A colon behind that, and its place.
    Colon(usize),
    /// A hash.
    Hash,
    /// Two of them, the place of the second one, and maybe letters behind it.
    Hashes(usize),
    Anything,
}

/// The places of the characters without which nothing of a text begins a command.
fn begins(text: &str, escapes: Escapes) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    let mut seen = Seen::Nothing;
    // Where a style ends that has begun; those that karat writes are of digits.
    let mut style_ends = 0;
    for (at, character) in text.char_indices() {
        if at < style_ends {
            continue;
        }
        seen = match (seen, character) {
            (_, '\n' | '\r') => Seen::Nothing,
            (seen, '\u{1b}') => {
                style_ends = at + style(text.get(at..).unwrap_or_default());
                seen
            }
            (seen, other) if is_passed_over(other) => seen,
            (Seen::Nothing, ' ') => Seen::Nothing,
            (Seen::Nothing, ':') => Seen::Colon(at),
            (Seen::Colon(first), ':') => {
                found.push((first, escapes.colon));
                Seen::Anything
            }
            (Seen::Hash | Seen::Hashes(_), '#') => Seen::Hashes(at),
            (_, '#') => Seen::Hash,
            (Seen::Hashes(second), '[') => {
                found.push((second, escapes.hash));
                Seen::Anything
            }
            (seen @ Seen::Hashes(_), letter) if letter.is_ascii_alphanumeric() => seen,
            _ => Seen::Anything,
        };
    }
    found
}

/// Returns the bytes of the style with which a text begins.
fn style(text: &str) -> usize {
    let rest = text.strip_prefix("\u{1b}[").unwrap_or_default();
    let rest = rest.trim_start_matches(|character: char| character.is_ascii_digit() || character == ';');
    rest.strip_prefix('m').map_or(0, |rest| text.len() - rest.len())
}

/// Returns whether a comparison of texts may pass over a character: no letter or digit, and more than those without a width.
fn is_passed_over(character: char) -> bool {
    character.is_control() || (!character.is_ascii() && !character.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_command_is_escaped() {
        for (text, shown) in [
            ("::error::x", "\\u{3a}:error::x"),
            (" \t\u{a0}::error::x", " \t\u{a0}\\u{3a}:error::x"),
            ("a\n::error::x\r:: y", "a\n\\u{3a}:error::x\r\\u{3a}: y"),
            ("\u{1b}[1m::error::x\u{1b}[0m", "\u{1b}[1m\\u{3a}:error::x\u{1b}[0m"),
            ("\u{1b}::error::x", "\u{1b}\\u{3a}:error::x"),
            (":\u{1b}[1m:error::x", "\\u{3a}\u{1b}[1m:error::x"),
            ("a ##vso[task.complete]", "a #\\u{23}vso[task.complete]"),
            ("###[x] ##vso[y]", "##\\u{23}[x] #\\u{23}vso[y]"),
            ("#\u{ad}#\u{200b}[x]", "#\u{ad}\\u{23}\u{200b}[x]"),
        ] {
            assert_eq!(inert(text), shown);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in ["std::mem", "\"::1\"", "## See [this]", "#1 [x]", "a: b", "##", "[#](#)", "##vso ["] {
            assert!(matches!(inert(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn documents_read_as_before() {
        let value = serde_json::json!({ "a#": "##vso[x]", "b": ["::error::x", "#\u{ad}#[y]"] });
        let text = inert_json(&value);
        assert_eq!(inert(&text), text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert_eq!(inert_markup("<p>\n::a ##[b]</p>"), "<p>\n&#58;:a #&#35;[b]</p>");
    }
}
