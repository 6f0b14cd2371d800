//! Digits for people.

/// `1500000` → `1,500,000`
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

/// The same for numbers of five digits and more: four are often a year.
pub(crate) fn grouped(number: &str) -> String {
    let digits = number.trim_start_matches('-');
    if digits.find('.').unwrap_or(digits.len()) > 4 { thousands(number) } else { number.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands("-1234567.891"), "-1,234,567.891");
        assert_eq!(thousands("NaN"), "NaN");
        assert_eq!([grouped("1998"), grouped("10000"), grouped("-1234.5")], ["1998", "10,000", "-1234.5"]);
    }
}
