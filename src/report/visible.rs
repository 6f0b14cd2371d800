//! Makes untrusted values safe to show: characters that affect a terminal or the reading order are escaped.

use std::fmt::Write as _;

/// Returns the text with escapes in place of control characters and of those that change the reading order or
/// have no width.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            other if other.is_control() || is_unseen(other) => escape(&mut shown, other),
            other => shown.push(other),
        }
    }
    shown
}

/// Whether a character has no width of its own, or changes the reading order. Those that choose how the one before them
/// is drawn, as of an emoji, do not hide anything.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn escape(shown: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
}

/// Returns the text made visible and cut to `most` characters.
#[must_use]
pub fn brief(text: &str, most: usize) -> String {
    // An escape is never shorter than what it stands for: the characters behind these are cut in any case.
    let end = text.char_indices().nth(most.saturating_add(1)).map_or(text.len(), |(at, _)| at);
    let shown = visible(text.get(..end).unwrap_or(text));
    if shown.chars().count() <= most {
        return shown;
    }
    shown.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_unseen() {
        assert_eq!(visible("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(visible("a\u{202e}b\n"), "a\\u{202e}b\\n");
        assert_eq!(visible("#\u{ad}#\u{61c}\u{e0041}"), "#\\u{ad}#\\u{61c}\\u{e0041}");
        assert_eq!(visible("\u{26a0}\u{fe0f} 日本"), "\u{26a0}\u{fe0f} 日本");
        assert_eq!(brief("abcdef", 4), "abc…");
    }
}
