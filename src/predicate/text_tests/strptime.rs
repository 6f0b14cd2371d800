//! Parses times by a format, as Python's `strptime` does in English.

use chrono::{NaiveDate, Weekday};
use regex::{Captures, Regex};
use serde::Serialize;

use super::compiled::Compiled;

const MONTHS: &str = "january|february|march|april|may|june|july|august|september|october|november|december";
const WEEKDAYS: &str = "monday|tuesday|wednesday|thursday|friday|saturday|sunday";

/// A format such as `%Y-%m-%d`, compiled to a regular expression that matches from the beginning of a text
/// and has a group for each directive, named by its letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct TimeFormat(Compiled<Regex>);

impl TimeFormat {
    /// Compiles a format.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn compile(text: &str) -> Result<Self, String> {
        let format = spelt_out(text);
        let mut regex = String::from("(?i)^");
        let mut letters = String::new();
        let mut signs = format.chars().peekable();
        while let Some(sign) = signs.next() {
            if sign.is_whitespace() {
                while signs.next_if(|next| next.is_whitespace()).is_some() {}
                regex.push_str(r"\s+");
                continue;
            }
            match if sign == '%' { signs.next().ok_or("it ends with a %")? } else { '%' } {
                '%' => regex.push_str(&regex::escape(sign.encode_utf8(&mut [0; 4]))),
                letter if letters.contains(letter) => return Err(format!("%{letter} stands in it twice")),
                letter => {
                    letters.push(letter);
                    regex.extend(["(?P<", letter.encode_utf8(&mut [0; 4]), ">", &directive(letter)?, ")"]);
                }
            }
        }
        let has = |any: &str| letters.contains(|letter| any.contains(letter));
        if has("G") != has("V") || (has("V") && !has("aAwu")) {
            return Err("%G, %V and a day of the week stand together or not at all".to_owned());
        }
        if has("G") && has("Yyj") {
            return Err("%G is a year of weeks: no %Y, %y or %j stands beside it".to_owned());
        }
        let regex = Regex::new(&regex).map_err(|error| error.to_string())?;
        Ok(Self(Compiled::new(text, regex)))
    }

    /// Returns the format as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Returns whether the whole text follows the format and is a valid time.
    pub(super) fn reads(&self, text: &str) -> bool {
        let found = self.0.get().captures(text);
        found.filter(|found| found.get(0).is_some_and(|whole| whole.end() == text.len())).is_some_and(
            |found| {
                let second = number(&found, "S").is_none_or(|second| second < 60);
                let zone = found.name("z").is_none_or(|zone| is_offset(zone.as_str()));
                second && zone && is_day(&found)
            },
        )
    }
}

/// Expands the directives that stand for several others.
fn spelt_out(format: &str) -> String {
    let mut spelt = String::new();
    let mut signs = format.chars();
    while let Some(sign) = signs.next() {
        match (sign, signs.clone().next()) {
            ('%', Some('c')) => spelt.push_str("%a %b %d %H:%M:%S %Y"),
            ('%', Some('x')) => spelt.push_str("%m/%d/%y"),
            ('%', Some('X')) => spelt.push_str("%H:%M:%S"),
            ('%', Some(other)) => spelt.extend(['%', other]),
            (other, _) => {
                spelt.push(other);
                continue;
            }
        }
        signs.next();
    }
    spelt
}

/// Returns the regular expression of a directive.
fn directive(letter: char) -> Result<String, String> {
    let short = |names: &str| names.split('|').map(|name| &name[..3]).collect::<Vec<_>>().join("|");
    let expression = match letter {
        'a' => return Ok(short(WEEKDAYS)),
        'b' => return Ok(short(MONTHS)),
        'A' => WEEKDAYS,
        'B' => MONTHS,
        'd' => "3[0-1]|[1-2][0-9]|0[1-9]|[1-9]| [1-9]",
        'f' => "[0-9]{1,6}",
        'H' => "2[0-3]|[0-1][0-9]|[0-9]",
        'I' => "1[0-2]|0[1-9]|[1-9]",
        'G' | 'Y' => "[0-9]{4}",
        'j' => "36[0-6]|3[0-5][0-9]|[1-2][0-9]{2}|0[1-9][0-9]|00[1-9]|[1-9][0-9]|0[1-9]|[1-9]",
        'm' => "1[0-2]|0[1-9]|[1-9]",
        'M' => "[0-5][0-9]|[0-9]",
        'p' => "am|pm",
        'S' => "6[0-1]|[0-5][0-9]|[0-9]",
        'u' => "[1-7]",
        'U' | 'W' => "5[0-3]|[0-4][0-9]|[0-9]",
        'V' => "5[0-3]|0[1-9]|[1-4][0-9]|[0-9]",
        'w' => "[0-6]",
        'y' => "[0-9]{2}",
        'z' => r"[+-][0-9]{2}:?[0-5][0-9](?::?[0-5][0-9](?:\.[0-9]{1,6})?)?|(?-i:Z)",
        'Z' => "utc|gmt",
        other => return Err(format!("%{other} is none of %aAbBcdfGHIjmMpSuUVwWxXyYzZ and %%")),
    };
    Ok(expression.to_owned())
}

fn number(found: &Captures<'_>, letter: &str) -> Option<u32> {
    found.name(letter)?.as_str().trim_start().parse().ok()
}

/// Returns the position of the matched name, from 0.
fn name(found: &Captures<'_>, [short, long]: [&str; 2], names: &str) -> Option<u32> {
    let text = found.name(short).or_else(|| found.name(long))?.as_str().to_lowercase();
    names.split('|').position(|name| name.starts_with(&text)).and_then(|place| u32::try_from(place).ok())
}

/// Returns whether the matched day exists. Parts that are missing are those of 1900, or of a leap year.
fn is_day(found: &Captures<'_>) -> bool {
    // Years of two digits are from 1969 to 2068.
    let two_digits = number(found, "y").map(|year| if year < 69 { 2000 + year } else { 1900 + year });
    let year = number(found, "Y").or(two_digits);
    let month = number(found, "m").or_else(|| Some(name(found, ["b", "B"], MONTHS)? + 1)).unwrap_or(1);
    let day = number(found, "d").unwrap_or(1);
    let weekday = name(found, ["a", "A"], WEEKDAYS)
        .or_else(|| number(found, "u").map(|day| day - 1))
        .or_else(|| number(found, "w").map(|day| (day + 6) % 7));
    let signed = |year: u32| i32::try_from(year).ok();
    if let (Some(year), Some(week), Some(weekday)) = (number(found, "G"), number(found, "V"), weekday) {
        let weekday = u8::try_from(weekday).ok().and_then(|day| Weekday::try_from(day).ok());
        let date = || NaiveDate::from_isoywd_opt(signed(year)?, week, weekday?);
        return year > 0 && date().is_some();
    }
    let of_year = found.name("j").is_some();
    let of_week = weekday.is_some() && (found.name("U").is_some() || found.name("W").is_some());
    if of_year || of_week {
        // The day of the year, or of a week of it, takes the place of month and day.
        return year != Some(0);
    }
    let year = year.unwrap_or(if (month, day) == (2, 29) { 1904 } else { 1900 });
    year > 0 && signed(year).is_some_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
}

/// Returns whether an offset is less than a day, with colons everywhere or nowhere.
fn is_offset(text: &str) -> bool {
    let hours = text.get(1..3).and_then(|hours| hours.parse::<u32>().ok());
    let mixed = text.matches(':').count() == 1 && text.len() > 6;
    text == "Z" || (hours.is_some_and(|hours| hours < 24) && !mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_python_reads_them() {
        let reads = |format: &str, text: &str| TimeFormat::compile(format).unwrap().reads(text);
        for (format, right, wrong) in [
            ("%Y-%m-%d", "2026-2-8", "2026-02-30"),
            ("%Y%m%d", "2026111", "20261"),
            ("%d %B %Y", "7 fEBRUARY 2026", "7 Feb 2026"),
            ("%d  %b", "29 \t feb", "30 Feb"),
            ("%y-%j", "26-366", "26-000"),
            ("%Y", "0001", "0000"),
            ("%Y %U %w", "2026 53 6", "2026 54 6"),
            ("%G-%V-%u", "2026-53-7", "2025-53-7"),
            ("%H:%M:%S.%f", "23:59:59.1", "23:59:60.1"),
            ("%I %p", "12 pm", "13 pm"),
            ("%z", "+01:00:30.5", "+0100:30"),
            ("%z", "Z", "+24:00"),
            ("%c", "Sat Feb 28 23:59:59 2026", "Sat Feb 28 2026"),
            ("%x %X %Z", "02/28/26 23:59:59 UTC", "02/28/26 23:59:59 CET"),
            ("100%%.", "100%.", "100%x"),
            ("", "", " "),
        ] {
            assert!(reads(format, right), "{format} {right}");
            assert!(!reads(format, wrong), "{format} {wrong}");
        }
    }

    #[test]
    fn formats_that_say_no_time_are_refused() {
        for format in ["%D", "%", "%Y %Y", "%c %d", "%V", "%G %V", "%G %V %u %Y", "%-d", "%é"] {
            assert!(TimeFormat::compile(format).is_err(), "{format}");
        }
    }
}
