//! What is wrong, and where.

use serde::Serialize;

use super::{Node, brief};

/// A range of bytes in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns whether another range lies within this one.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Line and column of the first byte.
    #[must_use]
    pub fn position(self, text: &str) -> Position {
        let before = text.get(..self.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// A place in a text as people count it: line and column from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One thing that is wrong at one place of a document, and the way out where one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// Where.
    pub span: Span,
    /// The way out: the nearest right word, what is accepted.
    pub help: Option<String>,
    /// Whether what stands there must not be shown.
    pub is_secret: bool,
}

impl Diagnostic {
    /// A diagnostic without help. What its message quotes is cut.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: brief(message), span, help: None, is_secret: false }
    }

    /// The diagnostic of a scalar's text as one of the document.
    #[must_use]
    pub fn inside(self, scalar: &Node) -> Self {
        Self { span: scalar.within(self.span), ..self }
    }

    /// The same, of what must not be shown.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// The same with the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(brief(help));
        self
    }

    /// The same with the way out, where there is one.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.map(brief);
        self
    }
}
