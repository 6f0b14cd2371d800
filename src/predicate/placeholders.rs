//! Placeholders in SQL: `$prefix` stands for text that is filled in later.

use sqlparser::dialect::DatabricksDialect;
use sqlparser::tokenizer::{Token, Tokenizer, Whitespace};

use super::sql::byte_at;
use crate::document::{Diagnostic, Span};

/// What the end of an SQL text lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing: the next character begins a token, or continues a word.
    Words,
    /// A text in quotes.
    Text,
    /// A quoted name.
    Name,
    /// A comment.
    Comment,
}

/// Returns what the end of the beginning of an SQL text lies in.
pub(crate) fn end_of(text: &str) -> End {
    let tokens = |text: &str| Tokenizer::new(&DatabricksDialect {}, text).tokenize().ok();
    let closed_by = |end: &str| tokens(&format!("{text}{end}")).is_some();
    match tokens(text).as_deref() {
        Some([.., Token::Whitespace(Whitespace::SingleLineComment { comment, .. })])
            if !comment.ends_with('\n') =>
        {
            End::Comment
        }
        Some(_) => End::Words,
        None if closed_by("'") => End::Text,
        None if closed_by("`") || closed_by("\"") => End::Name,
        None => End::Comment,
    }
}

/// Returns the placeholders of an SQL text by name, each with its position, `$` included. Quoted text and
/// comments contain no placeholders.
///
/// # Errors
/// The text is not even made of the words of SQL, or a placeholder touches one: what is filled in
/// would become a part of it.
pub fn placeholders(text: &str) -> Result<Vec<(String, Span)>, Diagnostic> {
    let tokens = Tokenizer::new(&DatabricksDialect {}, text)
        .tokenize_with_location()
        .map_err(|error| Diagnostic::new(Span::new(0, text.len()), error.message))?;
    let mut found = Vec::new();
    for token in tokens {
        let Token::Placeholder(word) = token.token else { continue };
        let start = byte_at(text, token.span.start);
        let span = Span::new(start, start + word.len());
        let touches = |c: char| c.is_alphanumeric() || "_'`\"$.".contains(c);
        let before = text.get(..span.start).and_then(|before| before.chars().next_back());
        let after = text.get(span.end..).and_then(|after| after.chars().next());
        if before.is_some_and(touches) || after.is_some_and(|c| c != '.' && touches(c)) {
            return Err(Diagnostic::new(span, format!("{word} touches what stands beside it"))
                .help("put a blank between them"));
        }
        found.push((word.trim_start_matches('$').to_owned(), span));
    }
    Ok(found)
}
