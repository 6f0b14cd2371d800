//! Parts of single texts, counted in Unicode characters.

/// Returns the characters from a position on, at most `length` of them. The first character is 1 and the last
/// is -1, as in Spark. Positions before the first character count towards the length.
pub(crate) fn substring(text: &str, start: i128, length: Option<i128>) -> &str {
    let from = match start {
        1.. => start - 1,
        0 => 0,
        _ => start.saturating_add(characters(text)),
    };
    let until = length.map(|length| from.saturating_add(length.max(0)));
    let begin = byte_of(text, from.max(0));
    let end = until.map_or(text.len(), |until| byte_of(text, until.max(0)));
    text.get(begin..end).unwrap_or_default()
}

/// Returns the first `count` characters.
pub(crate) fn left(text: &str, count: i128) -> &str {
    substring(text, 1, Some(count))
}

/// Returns the last `count` characters.
pub(crate) fn right(text: &str, count: i128) -> &str {
    let skipped = characters(text).saturating_sub(count.max(0)).max(0);
    text.get(byte_of(text, skipped)..).unwrap_or_default()
}

/// Replaces every occurrence of a part; an empty part occurs nowhere.
pub(crate) fn replace(text: &str, part: &str, other: &str) -> String {
    if part.is_empty() { text.to_owned() } else { text.replace(part, other) }
}

fn characters(text: &str) -> i128 {
    i128::try_from(text.chars().count()).unwrap_or(i128::MAX)
}

/// Returns the byte offset of a character by its number, from 0; the end of the text if there are fewer
/// characters.
fn byte_of(text: &str, character: i128) -> usize {
    let nth = usize::try_from(character).ok().and_then(|number| text.char_indices().nth(number));
    nth.map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_in_characters() {
        for (start, length, part) in [
            (2, None, "éc"),
            (2, Some(1), "é"),
            (0, Some(2), "aé"),
            (-2, None, "éc"),
            (-2, Some(1), "é"),
            (-5, Some(3), "a"),
            (-5, Some(1), ""),
            (4, Some(1), ""),
            (1, Some(0), ""),
            (1, Some(-1), ""),
            (2, Some(i128::MAX), "éc"),
            (i128::MIN, Some(3), ""),
        ] {
            assert_eq!(substring("aéc", start, length), part, "{start} {length:?}");
        }
        assert_eq!((left("aéc", 2), right("aéc", 2)), ("aé", "éc"));
        assert_eq!((left("aéc", -1), right("aéc", 0), right("aéc", 9)), ("", "", "aéc"));
        assert_eq!((replace("aXbX", "X", "é"), replace("ab", "", "x")), ("aébé".into(), "ab".into()));
    }
}
