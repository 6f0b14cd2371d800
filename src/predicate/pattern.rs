//! Regular expressions and `LIKE` patterns.

use regex::RegexBuilder;
use regex_syntax::Error;

use crate::document::{Diagnostic, Span};

/// Compiles a regular expression as the engine would, with a limit on the compiled size.
///
/// # Errors
/// What is wrong, and where in the expression.
pub fn check_regex(regex: &str) -> Result<(), Diagnostic> {
    const COMPILED_BYTES: usize = 10 << 20;
    let wrong = |reason: String, span| {
        Err(Diagnostic::new(span, format!("the regular expression does not compile: {reason}"))
            .help("a sign that means itself stands behind a backslash, as in \\[ or \\("))
    };
    let place = |span: &regex_syntax::ast::Span| Span::new(span.start.offset, span.end.offset);
    let whole = Span::new(0, regex.len());
    match regex_syntax::parse(regex) {
        Err(Error::Parse(error)) => wrong(error.kind().to_string(), place(error.span())),
        Err(Error::Translate(error)) => wrong(error.kind().to_string(), place(error.span())),
        Err(error) => wrong(error.to_string(), whole),
        Ok(_) => match RegexBuilder::new(regex).size_limit(COMPILED_BYTES).build() {
            Err(_) => Err(Diagnostic::new(
                whole,
                format!("the regular expression takes more than {} MB compiled", COMPILED_BYTES >> 20),
            )),
            Ok(_) => Ok(()),
        },
    }
}

/// The escape character of `LIKE`, unless another one is named.
pub const LIKE_ESCAPE: char = '\\';

/// Converts a `LIKE` pattern to a regular expression: `%` matches any text, `_` one character, and a
/// character after the escape matches itself.
#[must_use]
pub fn like_to_regex(pattern: &str, escape: Option<char>) -> String {
    let mut regex = String::from("(?s)^");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            escape_sign if Some(escape_sign) == escape => {
                let escaped = characters.next().unwrap_or(escape_sign);
                regex.push_str(&regex::escape(escaped.encode_utf8(&mut [0; 4])));
            }
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_is_anchored_and_escaped() {
        let with = |pattern: &str, escape, text: &str| {
            regex::Regex::new(&like_to_regex(pattern, escape)).unwrap().is_match(text)
        };
        let matches = |pattern: &str, text: &str| with(pattern, Some(LIKE_ESCAPE), text);
        assert!(matches("a%z", "a\nbc z"));
        assert!(matches("100\\%", "100%"));
        assert!(!matches("100\\%", "1000"));
        assert!(matches("_.x", "é.x"));
        assert!(!matches("a.c", "abc"));
        assert!(with("%%\\", Some('%'), "%\\") && !with("%%\\", Some('%'), "a%\\"));
        assert!(with("\\%", None, "\\a"));
    }
}
