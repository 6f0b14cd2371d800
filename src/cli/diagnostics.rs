//! Shows errors in suites, with a marker under the place in the text.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::terminal::{error, note};
use crate::document::{Diagnostic, Lines, Span, masked_credentials, without_credentials};
use crate::plan::BindError;
use crate::run::chain;
use crate::suite::{Suite, SuiteError};

/// The most characters that a marker spans. Beside the marker, the line is shown as far as the screen is
/// wide.
const MOST_MARKED: usize = 60;

/// A file in which places are marked.
pub(super) struct Source<'a> {
    path: &'a str,
    text: &'a str,
    lines: Lines,
    /// The text without credentials, whose masks leave all positions as they are.
    shown: String,
}

impl<'a> Source<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text, lines: Lines::of(text), shown: masked_credentials(text) }
    }

    pub(super) fn of(suite: &'a Suite) -> Self {
        Self::new(&suite.path, &suite.text)
    }

    /// Shows an error.
    pub(super) fn show(&self, diagnostic: &Diagnostic) {
        let Self { path, text, .. } = self;
        if text.is_empty() {
            error(&format!("{path}: {}", diagnostic.message), diagnostic.help.as_deref());
            return;
        }
        if diagnostic.is_secret {
            let line = self.lines.line(diagnostic.span);
            error(&format!("{path}:{line}: {}", diagnostic.message), diagnostic.help.as_deref());
            return;
        }
        self.mark(Level::ERROR, diagnostic);
    }

    /// Shows a remark on something that is no error.
    pub(super) fn show_remark(&self, remark: &Diagnostic) {
        if self.text.is_empty() || remark.is_secret {
            return note(&format!("note: {}: {}", self.path, without_credentials(&remark.message)));
        }
        self.mark(Level::NOTE, remark);
    }

    /// Shows a line with a marker under the span of a diagnostic.
    fn mark(&self, level: Level<'_>, diagnostic: &Diagnostic) {
        let Self { path, text, lines, shown } = self;
        let (start, end) = (diagnostic.span.start.min(text.len()), diagnostic.span.end.min(text.len()));
        // A marker spans at most the start of the first line that it marks; more would add nothing.
        let marked = text.get(start..end).unwrap_or_default();
        let marked = marked.split('\n').next().unwrap_or_default();
        let end = start + marked.char_indices().nth(MOST_MARKED).map_or(marked.len(), |(at, _)| at);
        // Of the whole text, each marker would take as long as the text is.
        let line_start = shown[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = shown[start..].find('\n').map_or(shown.len(), |newline| start + newline + 1);
        let snippet = Snippet::source(&shown[line_start..line_end])
            .path(*path)
            .line_start(lines.line(Span::new(start, start)))
            .annotation(AnnotationKind::Primary.span(start - line_start..end.max(start) - line_start));
        let message = without_credentials(&diagnostic.message);
        let help = diagnostic.help.as_deref().map(without_credentials);
        let mut group = Group::with_title(level.primary_title(message.as_str())).element(snippet);
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        note(&format!("{}\n", Renderer::styled().render(&[group])));
    }
}

/// Shows all errors of a file.
pub(super) fn show(problem: &SuiteError) {
    match problem {
        SuiteError::Invalid { path, text, diagnostics } => {
            let source = Source::new(path, text);
            for diagnostic in diagnostics {
                source.show(diagnostic);
            }
        }
        other => error(&chain(other), Some("is the path right, and may the file be read?")),
    }
}

/// Shows why a suite as a whole does not fit the table.
pub(super) fn does_not_fit(suite: &Suite, problem: &BindError) {
    let BindError { message, help, span } = problem;
    match span {
        Some(span) => {
            let diagnostic = Diagnostic::new(*span, message.as_str()).maybe_help(help.clone());
            Source::of(suite).show(&diagnostic);
        }
        None => error(message, help.as_deref()),
    }
}
