//! Shows errors in suites, with a marker under the place in the text.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::terminal::{error, note};
use crate::document::{Diagnostic, masked_credentials, without_credentials};
use crate::plan::BindError;
use crate::run::chain;
use crate::suite::{Suite, SuiteError};

/// The most characters that a marker spans. Beside the marker, the line is shown as far as the screen is
/// wide.
const MOST_MARKED: usize = 60;

/// Shows all errors of a file.
pub(super) fn show(problem: &SuiteError) {
    match problem {
        SuiteError::Invalid { path, text, diagnostics } => {
            for diagnostic in diagnostics {
                show_one(path, text, diagnostic);
            }
        }
        other => error(&chain(other), Some("is the path right, and may the file be read?")),
    }
}

/// Shows a remark on something that is no error.
pub(super) fn show_remark(path: &str, text: &str, remark: &Diagnostic) {
    if text.is_empty() || remark.is_secret {
        return note(&format!("note: {path}: {}", without_credentials(&remark.message)));
    }
    marked(Level::NOTE, path, text, remark);
}

/// Shows why a suite as a whole does not fit the table.
pub(super) fn does_not_fit(suite: &Suite, problem: &BindError) {
    let BindError { message, help, span } = problem;
    match span {
        Some(span) => {
            let diagnostic = Diagnostic::new(*span, message.as_str()).maybe_help(help.clone());
            show_one(&suite.path, &suite.text, &diagnostic);
        }
        None => error(message, help.as_deref()),
    }
}

/// Shows one diagnostic.
pub(super) fn show_one(path: &str, text: &str, diagnostic: &Diagnostic) {
    if text.is_empty() {
        error(&format!("{path}: {}", diagnostic.message), diagnostic.help.as_deref());
        return;
    }
    if diagnostic.is_secret {
        let line = diagnostic.span.position(text).line;
        error(&format!("{path}:{line}: {}", diagnostic.message), diagnostic.help.as_deref());
        return;
    }
    marked(Level::ERROR, path, text, diagnostic);
}

/// Shows the text with a marker under the span of a diagnostic.
fn marked(level: Level<'_>, path: &str, text: &str, diagnostic: &Diagnostic) {
    let (start, end) = (diagnostic.span.start.min(text.len()), diagnostic.span.end.min(text.len()));
    // A marker spans at most the start of the first line that it marks; more would add nothing.
    let marked = text.get(start..end).unwrap_or_default();
    let marked = marked.split('\n').next().unwrap_or_default();
    let first_line = start + marked.char_indices().nth(MOST_MARKED).map_or(marked.len(), |(at, _)| at);
    // Credentials in URLs and options are masked, which leaves all positions as they are.
    let shown = masked_credentials(text);
    let snippet = Snippet::source(shown.as_str())
        .path(path)
        .annotation(AnnotationKind::Primary.span(start..first_line.max(start)));
    let message = without_credentials(&diagnostic.message);
    let help = diagnostic.help.as_deref().map(without_credentials);
    let mut group = Group::with_title(level.primary_title(message.as_str())).element(snippet);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    note(&format!("{}\n", Renderer::styled().render(&[group])));
}
