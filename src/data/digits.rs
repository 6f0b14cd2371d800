//! Formats numbers for people.

/// Separates thousands: `1500000` → `1,500,000`
pub(crate) fn thousands(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{sign}{digits}");
    }
    let mut shown = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(fraction) = fraction {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

/// Formats a count with its noun: `1 row`, `1,500,000 rows`
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(&number.to_string()), if number == 1 { one } else { many })
}

/// Separates thousands in numbers of five digits and more: four digits are often a year.
pub(crate) fn grouped(number: &str) -> String {
    let digits = number.trim_start_matches('-');
    if digits.find('.').unwrap_or(digits.len()) > 4 { thousands(number) } else { number.to_owned() }
}

/// Returns whether an unquoted text could be read as something else than text: a null, a boolean, a number, a
/// date, or nothing.
pub(crate) fn reads_as_other(text: &str) -> bool {
    const WORDS: [&str; 6] = ["", "null", "none", "~", "true", "false"];
    const NUMBERS: [&str; 3] = ["nan", "inf", "infinity"];
    let lower = text.trim().to_ascii_lowercase();
    let unsigned = lower.trim_start_matches(['+', '-', '.']);
    text.trim() != text
        || WORDS.contains(&lower.as_str())
        || NUMBERS.contains(&unsigned)
        || unsigned.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_plainly_text_is_told() {
        for other in ["", " ", "a ", "NULL", "None", "True", "-inf", "17", "-.5", "+1e5", "2026-01-31", "01"]
        {
            assert!(reads_as_other(other), "{other:?}");
        }
        for text in ["a", "DHL", "nullable", "x1", "n/a", "-", "."] {
            assert!(!reads_as_other(text), "{text:?}");
        }
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands("-1234567.891"), "-1,234,567.891");
        assert_eq!(thousands("NaN"), "NaN");
        assert_eq!([grouped("1998"), grouped("10000"), grouped("-1234.5")], ["1998", "10,000", "-1234.5"]);
    }
}
