//! Numbers of a date, and their resolution to year, month and day.

use chrono::{Datelike as _, NaiveDate};

use super::tokens::{Number, integer, is_digits};

/// The known meaning of a number of a date.
#[derive(Clone, Copy)]
pub(super) enum Label {
    Year,
    Month,
}

/// The numbers of a date, in the order of the text.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) values: Vec<i64>,
    year: Option<usize>,
    month: Option<usize>,
    has_century: bool,
}

impl Parts {
    pub(super) fn push(&mut self, value: i64, label: Option<Label>) -> Option<()> {
        let place = match label {
            Some(Label::Year) => Some(&mut self.year),
            Some(Label::Month) => Some(&mut self.month),
            None => None,
        };
        if let Some(place) = place
            && place.replace(self.values.len()).is_some()
        {
            return None;
        }
        self.values.push(value);
        Some(())
    }

    /// Adds a number as it is written; more than two digits are a year.
    pub(super) fn push_text(&mut self, text: &str, label: Option<Label>) -> Option<()> {
        let year = is_digits(text) && text.len() > 2;
        self.has_century |= year;
        self.push(integer(text)?, if year { Some(Label::Year) } else { label })
    }

    pub(super) fn push_number(&mut self, number: &Number) -> Option<()> {
        let year = number.whole > 100 || (number.whole == 100 && number.fraction);
        self.has_century |= year;
        self.push(number.whole, year.then_some(Label::Year))
    }

    pub(super) fn push_year(&mut self, year: i64) -> Option<()> {
        self.has_century = true;
        self.push(year, Some(Label::Year))
    }

    pub(super) fn could_be_day(&self, number: &Number) -> Option<bool> {
        let last = match (self.month, self.year) {
            (None, _) => 31,
            (Some(month), None) => days_of(2000, self.values[month])?,
            (Some(month), Some(year)) => days_of(self.values[year], self.values[month])?,
        };
        Some(number.whole >= 1 && (number.whole < last || (number.whole == last && !number.fraction)))
    }

    pub(super) fn full_year(&self, year: Option<i64>) -> Option<i64> {
        year.map(|year| if year < 100 && !self.has_century { year + 2000 } else { year })
    }

    /// Returns year, month and day, each if the text has it.
    pub(super) fn resolve(&self) -> Option<(Option<i64>, Option<i64>, Option<i64>)> {
        let values = self.values.as_slice();
        let labelled = usize::from(self.year.is_some()) + usize::from(self.month.is_some());
        if labelled > 0 && (values.len() == labelled || (values.len() == 3 && labelled == 2)) {
            let at = |place: Option<usize>| place.map(|place| values[place]);
            let day = (0..values.len()).find(|place| Some(*place) != self.year && Some(*place) != self.month);
            return Some((at(self.year), at(self.month), at(day)));
        }
        let (year, month, day) = match (values, self.month) {
            ([], _) => return Some((None, None, None)),
            ([one], _) if *one > 31 => return Some((Some(*one), None, None)),
            ([one], _) => return Some((None, None, Some(*one))),
            ([first, second], Some(place)) => {
                let (month, other) = if place == 0 { (first, second) } else { (second, first) };
                let (year, day) = if *other > 31 { (Some(*other), None) } else { (None, Some(*other)) };
                return Some((year, Some(*month), day));
            }
            ([first, second], None) if *first > 31 => return Some((Some(*first), Some(*second), None)),
            ([first, second], None) if *second > 31 => return Some((Some(*second), Some(*first), None)),
            ([first, second], None) => return Some((None, Some(*first), Some(*second))),
            ([first, second, third], Some(0)) if *second > 31 => (second, first, third),
            ([first, second, third], Some(0)) => (third, first, second),
            ([first, second, third], Some(1)) if *first > 31 => (first, second, third),
            ([first, second, third], Some(1)) => (third, second, first),
            ([first, second, third], Some(_)) if *second > 31 => (second, third, first),
            ([first, second, third], Some(_)) => (first, third, second),
            ([first, second, third], None) if *first > 31 || self.year == Some(0) => (first, second, third),
            ([first, second, third], None) if *first > 12 => (third, second, first),
            ([first, second, third], None) => (third, first, second),
            _ => return None,
        };
        Some((Some(*year), Some(*month), Some(*day)))
    }
}

fn days_of(year: i64, month: i64) -> Option<i64> {
    // Leap years repeat every 400 years, and Python accepts the year 0.
    let year = 2000 + i32::try_from(year.rem_euclid(400)).ok()?;
    let first = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, 1)?;
    Some(i64::from(first.num_days_in_month()))
}
