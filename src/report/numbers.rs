//! Formats numbers and times.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::data::thousands;

/// Returns a time as RFC 3339 in UTC, to the millisecond.
pub(super) fn timestamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Returns a time for people, to the minute.
pub(crate) fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Returns a count with separated thousands.
pub(super) fn count(number: u64) -> String {
    thousands(&number.to_string())
}

/// Returns a percentage: below 1 with two significant digits, otherwise with one decimal.
pub(crate) fn percent(value: f64) -> String {
    if value == 0.0 {
        return "0 %".to_owned();
    }
    let text = if value < 1.0 {
        // The position of the first significant digit after the decimal point.
        let place = (1..=12).find(|place| value * 10_f64.powi(*place) >= 1.0).unwrap_or(12);
        format!("{value:.*}", usize::try_from(place + 1).unwrap_or(2))
    } else {
        // A percentage below 100 is never rounded to 100.
        format!("{:.1}", if value < 100.0 { value.min(99.9) } else { value })
    };
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Returns by how many percent a count has grown: `+9.2 %`; `None` if there was nothing before.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub(crate) fn growth(before: u64, now: u64) -> Option<String> {
    (before > 0).then(|| format!("{:+.1} %", (now as f64 - before as f64) * 100.0 / before as f64))
}

/// Rounds a percentage to 12 significant digits, for programs.
pub(super) fn hundredths(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// Returns a number of bytes with its unit: `1.5 GB`.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let (mut value, mut unit) = (number as f64, 0);
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 || value >= 99.95 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// Returns a duration: `0.41 s`, `3 min 12 s`.
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub(super) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        ..60_000 => format!("{:.2} s", milliseconds as f64 / 1000.0),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1000 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(percent(0.0008), "0.0008 %");
        assert_eq!(percent(33.333), "33.3 %");
        assert_eq!(percent(99.999), "99.9 %");
        assert_eq!(percent(100.0), "100 %");
        assert_eq!(bytes(1_500_000), "1.5 MB");
        assert_eq!(duration(410), "0.41 s");
    }
}
