//! Line numbers of places in a text.

use super::Span;

/// The offsets at which the lines of a text begin, to look up the lines of many places.
#[derive(Clone, Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Finds the lines of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect())
    }

    /// Returns the line, from 1, of the first byte of a span.
    #[must_use]
    pub fn line(&self, span: Span) -> usize {
        self.0.partition_point(|start| *start <= span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_positions() {
        for text in ["", "a", "\n", "a\nbc\n\nd", "ä\n\r\nß"] {
            let lines = Lines::of(text);
            for start in (0..=text.len()).filter(|start| text.is_char_boundary(*start)) {
                let span = Span::new(start, start);
                assert_eq!(lines.line(span), span.position(text).line, "{text:?} at {start}");
            }
        }
    }
}
