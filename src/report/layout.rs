//! Text in columns and lines, as wide as a terminal shows it: a Chinese character takes two columns, a mark above a letter
//! none.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::inert::inert;

/// No terminal is taken for narrower: words in lines of a few letters read worse than lines that the terminal breaks.
const NARROWEST: usize = 20;

/// Returns the columns that a text takes.
#[must_use]
pub fn display_width(text: &str) -> usize {
    text.width()
}

/// The text, and blanks up to so many columns.
#[must_use]
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// Words in lines of at most so many columns. A word that is longer than a line goes on in the next one.
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(last) if display_width(last) + 1 + display_width(word) <= width => {
                last.push(' ');
                last.push_str(word);
                // A word may begin a command, or do so behind blanks; made none, it may be too long.
                if word.contains([':', '#']) && matches!(inert(last), Cow::Owned(_)) {
                    last.truncate(last.len() - word.len() - 1);
                    broken(&mut lines, word, width);
                }
            }
            _ => broken(&mut lines, word, width),
        }
    }
    lines
}

/// Adds a word in as many lines as it takes. What would be a command at the beginning of one is made none before it is
/// measured, as it is longer then.
fn broken(lines: &mut Vec<String>, word: &str, width: usize) {
    let mut rest = inert(word).into_owned();
    while let Some(end) = end_of_line(&rest, width) {
        let next = rest.split_off(end);
        lines.push(std::mem::replace(&mut rest, inert(&next).into_owned()));
    }
    lines.push(rest);
}

/// Returns where a text has to be broken, if it is longer than a line: never between a character and what is drawn with it.
fn end_of_line(text: &str, width: usize) -> Option<usize> {
    if display_width(text) <= width {
        return None;
    }
    let mut end = None;
    for (at, character) in text.char_indices() {
        if at > 0 && character.width() != Some(0) {
            end = Some(at);
        }
        let taken = text.get(..at + character.len_utf8()).map_or(0, display_width);
        if taken > width && end.is_some() {
            return end;
        }
    }
    None
}

/// The room that is left of a terminal's columns beside so many others.
pub(super) fn room(width: Option<usize>, taken: usize) -> usize {
    width.map_or(usize::MAX, |width| width.max(NARROWEST).saturating_sub(taken).max(NARROWEST / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_a_terminal() {
        assert_eq!((display_width("日本"), display_width("e\u{301}"), display_width("ab…")), (4, 1, 3));
        assert_eq!(padded("日本", 5), "日本 ");
        assert_eq!(padded("longer", 5), "longer");
    }

    #[test]
    fn words_stand_in_lines_that_fit() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("订单 状态 无效", 9), ["订单 状态", "无效"]);
        assert_eq!(wrapped("a lake/silver/orders", 8), ["a", "lake/sil", "ver/orde", "rs"]);
        assert_eq!(wrapped("订单状态", 5), ["订单", "状态"]);
        assert_eq!(wrapped(" ::x", 12), ["", "\\u{3a}:x"]);
        assert_eq!(wrapped("a ##[x] b", 9), ["a", "#\\u{23}[x", "] b"]);
        assert_eq!(wrapped("see ::error::x", 12), ["see", "\\u{3a}:error", "\\u{3a}:x"]);
    }
}
