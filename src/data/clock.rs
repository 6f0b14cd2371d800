//! Parses dates and times as texts write them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Number of days in 400 years, after which the calendar repeats.
const DAYS_OF_400_YEARS: i64 = 146_097;
const SECONDS_A_DAY: i64 = 86_400;

/// Returns the days since 1970 of a date of any year.
pub(super) fn date_text(text: &str) -> Option<i64> {
    let near = text.parse::<NaiveDate>().ok().map(|date| i64::from(date.to_epoch_days()));
    near.or_else(|| far_date(text))
}

/// Returns the days since 1970 of a date whose year has more than four digits, even beyond chrono's range.
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

/// Returns the byte offset at which the year of a date ends; the year may have a sign.
fn year_end(text: &str) -> Option<usize> {
    let sign = usize::from(text.starts_with(['+', '-']));
    let digits = text.get(sign..)?.find('-')?;
    (digits > 0 && text[sign..sign + digits].bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(sign + digits)
}

/// Returns the nanoseconds since 1970 of a timestamp. An instant may have an offset, and is in UTC without
/// one.
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

/// Returns the seconds since 1970 and the nanoseconds of a timestamp whose year has more than four digits.
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

/// Splits a timestamp into the part without its offset from UTC and the offset in seconds. Offsets are
/// written `Z`, `+01:00`, `+0100`, `+01` or ` UTC`, as by common writers.
fn with_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(local) = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix(" UTC")) {
        return Some((local, 0));
    }
    // After the date, a sign begins an offset.
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

/// Number of characters of a date after its year.
const MONTH_AND_DAY: usize = "-01-31".len();

/// Returns whether a parsed time is exactly the one that the text writes: chrono folds second 60 into the
/// next minute, and drops digits after the nanosecond.
pub(super) fn is_on_the_clock(text: &str, time: &impl Timelike) -> bool {
    let fraction = text.rsplit_once('.').map_or("", |(_, fraction)| fraction);
    time.nanosecond() < 1_000_000_000 && fraction.bytes().skip(9).all(|digit| digit == b'0')
}
