//! Arithmetic with single dates and times. Times are nanoseconds since 1970 on a clock without zones; results
//! beyond the engine's calendar are `None`.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveDateTime};

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

/// A unit in which time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

/// The length of a unit.
enum Length {
    /// A number of months, whose days vary.
    Months(i64),
    Nanoseconds(i128),
}

impl Unit {
    const NAMES: [(Self, &'static str); 8] = [
        (Self::Year, "year"),
        (Self::Quarter, "quarter"),
        (Self::Month, "month"),
        (Self::Week, "week"),
        (Self::Day, "day"),
        (Self::Hour, "hour"),
        (Self::Minute, "minute"),
        (Self::Second, "second"),
    ];

    /// Returns the names of all units.
    pub(crate) fn names() -> [&'static str; 8] {
        Self::NAMES.map(|(_, name)| name)
    }

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(unit, _)| *unit == self).map_or("day", |(_, name)| *name)
    }

    /// Parses the name of a unit, in any case, in the singular or plural: `MONTH`, `months`.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let one = name.strip_suffix('s').unwrap_or(&name);
        Self::NAMES.iter().find(|(_, known)| *known == one).map(|(unit, _)| *unit)
    }

    /// Returns whether the unit consists of whole days.
    pub(crate) const fn is_of_days(self) -> bool {
        !matches!(self, Self::Hour | Self::Minute | Self::Second)
    }

    const fn length(self) -> Length {
        match self {
            Self::Year => Length::Months(12),
            Self::Quarter => Length::Months(3),
            Self::Month => Length::Months(1),
            Self::Week => Length::Nanoseconds(7 * DAY),
            Self::Day => Length::Nanoseconds(DAY),
            Self::Hour => Length::Nanoseconds(3_600 * SECOND),
            Self::Minute => Length::Nanoseconds(60 * SECOND),
            Self::Second => Length::Nanoseconds(SECOND),
        }
    }

    /// Adds `count` units to a date; a day beyond the end of the month becomes the last day of the month.
    pub(crate) fn add_to_date(self, days: i32, count: i128) -> Option<i32> {
        let date = NaiveDate::from_epoch_days(days)?;
        let moved = match self.length() {
            Length::Months(months) => add_months(date, count.checked_mul(months.into())?)?,
            Length::Nanoseconds(length) => {
                let days = count.checked_mul(length)?.div_euclid(DAY);
                let distance = Days::new(u64::try_from(days.unsigned_abs()).ok()?);
                if days < 0 { date.checked_sub_days(distance)? } else { date.checked_add_days(distance)? }
            }
        };
        Some(moved.to_epoch_days())
    }

    /// Adds `count` units to a time.
    pub(crate) fn add_to_time(self, nanoseconds: i128, count: i128) -> Option<i128> {
        match self.length() {
            Length::Months(months) => {
                let (days, rest) = (nanoseconds.div_euclid(DAY), nanoseconds.rem_euclid(DAY));
                let date = NaiveDate::from_epoch_days(i32::try_from(days).ok()?)?;
                let moved = add_months(date, count.checked_mul(months.into())?)?;
                Some(i128::from(moved.to_epoch_days()) * DAY + rest)
            }
            Length::Nanoseconds(length) => {
                let moved = nanoseconds.checked_add(count.checked_mul(length)?)?;
                date_time(moved).map(|_| moved)
            }
        }
    }

    /// Returns the beginning of the unit in which a time lies; a week begins on Monday.
    pub(crate) fn begin(self, nanoseconds: i128) -> Option<i128> {
        let days = nanoseconds.div_euclid(DAY);
        let date = || NaiveDate::from_epoch_days(i32::try_from(days).ok()?);
        let first = |date: NaiveDate, month| {
            NaiveDate::from_ymd_opt(date.year(), month, 1).map(|date| i128::from(date.to_epoch_days()) * DAY)
        };
        match self {
            Self::Year => first(date()?, 1),
            Self::Quarter => date().and_then(|date| first(date, date.month0() / 3 * 3 + 1)),
            Self::Month => date().and_then(|date| first(date, date.month())),
            // 1970-01-01 was a Thursday.
            Self::Week => Some((days - (days + 3).rem_euclid(7)) * DAY),
            Self::Day => Some(days * DAY),
            Self::Hour => Some(nanoseconds - nanoseconds.rem_euclid(3_600 * SECOND)),
            Self::Minute => Some(nanoseconds - nanoseconds.rem_euclid(60 * SECOND)),
            Self::Second => Some(nanoseconds - nanoseconds.rem_euclid(SECOND)),
        }
    }

    /// Returns the number of whole units from `start` to `end`, negative if `end` is earlier.
    pub(crate) fn whole_between(self, start: i128, end: i128) -> Option<i128> {
        let months = match self.length() {
            Length::Nanoseconds(length) => return end.checked_sub(start).map(|all| all / length),
            Length::Months(months) => months,
        };
        let (from, to) = (date_time(start)?, date_time(end)?);
        let month = |time: NaiveDateTime| i64::from(time.year()) * 12 + i64::from(time.month0());
        let whole = month(to) - month(from);
        // The last month is whole once the day of the month and the time of day are reached.
        let in_month = |time: NaiveDateTime| (time.day(), time.time());
        let short = if whole > 0 && in_month(to) < in_month(from) {
            1
        } else if whole < 0 && in_month(to) > in_month(from) {
            -1
        } else {
            0
        };
        Some(i128::from((whole - short) / months))
    }
}

/// Returns the year of a time.
pub(crate) fn year(nanoseconds: i128) -> Option<i128> {
    date_time(nanoseconds).map(|time| time.year().into())
}

fn add_months(date: NaiveDate, months: i128) -> Option<NaiveDate> {
    let distance = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { date.checked_sub_months(distance) } else { date.checked_add_months(distance) }
}

fn date_time(nanoseconds: i128) -> Option<NaiveDateTime> {
    let seconds = i64::try_from(nanoseconds.div_euclid(SECOND)).ok()?;
    let rest = u32::try_from(nanoseconds.rem_euclid(SECOND)).ok()?;
    DateTime::from_timestamp(seconds, rest).map(|time| time.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i32 {
        text.parse::<NaiveDate>().unwrap().to_epoch_days()
    }

    #[test]
    fn months_end_where_the_month_does() {
        for (from, count, unit, to) in [
            ("2024-01-31", 1, Unit::Month, "2024-02-29"),
            ("2023-01-31", 1, Unit::Month, "2023-02-28"),
            ("2024-02-29", 1, Unit::Year, "2025-02-28"),
            ("2024-02-29", -4, Unit::Year, "2020-02-29"),
            ("2024-03-31", -1, Unit::Quarter, "2023-12-31"),
            ("2024-03-31", -1, Unit::Week, "2024-03-24"),
            ("9999-12-31", 1, Unit::Day, "+10000-01-01"),
        ] {
            assert_eq!(unit.add_to_date(day(from), count), Some(day(to)), "{from} {count} {unit:?}");
        }
        assert_eq!(Unit::Day.add_to_date(0, i128::MAX), None);
        assert_eq!(Unit::Year.add_to_date(0, 300_000), None);
        assert_eq!(Unit::Second.add_to_time(0, i128::MAX / SECOND), None);
    }

    #[test]
    fn whole_units_are_reached() {
        let at =
            |text: &str| i128::from(text.parse::<NaiveDateTime>().unwrap().and_utc().timestamp()) * SECOND;
        for (start, end, unit, whole) in [
            ("2024-01-31T10:00:00", "2024-03-01T09:00:00", Unit::Month, 1),
            ("2024-01-15T10:00:00", "2024-03-15T09:59:59", Unit::Month, 1),
            ("2024-01-15T10:00:00", "2024-03-15T10:00:00", Unit::Month, 2),
            ("2024-03-15T10:00:00", "2024-01-15T10:00:01", Unit::Month, -1),
            ("2024-03-15T10:00:00", "2022-03-15T10:00:00", Unit::Year, -2),
            ("2024-01-01T00:59:59", "2024-01-01T02:00:00", Unit::Hour, 1),
            ("2024-01-01T02:00:00", "2024-01-01T00:59:59", Unit::Hour, -1),
        ] {
            assert_eq!(unit.whole_between(at(start), at(end)), Some(whole), "{start} {end} {unit:?}");
        }
    }
}
