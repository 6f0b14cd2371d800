//! Parses a text into a tree, within limits that a hostile document cannot exceed.

use super::{Diagnostic, Node, Span, json, yaml};

/// Maximum size of a document, in bytes. The largest suite seen in the wild has less than 1 MB.
pub const MAX_BYTES: usize = 8 << 20;

/// Maximum depth of nested nodes.
pub(super) const MAX_DEPTH: usize = 64;

/// Maximum number of nodes of a document after its aliases are resolved.
pub const MAX_NODES: usize = 500_000;

/// The syntax of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2.
    Yaml,
    /// JSON, without comments or trailing commas.
    Json,
}

/// Parses a document.
///
/// # Errors
/// The first place where the text is not well-formed or passes a limit.
pub fn parse(text: &str, syntax: Syntax) -> Result<Node, Diagnostic> {
    if text.len() > MAX_BYTES {
        let message = format!("{} bytes are more than the {MAX_BYTES} that are read", text.len());
        return Err(Diagnostic::new(Span::new(0, 0), message));
    }
    if let Some(at) = text.find(|c: char| c == '\0' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Diagnostic::new(Span::new(at, at + 1), "a control character; is this a binary file?"));
    }
    let parsed = match syntax {
        Syntax::Yaml => yaml::parse(text),
        Syntax::Json => json::parse(text),
    };
    // What a text lacks at its end is shown where its last line ends, and not on a line that it does not have.
    let end = text.trim_end().len();
    parsed.map_err(|error| match error.span.start {
        start if start > end => Diagnostic { span: Span::new(end, end), ..error },
        _ => error,
    })
}
