//! The lines of a suite's file in which a check stands.

use crate::document::without_credentials;

/// No check is shown with more lines.
const MOST_LINES: usize = 12;
/// No line is shown with more characters.
const MOST_CHARACTERS: usize = 200;

/// Returns the lines of a check: that of its first byte, and those below that are indented deeper, without the indentation
/// that they share. Possible credentials are hidden, lines without text at the end left out, and what is cut says `…`.
pub(super) fn excerpt(text: &str, start: usize) -> String {
    let before = text.get(..start).unwrap_or_default();
    let first = before.rfind('\n').map_or(0, |at| at + 1);
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut lines = text.get(first..).unwrap_or_default().lines();
    let head = lines.next().unwrap_or_default();
    let shared = indent(head);
    let below = lines.take_while(|line| line.trim().is_empty() || indent(line) > shared);
    let mut shown = String::new();
    for (number, line) in std::iter::once(head).chain(below).enumerate() {
        if number == MOST_LINES {
            shown.push('…');
            break;
        }
        let line = line.get(shared..).unwrap_or_default().trim_end();
        shown.extend(line.chars().take(MOST_CHARACTERS));
        shown.push_str(if line.chars().nth(MOST_CHARACTERS).is_some() { "…\n" } else { "\n" });
    }
    without_credentials(shown.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_shown_as_it_is_written() {
        let text = "columns:\n  a: [not_null]\n  b:\n    - in_set: [x]\n      tags: [t]\n\n    - unique\n";
        let of = |word: &str| excerpt(text, text.find(word).unwrap());
        assert_eq!(of("not_null"), "a: [not_null]");
        assert_eq!(of("in_set"), "- in_set: [x]\n  tags: [t]");
        assert_eq!(of("unique"), "- unique");
        assert_eq!(excerpt("", 0), "");
        assert_eq!(excerpt("é", 1), "é");
        let long = format!("- a:\n{}", "  - b\n".repeat(20));
        assert_eq!(excerpt(&long, 0).lines().count(), MOST_LINES + 1);
        assert_eq!(excerpt("- exists_in: s3://key:secret@bucket/a", 3), "- exists_in: s3://…@bucket/a");
        assert_eq!(excerpt(&"x".repeat(300), 0).chars().count(), MOST_CHARACTERS + 1);
    }
}
