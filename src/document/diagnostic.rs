//! Diagnostics: errors in a document, with their places and help.

use serde::Serialize;

use super::{Node, brief};

/// A range of bytes in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset of the byte after the last one.
    pub end: usize,
}

impl Span {
    /// Returns the range `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns whether another range lies within this one.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the line and the column of the first byte.
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

/// An error at one place of a document, with help if a remedy is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The error, as a lower-case fragment.
    pub message: String,
    /// The place of the error.
    pub span: Span,
    /// The remedy: the nearest correct word, or what is accepted.
    pub help: Option<String>,
    /// True if the text at the place must not be shown.
    pub is_secret: bool,
}

impl Diagnostic {
    /// Returns a diagnostic without help. Long quotations in its message are cut.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: brief(message), span, help: None, is_secret: false }
    }

    /// Returns the diagnostic with its place, which is relative to a scalar's text, translated to the
    /// document.
    #[must_use]
    pub fn inside(self, scalar: &Node) -> Self {
        Self { span: scalar.within(self.span), ..self }
    }

    /// Returns the diagnostic with the text at its place marked as secret.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.is_secret = true;
        self
    }

    /// Returns the diagnostic with help. Long quotations in the help are cut.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(brief(help));
        self
    }

    /// Returns the diagnostic with help, or without it for `None`.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.map(brief);
        self
    }
}
