//! Numbers of payment cards.

/// Returns whether a text is 12 to 19 digits, the first one not 0, possibly in groups, with a checksum that
/// is right by Luhn's formula.
pub(super) fn is_card_number(text: &str) -> bool {
    let grouped = text.split([' ', '-']).all(|group| !group.is_empty());
    let digits: Option<Vec<u32>> =
        text.chars().filter(|sign| !matches!(sign, ' ' | '-')).map(|sign| sign.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        let doubled = |(place, digit): (usize, &u32)| match digit * 2 {
            _ if place % 2 == 0 => *digit,
            twice => twice / 10 + twice % 10,
        };
        let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
        grouped && (12..=19).contains(&digits.len()) && digits[0] != 0 && sum.is_multiple_of(10)
    })
}
