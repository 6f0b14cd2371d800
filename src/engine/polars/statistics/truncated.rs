//! Finds upper bounds of texts, which writers truncate before they store them as statistics.

/// Returns an upper bound of all texts that a Delta writer may have truncated to `text`. A writer keeps at
/// most the first 32 code units, and appends a tie: a character that the writer takes for the greatest. Not
/// all writers chose well (delta-io/delta#3430), so the tie is not trusted.
pub(super) fn upper_bound_of_truncated(text: &str) -> Option<String> {
    const LONGEST_WHOLE: usize = 31;
    const TIES: [char; 5] = ['\u{7f}', '\u{fffd}', '\u{ffff}', '\u{10fffd}', '\u{10ffff}'];
    let whole = text.trim_end_matches(TIES);
    // The character before the tie may stand for half of a surrogate pair.
    let kept = if whole.len() < text.len() {
        let last = whole.char_indices().next_back();
        last.map_or("", |(start, _)| &whole[..start])
    } else if text.encode_utf16().count() <= LONGEST_WHOLE {
        return Some(text.to_owned());
    } else {
        text
    };
    let mut units = 0;
    let end = kept.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > LONGEST_WHOLE
    });
    let kept = &kept[..end.map_or(kept.len(), |(start, _)| start)];
    successor(kept)
}

/// Returns an upper bound of all texts of a column for which a footer states `text`. `exact` tells whether
/// `text` is the greatest value itself. The format asks writers to increase a truncated upper bound, but not
/// all of them do.
pub(super) fn upper_bound_in_footer(text: &str, exact: Option<bool>) -> Option<String> {
    if may_be_truncated(text.len(), exact) { successor(text) } else { Some(text.to_owned()) }
}

/// Returns whether a bound of `bytes` bytes may be truncated.
pub(super) fn may_be_truncated(bytes: usize, exact: Option<bool>) -> bool {
    /// The fewest bytes that any writer is known to keep of a text without stating that it truncated.
    const SHORTEST: usize = 16;
    exact.map_or(bytes >= SHORTEST, |exact| !exact)
}

/// Returns the least text that is greater than every text with this prefix, or `None`.
fn successor(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // Between two consecutive characters there may be code points that are not characters.
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    #[test]
    fn texts_may_be_truncated_short() {
        assert_eq!(upper_bound_of_truncated("short").as_deref(), Some("short"));
        let long = "a".repeat(32);
        assert_eq!(upper_bound_of_truncated(&long), Some(format!("{}b", "a".repeat(30))));
        assert_eq!(upper_bound_of_truncated("ab\u{7f}").as_deref(), Some("b"));
        assert_eq!(upper_bound_of_truncated("\u{10ffff}"), None);
        assert_eq!(successor("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
    }

    #[test]
    fn what_a_footer_says_is_cut_stands_for_all_that_begin_so() {
        let above = |text, exact| upper_bound_in_footer(text, exact);
        assert_eq!(above("s0", Some(false)).as_deref(), Some("s1"));
        assert_eq!(above("s0", Some(true)).as_deref(), Some("s0"));
        assert_eq!(above("s0", None).as_deref(), Some("s0"));
        let long = "a".repeat(16);
        assert_eq!(above(&long, Some(true)).as_deref(), Some(&*long));
        assert_eq!(above(&long, None), Some(format!("{}b", "a".repeat(15))));
        assert_eq!(above("", Some(false)), None);
    }

    proptest! {
        /// Whatever a writer appends to 32 code units, the upper bound is not below the original text.
        #[test]
        fn texts_that_were_cut_are_not_above(text in any::<String>(), kept in 1_usize..40, tie in any::<bool>()) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let (mut written, cut) = match units.get(..kept.max(32)) {
                Some(kept) if kept.len() < units.len() => {
                    // Java writes a question mark for half of a surrogate pair.
                    (char::decode_utf16(kept.iter().copied()).map(|letter| letter.unwrap_or('?')).collect(), true)
                }
                _ => (text.clone(), false),
            };
            if cut && tie {
                written.push('\u{fffd}');
            }
            if let Some(above) = upper_bound_of_truncated(&written) {
                prop_assert!(above >= text, "{above:?} {text:?}");
            }
        }
    }
}
