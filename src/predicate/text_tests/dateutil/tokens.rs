//! Cuts texts into tokens as Python's dateutil does.

/// A number in a text, without sign and exponent.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// The whole part, at most `i32::MAX`, which is too large for any date.
    pub whole: i64,
    /// True if a digit after the point is not 0.
    pub fraction: bool,
}

impl Number {
    pub(super) fn read(token: &str) -> Option<Self> {
        let (whole, fraction) = token.split_once('.').unwrap_or((token, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (!whole.is_empty() && digits(whole) && digits(fraction)).then(|| Self {
            whole: whole.parse().map_or(i64::from(i32::MAX), |whole: i64| whole.min(i64::from(i32::MAX))),
            fraction: fraction.bytes().any(|digit| digit != b'0'),
        })
    }
}

/// The kind of a token, as far as it has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Word,
    Number,
    WordWithDot,
    NumberWithDot,
}

/// Cuts a text into words, numbers and single signs. The end of a token decides whether
/// its dots and commas join or separate.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut signs = text.chars().filter(|sign| *sign != '\0').peekable();
    while let Some(sign) = signs.next() {
        let mut state = match sign {
            _ if sign.is_alphabetic() => State::Word,
            _ if sign.is_ascii_digit() => State::Number,
            _ => {
                tokens.push(if sign.is_whitespace() { " ".to_owned() } else { sign.to_string() });
                continue;
            }
        };
        let mut token = sign.to_string();
        let mut letters = false;
        while let Some(next) = signs.peek().copied() {
            letters |= matches!(state, State::Word | State::WordWithDot);
            let (word, digit) = (next.is_alphabetic(), next.is_ascii_digit());
            let after_dot = token.ends_with('.');
            state = match state {
                State::Word if word => State::Word,
                State::Word if next == '.' => State::WordWithDot,
                State::Number if digit => State::Number,
                State::Number if next == '.' || (next == ',' && token.len() >= 2) => State::NumberWithDot,
                State::WordWithDot if next == '.' || word => State::WordWithDot,
                State::WordWithDot if digit && after_dot => State::NumberWithDot,
                State::NumberWithDot if next == '.' || digit => State::NumberWithDot,
                State::NumberWithDot if word && after_dot => State::WordWithDot,
                _ => break,
            };
            token.push(next);
            signs.next();
        }
        let dotted = matches!(state, State::WordWithDot | State::NumberWithDot);
        if dotted && (letters || token.matches('.').count() > 1 || token.ends_with(['.', ','])) {
            for part in token.split_inclusive(['.', ',']) {
                let word = part.trim_end_matches(['.', ',']);
                tokens.extend(
                    [word, &part[word.len()..]]
                        .map(str::to_owned)
                        .into_iter()
                        .filter(|part| !part.is_empty()),
                );
            }
        } else if state == State::NumberWithDot && !token.contains('.') {
            tokens.push(token.replace(',', "."));
        } else {
            tokens.push(token);
        }
    }
    tokens
}

pub(super) fn is_digits(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses digits. A number that is too large for the type is too large for a date, too.
pub(super) fn integer(text: &str) -> Option<i64> {
    is_digits(text).then(|| text.parse().unwrap_or(i64::from(i32::MAX)))
}
