//! Patterns of text.

use regex::RegexBuilder;

/// Compiles a regular expression as the engine would, within a bound on its compiled size.
///
/// # Errors
/// The last line of the compiler's message: what is wrong.
pub fn check_regex(regex: &str) -> Result<(), String> {
    const COMPILED_BYTES: usize = 10 << 20;
    match RegexBuilder::new(regex).size_limit(COMPILED_BYTES).build() {
        Ok(_) => Ok(()),
        Err(error) => {
            let message = error.to_string();
            let last = message.lines().last().unwrap_or_default();
            Err(last.trim().trim_start_matches("error: ").to_owned())
        }
    }
}

/// The regular expression of a `LIKE` pattern: `%` any text, `_` one character, `\` escapes.
#[must_use]
pub fn like_to_regex(pattern: &str) -> String {
    let mut regex = String::from("(?s)^");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '\\' => {
                let escaped = characters.next().unwrap_or('\\');
                regex.push_str(&regex::escape(escaped.encode_utf8(&mut [0; 4])));
            }
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
        let matches = |pattern: &str, text: &str| regex::Regex::new(&like_to_regex(pattern)).unwrap().is_match(text);
        assert!(matches("a%z", "a\nbc z"));
        assert!(matches("100\\%", "100%"));
        assert!(!matches("100\\%", "1000"));
        assert!(matches("_.x", "é.x"));
        assert!(!matches("a.c", "abc"));
    }
}
