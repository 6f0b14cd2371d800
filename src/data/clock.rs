//! Dates and times as they are written.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// The days of 400 years, after which the calendar begins anew.
const DAYS_OF_400_YEARS: i64 = 146_097;
const SECONDS_A_DAY: i64 = 86_400;

/// Days since 1970 of a date of any year.
pub(super) fn date_text(text: &str) -> Option<i64> {
    let near = text.parse::<NaiveDate>().ok().map(|date| i64::from(date.to_epoch_days()));
    near.or_else(|| far_date(text))
}

/// The same of a year of more than four digits, which need not be one that the calendar of a library reaches.
fn far_date(text: &str) -> Option<i64> {
    let (year, rest) = text.split_at_checked(year_end(text)?)?;
    let digits = year.trim_start_matches(['+', '-']).len();
    if !(5..=9).contains(&digits) {
        return None;
    }
    let year: i64 = year.parse().ok()?;
    let like = 2_000 + year.rem_euclid(400);
    let date: NaiveDate = format!("{like}{rest}").parse().ok()?;
    Some(i64::from(date.to_epoch_days()) + (year - like) / 400 * DAYS_OF_400_YEARS)
}

/// Where the year of a date ends, which may have a sign.
fn year_end(text: &str) -> Option<usize> {
    let sign = usize::from(text.starts_with(['+', '-']));
    let digits = text.get(sign..)?.find('-')?;
    (digits > 0 && text[sign..sign + digits].bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(sign + digits)
}

/// Nanoseconds of a timestamp; one without an offset is UTC where an instant is wanted.
pub(super) fn timestamp_text(text: &str, instant: bool) -> Option<i128> {
    const FORMATS: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let (local, offset) = if instant { with_offset(text)? } else { (text, 0) };
    let near = FORMATS
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(local, format).ok())
        .or_else(|| local.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0));
    let (seconds, nanoseconds) = match near {
        Some(time) => {
            let time = Some(time).filter(|time| is_on_the_clock(local, time))?.and_utc();
            (time.timestamp(), time.timestamp_subsec_nanos())
        }
        None => far_time(local)?,
    };
    Some(i128::from(seconds - offset) * 1_000_000_000 + i128::from(nanoseconds))
}

/// Seconds since 1970, and nanoseconds behind them, in a year of more than four digits.
fn far_time(text: &str) -> Option<(i64, u32)> {
    let (date, time) = text.split_at_checked(year_end(text)? + MONTH_AND_DAY)?;
    let midnight = far_date(date)? * SECONDS_A_DAY;
    if time.is_empty() {
        return Some((midnight, 0));
    }
    let time = time.strip_prefix(['T', ' '])?;
    let parsed =
        ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(time, format).ok());
    let parsed = parsed.filter(|parsed| is_on_the_clock(time, parsed))?;
    Some((midnight + i64::from(parsed.num_seconds_from_midnight()), parsed.nanosecond()))
}

/// The part of a timestamp without its offset from UTC, and that in seconds: `Z`, `+01:00`, `+0100`,
/// `+01` or ` UTC`, as common writers have it.
fn with_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix(" UTC")) {
        return Some((local, 0));
    }
    // Behind the date, a sign begins an offset.
    let date = year_end(text).map_or(MONTH_AND_DAY, |year| year + MONTH_AND_DAY);
    let Some(start) = text.get(date..).and_then(|time| time.rfind(['+', '-'])).map(|at| at + date) else {
        return Some((text, 0));
    };
    let (local, offset) = (&text[..start], &text[start + 1..]);
    let (hours, minutes) = match offset.len() {
        2 => (offset, "00"),
        4 => offset.split_at_checked(2)?,
        5 => offset.split_once(':')?,
        _ => return None,
    };
    let digits = |part: &str, least_not: i64| {
        let whole = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|number| whole && *number < least_not)
    };
    let seconds = digits(hours, 24)? * 3_600 + digits(minutes, 60)? * 60;
    Some((local, if text[start..].starts_with('-') { -seconds } else { seconds }))
}

/// How many characters a date has behind its year.
const MONTH_AND_DAY: usize = "-01-31".len();

/// Returns whether a time is what its text says: second 60 would be folded into the next minute, and of a fraction
/// no more than nanoseconds are kept.
pub(super) fn is_on_the_clock(text: &str, time: &impl Timelike) -> bool {
    let fraction = text.rsplit_once('.').map_or("", |(_, fraction)| fraction);
    time.nanosecond() < 1_000_000_000 && fraction.bytes().skip(9).all(|digit| digit == b'0')
}
