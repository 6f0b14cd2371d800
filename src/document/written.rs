//! Where the text of a scalar stands in what is written: between quotes, escapes and indents.

use super::Span;

/// The place in `written` of a range of `text`, which is what `written` says.
pub(super) fn place(written: &str, text: &str, inner: Span) -> Option<Span> {
    let last = text.get(..inner.end)?.char_indices().next_back().map_or(0, |(at, _)| at).max(inner.start);
    let (mut start, mut units) = (None, units(written));
    for (at, wanted) in text.char_indices() {
        let unit = units.find(|unit| unit.says(wanted))?;
        if at == inner.start {
            start = Some(unit.start);
        }
        if at == last {
            return start.map(|start| Span::new(start, unit.end));
        }
    }
    None
}

/// A character that is written, or an escape.
struct Unit {
    start: usize,
    end: usize,
    /// `None` for an escape, which may be any character.
    character: Option<char>,
}

impl Unit {
    /// Returns whether it may be what is written for a character; a line that is folded becomes a blank.
    fn says(&self, wanted: char) -> bool {
        self.character.is_none_or(|written| written == wanted || (written == '\n' && wanted == ' '))
    }
}

fn units(written: &str) -> impl Iterator<Item = Unit> {
    let escapes = written.starts_with('"');
    let begin = match written.chars().next() {
        Some('"' | '\'') => 1,
        // Behind the line of the block's indicator.
        Some('|' | '>') => written.find('\n').map_or(0, |newline| newline + 1),
        _ => 0,
    };
    let mut rest = written.char_indices().skip_while(move |(at, _)| *at < begin).peekable();
    std::iter::from_fn(move || {
        let (start, character) = rest.next()?;
        if !escapes || character != '\\' {
            return Some(Unit { start, end: start + character.len_utf8(), character: Some(character) });
        }
        let (at, escaped) = rest.next()?;
        let digits = match escaped {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let end = rest.by_ref().take(digits).last().map_or(at + escaped.len_utf8(), |(at, _)| at + 1);
        // A line that ends in a backslash goes on without a blank.
        let character = (escaped == '\n').then_some('\0');
        Some(Unit { start, end, character })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_part_of_the_text() {
        for (written, text, part, found) in [
            ("'a = ''x'' b'", "a = 'x' b", "b", "b"),
            ("'a = ''x'' b'", "a = 'x' b", "x", "x"),
            (r#""\u00e9 = \"x\" b""#, "é = \"x\" b", "b", "b"),
            (r#""\u00e9 = \"x\" b""#, "é = \"x\" b", "é", r"\u00e9"),
            ("|\n    a = 1\n    and b\n", "a = 1\nand b\n", "and b", "and b"),
            (">-\n    a = 1\n    and b\n", "a = 1 and b", "and b", "and b"),
            ("a = 1\n      and b", "a = 1 and b", "1 and", "1\n      and"),
        ] {
            let start = text.find(part).unwrap();
            let span = place(written, text, Span::new(start, start + part.len())).unwrap();
            assert_eq!(&written[span.start..span.end], found, "{written}");
        }
        assert_eq!(place("*alias", "text", Span::new(0, 4)), None);
    }
}
