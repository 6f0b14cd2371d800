//! Reads the tokens of a text as a date and a time.

use chrono::NaiveDate;

use super::parts::{Label, Parts};
use super::tokens::{Number, integer, is_digits, tokens};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Words and signs that are skipped.
const JUMPS: [&str; 18] =
    [" ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th"];
const UNITS: [[&str; 3]; 3] =
    [["h", "hour", "hours"], ["m", "minute", "minutes"], ["s", "second", "seconds"]];

/// Returns whether a text is read as a date, a time, or both.
pub(in crate::predicate::text_tests) fn reads(text: &str) -> bool {
    Reading { tokens: tokens(text), ..Reading::default() }.read().unwrap_or(false)
}

/// The parts of a date and a time that have been read so far.
#[derive(Default)]
struct Reading {
    tokens: Vec<String>,
    parts: Parts,
    weekday: bool,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    zone: bool,
    offset: bool,
}

/// The result of a step of reading; `None` if the text is no date.
type Step<T = ()> = Option<T>;

impl Reading {
    /// Returns whether all tokens together are a date.
    fn read(mut self) -> Step<bool> {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.token(at)? + 1;
        }
        let (year, month, day) = self.parts.resolve()?;
        let numbers = [self.hour, self.minute, self.second, year, month, day];
        let said = self.weekday || numbers.iter().any(Option::is_some);
        let within = |value: Option<i64>, end: i64| value.is_none_or(|value| (0..end).contains(&value));
        Some(
            said && within(self.hour, 24)
                && within(self.minute, 60)
                && within(self.second, 60)
                && is_day(self.parts.full_year(year), month, day),
        )
    }

    fn get(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).map(String::as_str)
    }

    fn is(&self, at: usize, signs: &[&str]) -> bool {
        self.get(at).is_some_and(|token| signs.contains(&token))
    }

    fn jumps(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| JUMPS.contains(&token.to_lowercase().as_str()))
    }

    /// Reads a token and those that belong to it, and returns the position of the last one.
    fn token(&mut self, at: usize) -> Step<usize> {
        let token = self.get(at)?.to_owned();
        if let Some(number) = Number::read(&token) {
            return self.number(at, number);
        }
        if named(&WEEKDAYS, &token).is_some() {
            self.weekday = true;
        } else if let Some(month) = month(&token) {
            return self.month(at, month);
        } else if let Some(afternoon) = half_of_day(&token) {
            let hour = self.hour.filter(|hour| (0..=12).contains(hour))?;
            self.hour = Some(in_half(hour, afternoon));
        } else if self.could_be_zone(&token) {
            // In `GMT+3`, the offset that follows is the zone.
            self.zone = !(is_utc(&token) && self.is(at + 1, &["+", "-"]));
        } else if self.hour.is_some() && (token == "+" || token == "-") {
            return self.offset(at);
        } else if !self.jumps(at) {
            return None;
        }
        Some(at)
    }

    /// Reads a date from the name of its month on: `Jan`, `Jan-01`, `Jan-01-99`, `Jan of 01`
    fn month(&mut self, at: usize, month: i64) -> Step<usize> {
        self.parts.push(month, Some(Label::Month))?;
        if self.is(at + 1, &["-", "/"]) {
            let value = self.get(at + 2)?.to_owned();
            self.parts.push_text(&value, None)?;
            if self.get(at + 3) == self.get(at + 1) {
                let value = self.get(at + 4)?.to_owned();
                self.parts.push_text(&value, None)?;
                return Some(at + 4);
            }
            return Some(at + 2);
        }
        if self.is(at + 1, &[" "]) && self.is(at + 3, &[" "]) && at + 4 < self.tokens.len() {
            if self.get(at + 2)?.to_lowercase() != "of" {
                return Some(at);
            }
            let value = self.get(at + 4)?.to_owned();
            if is_digits(&value) {
                let year = value.parse().ok()?;
                self.parts.push_year(if year < 100 { year + 2000 } else { year })?;
            }
            return Some(at + 4);
        }
        Some(at)
    }

    /// Reads an offset from UTC: `-0300`, `-03:00`, `-3`, each possibly with `(BRST)`
    fn offset(&mut self, at: usize) -> Step<usize> {
        let value: Vec<char> = self.get(at + 1)?.chars().collect();
        let text = |range: &[char]| range.iter().collect::<String>();
        let (hours, minutes, last) = match value.len() {
            4 => (text(&value[..2]), text(&value[2..]), at + 1),
            _ if self.is(at + 2, &[":"]) => (text(&value), self.get(at + 3)?.to_owned(), at + 3),
            ..=2 => (text(&value), "0".to_owned(), at + 1),
            _ => return None,
        };
        integer(&hours).and(integer(&minutes))?;
        self.offset = true;
        let name = self.get(last + 3).unwrap_or_default();
        let bracketed = self.jumps(last + 1) && self.is(last + 2, &["("]) && self.is(last + 4, &[")"]);
        if bracketed && name.chars().count() >= 3 && !self.zone && could_name_zone(name) {
            self.zone = true;
            return Some(last + 4);
        }
        Some(last)
    }

    fn could_be_zone(&self, token: &str) -> bool {
        self.hour.is_some() && !self.zone && !self.offset && could_name_zone(token)
    }

    fn number(&mut self, at: usize, number: Number) -> Step<usize> {
        let text = self.get(at)?.to_owned();
        let length = text.len();
        let unit = |at: usize| self.get(at).and_then(unit);
        if self.parts.values.len() == 3
            && matches!(length, 2 | 4)
            && self.hour.is_none()
            && !self.is(at + 1, &[":"])
            && unit(at + 1).is_none()
        {
            // 19990101T23[59]
            self.hour = Some(integer(&text[..2])?);
            if length == 4 {
                self.minute = Some(integer(&text[2..])?);
            }
        } else if length == 6 || (length > 6 && text.find('.') == Some(6)) {
            if self.parts.values.is_empty() && !text.contains('.') {
                // YYMMDD
                for part in [&text[..2], &text[2..4], &text[4..]] {
                    self.parts.push_text(part, None)?;
                }
            } else {
                // HHMMSS[.ss]
                self.hour = Some(integer(&text[..2])?);
                self.minute = Some(integer(&text[2..4])?);
                self.second = Some(seconds(&text[4..])?);
            }
        } else if matches!(length, 8 | 12 | 14) {
            // YYYYMMDD[hhmm[ss]]
            self.parts.push_text(&text[..4], Some(Label::Year))?;
            self.parts.push_text(&text[4..6], None)?;
            self.parts.push_text(&text[6..8], None)?;
            if length > 8 {
                self.hour = Some(integer(&text[8..10])?);
                self.minute = Some(integer(&text[10..12])?);
            }
            if length > 12 {
                self.second = Some(integer(&text[12..])?);
            }
        } else if let Some((last, unit)) = self.unit_of(at) {
            match unit {
                0 => {
                    self.hour = Some(number.whole);
                    if number.fraction {
                        self.minute = Some(0);
                    }
                }
                1 => (self.minute, self.second) = (Some(number.whole), number.fraction.then_some(0)),
                2 => self.second = Some(seconds(&text)?),
                _ => {}
            }
            return Some(last);
        } else if at + 2 < self.tokens.len() && self.is(at + 1, &[":"]) {
            // HH:MM[:SS[.ss]]
            let minutes = Number::read(self.get(at + 2)?)?;
            self.hour = Some(number.whole);
            (self.minute, self.second) = (Some(minutes.whole), minutes.fraction.then_some(0));
            if at + 4 < self.tokens.len() && self.is(at + 3, &[":"]) {
                self.second = Some(seconds(self.get(at + 4)?)?);
                return Some(at + 4);
            }
            return Some(at + 2);
        } else if self.is(at + 1, &["-", "/", "."]) {
            return self.separated(at, &text);
        } else if at + 1 >= self.tokens.len() || self.jumps(at + 1) {
            if let Some(afternoon) = self.get(at + 2).and_then(half_of_day) {
                // 12 am
                self.hour = Some(in_half(number.whole, afternoon));
                return Some(at + 2);
            }
            self.parts.push_number(&number)?;
            return Some(at + 1);
        } else if let Some(afternoon) = self.get(at + 1).and_then(half_of_day).filter(|_| number.whole < 24) {
            // 12am
            self.hour = Some(in_half(number.whole, afternoon));
            return Some(at + 1);
        } else if self.parts.could_be_day(&number)? {
            self.parts.push_number(&number)?;
        } else {
            return None;
        }
        Some(at)
    }

    /// Reads a date with separators: `01-01`, `01-Jan`, `01-Jan-01`
    fn separated(&mut self, at: usize, text: &str) -> Step<usize> {
        self.parts.push_text(text, None)?;
        if at + 2 >= self.tokens.len() || self.jumps(at + 2) {
            return Some(at + 1);
        }
        let second = self.get(at + 2)?.to_owned();
        if is_digits(&second) {
            self.parts.push_text(&second, None)?;
        } else {
            self.parts.push(month(&second)?, Some(Label::Month))?;
        }
        if self.get(at + 3) != self.get(at + 1) {
            return Some(at + 2);
        }
        let third = self.get(at + 4)?.to_owned();
        match month(&third) {
            Some(month) => self.parts.push(month, Some(Label::Month))?,
            None => self.parts.push_text(&third, None)?,
        }
        Some(at + 4)
    }

    /// Returns the last token that belongs to the number at a position, and the number's unit, 0 for hours.
    /// The unit stands after the number, or is the next finer one than the unit before the number.
    fn unit_of(&self, at: usize) -> Option<(usize, usize)> {
        let unit = |at: usize| self.get(at).and_then(unit);
        let before = |back: usize| at.checked_sub(back).and_then(unit).map(|unit| (at, unit + 1));
        if let Some(found) = unit(at + 1) {
            Some((at + 1, found))
        } else if let Some(found) = unit(at + 2).filter(|_| self.is(at + 1, &[" "])) {
            Some((at + 2, found))
        } else if let Some(found) = before(1) {
            Some(found)
        } else if at > 1 && at + 1 == self.tokens.len() && self.is(at - 1, &[" "]) {
            before(2)
        } else {
            None
        }
    }
}

fn is_day(year: Option<i64>, month: Option<i64>, day: Option<i64>) -> bool {
    let part = |part: Option<i64>, otherwise| u32::try_from(part.unwrap_or(otherwise)).ok();
    let year = year.unwrap_or(2000);
    let date = || NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, part(month, 1)?, part(day, 1)?);
    (1..=9999).contains(&year) && date().is_some()
}

/// Returns the position of a name that is written in full or as its first three letters.
fn named(names: &[&str], token: &str) -> Option<usize> {
    let token = token.to_lowercase();
    names.iter().position(|name| token == *name || token == name[..3])
}

fn month(token: &str) -> Option<i64> {
    let place = if token.eq_ignore_ascii_case("sept") { Some(8) } else { named(&MONTHS, token) };
    place.and_then(|place| i64::try_from(place + 1).ok())
}

fn unit(token: &str) -> Option<usize> {
    let token = token.to_lowercase();
    UNITS.iter().position(|names| names.contains(&token.as_str()))
}

/// Returns whether a word means the afternoon (true) or the morning (false).
fn half_of_day(token: &str) -> Option<bool> {
    match token.to_lowercase().as_str() {
        "am" | "a" => Some(false),
        "pm" | "p" => Some(true),
        _ => None,
    }
}

fn in_half(hour: i64, afternoon: bool) -> i64 {
    match (hour, afternoon) {
        (..12, true) => hour + 12,
        (12, false) => 0,
        _ => hour,
    }
}

fn is_utc(token: &str) -> bool {
    ["utc", "gmt", "z"].contains(&token.to_lowercase().as_str())
}

fn could_name_zone(token: &str) -> bool {
    token.len() <= 5 && (token.bytes().all(|byte| byte.is_ascii_uppercase()) || token == "z")
}

/// Returns the whole seconds of `ss` or `ss.ff`.
fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    (fraction.is_empty() || is_digits(fraction)).then_some(())?;
    integer(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_dateutil_reads_them() {
        for text in [
            "2026-02-28",
            "28.2.2026 10:15",
            "Feb 28th, 2026",
            "28-Feb-26 5PM",
            "20260228T101530.5",
            "260228",
            "2026-02-28T10:15:30,25 +01:00",
            "10:15 GMT+3",
            "10:00 -0300 (BRST)",
            "Feb of 29",
            "29 Feb",
            "31",
            "Monday",
            "10h 5m 3.5s",
            "12h04",
            "7",
            "13pm",
            "99-01",
            "1.5",
            "T10:15",
            "10:15\0",
        ] {
            assert!(reads(text), "{text}");
        }
        for text in [
            "",
            " ",
            "noon",
            "2026-02-30",
            "29 Feb 2026",
            "2026-13-45",
            "25:00",
            "10:60",
            "13:00 am",
            "1-2-3-4",
            "Feb Mar",
            "2026-02-28x",
            "12345",
            "0000-01-01",
            "99999999999999999999999",
            "10:15 é",
            "+",
            "1/x",
            "Jan-",
        ] {
            assert!(!reads(text), "{text}");
        }
    }

    #[test]
    fn no_text_is_too_strange() {
        let parts = [
            "1", "12", "1.", ".5", ",", "Jan", "-", "/", ":", " ", "am", "+", "(", "é", "h", "2026", "of",
            "T", "٣",
        ];
        for first in parts {
            for second in parts {
                for third in parts {
                    for fourth in parts {
                        reads(&format!("{first}{second}{third}{fourth}{first}"));
                    }
                }
            }
        }
        assert!(
            !reads(&"1".repeat(1 << 20)) && !reads(&"1 ".repeat(1 << 18)) && !reads(&"a.".repeat(1 << 18))
        );
    }
}
