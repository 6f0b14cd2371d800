//! The words of a name.

/// Returns the words of a name, in lower case: `homePhone2`, `home_phone` and `HOME PHONE` begin with `home`. Characters
/// that do not belong to words separate them.
pub(crate) fn words(name: &str, belongs: impl Fn(char) -> bool) -> Vec<String> {
    let (mut words, mut word, mut before) = (Vec::new(), String::new(), ' ');
    for character in name.chars() {
        let begins = before.is_lowercase() && character.is_uppercase();
        if !belongs(character) || begins {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if belongs(character) {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}
