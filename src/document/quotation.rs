//! Cuts quotations of input in messages: they are long enough to find the place, and no longer.

/// Maximum number of characters that are shown of a quotation.
const MOST: usize = 60;

/// Returns a message with each of its quotations cut to 60 characters. Quotations are the texts between
/// double quotes, as `{:?}` writes them. A quoted text may be a whole file that was read by mistake.
pub fn brief(message: impl Into<String>) -> String {
    let message = message.into();
    if message.len() <= MOST {
        return message;
    }
    let mut shown = String::with_capacity(message.len());
    let mut rest = message.as_str();
    while let Some(open) = rest.find('"') {
        let (before, quoted) = rest.split_at(open + 1);
        shown.push_str(before);
        let quotation = Quotation::of(quoted);
        shown.push_str(&quoted[..quotation.shown]);
        if quotation.shown < quotation.end {
            shown.push('…');
        }
        rest = &quoted[quotation.end..];
        if let Some(behind) = rest.strip_prefix('"') {
            shown.push('"');
            rest = behind;
        }
    }
    shown.push_str(rest);
    shown
}

/// A quotation at the beginning of a text, after its opening quote.
struct Quotation {
    /// Offset of the closing quote, or of the end of the text.
    end: usize,
    /// Offset at which the shown part ends; never within an escape.
    shown: usize,
}

impl Quotation {
    fn of(text: &str) -> Self {
        let mut characters = text.char_indices().peekable();
        let (mut count, mut cut, mut end) = (0, text.len(), text.len());
        while let Some((at, character)) = characters.next() {
            if character == '"' {
                end = at;
                break;
            }
            if count == MOST {
                cut = at;
            }
            count += 1;
            if character == '\\' {
                let escaped = characters.next().map(|(_, escaped)| escaped);
                if escaped == Some('u') && characters.next_if(|(_, next)| *next == '{').is_some() {
                    while characters.next_if(|(_, next)| *next != '}').is_some() {}
                    characters.next();
                }
            }
        }
        Self { end, shown: cut.min(end) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn quotations_are_cut_and_nothing_else() {
        let long = "x".repeat(61);
        let cut = format!("{}…", "x".repeat(60));
        assert_eq!(brief(format!("found {long:?}, wanted \"a\"")), format!("found \"{cut}\", wanted \"a\""));
        assert_eq!(
            brief(format!("{long} and \"short\" and {long}")),
            format!("{long} and \"short\" and {long}")
        );
        assert_eq!(brief(format!("found {:?}", &long[1..])), format!("found {:?}", &long[1..]));
        // A quotation without a closing quote is cut as well.
        assert_eq!(brief(format!("found \"{long}{long}")), format!("found \"{cut}"));
    }

    proptest! {
        #[test]
        fn at_most_60_characters_are_quoted_of_any_text(text in "(?s).{0,200}", other in "[ -~]{0,40}") {
            let told = brief(format!("found {text:?} and {other:?}"));
            let quoted: String = text.chars().take(60).collect();
            if text.chars().count() <= 60 {
                prop_assert_eq!(told, format!("found {:?} and {:?}", text, other));
            } else {
                let begins = format!("found {quoted:?}");
                prop_assert!(told.starts_with(begins.trim_end_matches('"')), "{}", told);
                prop_assert!(told.ends_with(&format!("…\" and {other:?}")), "{}", told);
            }
        }
    }
}
