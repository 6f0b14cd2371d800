//! Masks settings files, which may hold secrets: names stay visible, and almost no values do.

/// A word of a settings file.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// The text of the word.
    pub text: &'a str,
    /// True if a colon follows, so that the word is a name.
    pub is_name: bool,
}

/// Returns the text with every word that `keeps` rejects replaced by as many asterisks as it has bytes.
/// Punctuation and offsets stay, so that an error can be located without showing a value.
pub fn masked_values(text: &str, keeps: impl Fn(Word<'_>) -> bool) -> String {
    // Other characters between words may be a part of a value, as in `abc+d/e=`.
    let ends = |letter: char| letter.is_whitespace() || "{}[],:\"'#".contains(letter);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if ends(letter) {
            shown.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let (word, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        let is_name = behind.trim_start_matches(['"', '\'', ' ']).starts_with(':');
        if word == "-" || keeps(Word { text: word, is_name }) {
            shown.push_str(word);
        } else {
            shown.push_str(&"*".repeat(word.len()));
        }
        rest = behind;
    }
    shown
}

/// Returns a message in which every quotation that `keeps` rejects is replaced by `…`.
pub fn masked_quotations(message: &str, keeps: impl Fn(&str) -> bool) -> String {
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, quoted)) = rest.split_once('"') {
        let mut escaped = false;
        let end = quoted.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        let (quotation, behind) = quoted.split_at(end.unwrap_or(quoted.len()));
        shown.push_str(before);
        shown.push('"');
        shown.push_str(if keeps(quotation) { quotation } else { "…" });
        shown.push('"');
        rest = behind.strip_prefix('"').unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_words_stay() {
        let keeps = |word: Word<'_>| word.is_name && ["layers", "gold"].contains(&word.text);
        let text = "layers: {gold: ab/c+=}\nsëcret: \"x\" # layers\n- gold\n";
        let shown = "layers: {gold: ******}\n*******: \"*\" # ******\n- ****\n";
        assert_eq!(masked_values(text, keeps), shown);
        let keeps = |word: &str| word == "gold";
        assert_eq!(masked_quotations(r#"no "gold", found "x\"y\\""#, keeps), r#"no "gold", found "…""#);
        assert_eq!(masked_quotations(r#"found "x"#, keeps), r#"found "…""#);
    }
}
