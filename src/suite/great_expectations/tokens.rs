//! Splits conditions as Python writes them into tokens.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, a keyword, or a name in backticks.
    Name {
        /// The name without backticks.
        text: String,
        /// True if the name stands in backticks, and so is no keyword.
        quoted: bool,
    },
    /// A number.
    Number(String),
    /// A text.
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// The signs; a longer sign comes before its prefix.
const SIGNS: [&str; 22] = [
    "==", "!=", "<=", ">=", "**", "//", "<", ">", "+", "-", "*", "/", "%", "&", "|", "~", "(", ")", "[", "]",
    ",", ".",
];

/// Splits a text into tokens.
///
/// # Errors
/// What is no token, as a lower-case fragment.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = if first == '\'' || first == '"' {
            let (text, after) = quoted(rest, first)?;
            (Token::Text(text), after)
        } else if first == '`' {
            let inner = &rest[1..];
            let end = inner.find('`').ok_or("a backtick without its partner")?;
            (Token::Name { text: inner[..end].to_owned(), quoted: true }, &inner[end + 1..])
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        {
            let (number, after) = rest.split_at(number(rest));
            (Token::Number(number.replace('_', "")), after)
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (Token::Name { text: rest[..end].to_owned(), quoted: false }, &rest[end..])
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), &rest[sign.len()..])
        } else {
            return Err(format!("{first:?} is not understood"));
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// Returns the length of the number with which a text begins.
fn number(text: &str) -> usize {
    let mut before = ' ';
    text.find(|c: char| {
        let part = c.is_ascii_digit()
            || matches!(c, '.' | '_' | 'e' | 'E')
            || (matches!(c, '+' | '-') && matches!(before, 'e' | 'E'));
        before = c;
        !part
    })
    .unwrap_or(text.len())
}

/// Returns the text in quotes with which a text begins, its escapes resolved, and the rest.
fn quoted(text: &str, quote: char) -> Result<(String, &str), String> {
    let mut inner = String::new();
    let mut rest = text[1..].chars();
    loop {
        match rest.next() {
            None => return Err("a text without its closing quote".to_owned()),
            Some('\\') => match rest.next() {
                Some('n') => inner.push('\n'),
                Some('t') => inner.push('\t'),
                Some(plain @ ('\\' | '\'' | '"')) => inner.push(plain),
                _ => return Err("an escape that is not understood".to_owned()),
            },
            Some(c) if c == quote => return Ok((inner, rest.as_str())),
            Some(c) => inner.push(c),
        }
    }
}
