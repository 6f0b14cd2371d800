//! Locates the text of a scalar in its spelling, between quotes, escapes and indentation.

use super::Span;

/// Returns the range in `spelling`, the spelling of `text`, of a range of `text`.
pub(super) fn locate(spelling: &str, text: &str, inner: Span) -> Option<Span> {
    let last = text.get(..inner.end)?.char_indices().next_back().map_or(0, |(at, _)| at).max(inner.start);
    let (mut start, mut units) = (None, units(spelling));
    for (at, wanted) in text.char_indices() {
        let unit = units.find(|unit| unit.spells(wanted))?;
        if at == inner.start {
            start = Some(unit.start);
        }
        if at == last {
            return start.map(|start| Span::new(start, unit.end));
        }
    }
    None
}

/// A character or an escape of a spelling.
struct Unit {
    start: usize,
    end: usize,
    /// The character; `None` for an escape, which may stand for any character.
    character: Option<char>,
}

impl Unit {
    /// Returns whether the unit may spell a character. A line break that is folded spells a blank.
    fn spells(&self, wanted: char) -> bool {
        self.character.is_none_or(|spelling| spelling == wanted || (spelling == '\n' && wanted == ' '))
    }
}

fn units(spelling: &str) -> impl Iterator<Item = Unit> {
    let escapes = spelling.starts_with('"');
    let begin = match spelling.chars().next() {
        Some('"' | '\'') => 1,
        // The text begins after the line of the block's indicator.
        Some('|' | '>') => spelling.find('\n').map_or(0, |newline| newline + 1),
        _ => 0,
    };
    let mut rest = spelling.char_indices().skip_while(move |(at, _)| *at < begin).peekable();
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
        // A backslash at the end of a line joins it to the next one without a blank, and spells no character.
        let character = (escaped == '\n').then_some('\0');
        Some(Unit { start, end, character })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_part_of_the_text() {
        for (spelling, text, part, found) in [
            ("'a = ''x'' b'", "a = 'x' b", "b", "b"),
            ("'a = ''x'' b'", "a = 'x' b", "x", "x"),
            (r#""\u00e9 = \"x\" b""#, "é = \"x\" b", "b", "b"),
            (r#""\u00e9 = \"x\" b""#, "é = \"x\" b", "é", r"\u00e9"),
            ("|\n    a = 1\n    and b\n", "a = 1\nand b\n", "and b", "and b"),
            (">-\n    a = 1\n    and b\n", "a = 1 and b", "and b", "and b"),
            ("a = 1\n      and b", "a = 1 and b", "1 and", "1\n      and"),
        ] {
            let start = text.find(part).unwrap();
            let span = locate(spelling, text, Span::new(start, start + part.len())).unwrap();
            assert_eq!(&spelling[span.start..span.end], found, "{spelling}");
        }
        assert_eq!(locate("*alias", "text", Span::new(0, 4)), None);
    }
}
