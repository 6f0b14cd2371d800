//! A naive implementation of the functions, written from their documentation.

use std::cmp::Ordering;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use karat::data::{Decimal, Float, Literal, Value};
use karat::predicate::{Expression, Function, Kind};
use num_bigint::BigInt;

use super::digits::{Digits, digits, number, ten};
use super::evaluate::{decimal, double, midnight, parts};

/// Returns the unit that an argument names.
pub fn unit(argument: &Expression) -> &str {
    match &argument.kind {
        Kind::Literal(Literal::Text(name)) => name,
        other => panic!("{other:?} is no unit"),
    }
}

fn integer(value: &Value) -> i128 {
    match value {
        Value::Integer(value) => *value,
        other => panic!("{other:?} is no integer"),
    }
}

/// Calls a function with arguments that are not null. `single` is true if floats have 32 bits.
pub fn call(function: Function, arguments: &[Value], single: bool) -> Value {
    let text = |index: usize| match &arguments[index] {
        Value::String(text) => text.as_str(),
        other => panic!("{other:?} is no text"),
    };
    let characters = || text(0).chars().collect::<Vec<_>>();
    let kept = |from: i128, until: i128| {
        let numbered = characters().into_iter().zip(0_i128..);
        Value::String(
            numbered.filter(|(_, at)| (from..until).contains(at)).map(|(character, _)| character).collect(),
        )
    };
    let count = |count: u32| Value::Integer(i128::from(count));
    let moment = || clock(&arguments[0]);
    match function {
        Function::Abs | Function::Ceil | Function::Floor | Function::Round
            if matches!(arguments[0], Value::Exact(_)) =>
        {
            of_many_digits(function, &arguments[0], arguments.get(1).map_or(0, integer))
        }
        Function::Abs => match &arguments[0] {
            Value::Integer(value) => Value::Integer(value.abs()),
            Value::Decimal(value) => decimal(value.unscaled.abs(), value.scale),
            other => Value::float(double(other).abs()),
        },
        Function::Ceil => match &arguments[0] {
            Value::Float(Float(value)) => Value::float(value.ceil()),
            exact => {
                let (whole, rest, _) = parts(exact);
                like(exact, whole + i128::from(rest > 0), 0)
            }
        },
        Function::Floor => match &arguments[0] {
            Value::Float(Float(value)) => Value::float(value.floor()),
            exact => like(exact, parts(exact).0, 0),
        },
        Function::Round => {
            let digits = arguments.get(1).map_or(0, integer);
            match &arguments[0] {
                Value::Float(Float(value)) => Value::float(round_text(*value, digits, single)),
                Value::Integer(value) => Value::Integer(round_exact(*value, -digits)),
                Value::Decimal(Decimal { unscaled, scale }) => {
                    let kept = digits.clamp(0, i128::from(*scale));
                    let rounded = round_exact(*unscaled, i128::from(*scale) - digits);
                    let dropped = u32::try_from(i128::from(*scale) - kept).unwrap();
                    decimal(rounded / 10_i128.pow(dropped), u8::try_from(kept).unwrap())
                }
                other => panic!("{other:?} is no number"),
            }
        }
        Function::Concat => Value::String((0..arguments.len()).map(text).collect()),
        Function::Contains => Value::Boolean(text(0).contains(text(1))),
        Function::StartsWith => Value::Boolean(text(0).starts_with(text(1))),
        Function::EndsWith => Value::Boolean(text(0).ends_with(text(1))),
        Function::Left => kept(0, integer(&arguments[1])),
        Function::Right => {
            let all = characters().len() as i128;
            kept(all - integer(&arguments[1]).max(0).min(all), all)
        }
        Function::Substring => {
            let (all, start) = (characters().len() as i128, integer(&arguments[1]));
            let from = match start.cmp(&0) {
                Ordering::Greater => start - 1,
                Ordering::Equal => 0,
                Ordering::Less => all + start,
            };
            let length = arguments.get(2).map_or(all + from.abs(), integer);
            kept(from, from + length)
        }
        Function::Replace => Value::String(replaced(text(0), text(1), text(2))),
        Function::DateDiff => Value::Integer(day(&arguments[0]) - day(&arguments[1])),
        Function::TimestampDiff => {
            Value::Integer(whole_between(text(0), clock(&arguments[1]), clock(&arguments[2])))
        }
        Function::DateAdd => added(text(0), integer(&arguments[1]), &arguments[2]).unwrap_or(Value::Null),
        Function::DateTrunc => begun(text(0), &arguments[1]),
        Function::Day => count(moment().day()),
        Function::DayOfWeek => count(moment().weekday().num_days_from_sunday() + 1),
        Function::DayOfYear => count(moment().ordinal()),
        Function::Month => count(moment().month()),
        Function::Quarter => count(moment().month().div_ceil(3)),
        Function::Year => Value::Integer(i128::from(moment().year())),
        Function::Hour => count(moment().hour()),
        Function::Minute => count(moment().minute()),
        Function::Second => count(moment().second()),
        Function::Length => Value::Integer(characters().len() as i128),
        Function::Lower => Value::String(text(0).to_lowercase()),
        Function::Upper => Value::String(text(0).to_uppercase()),
        Function::Trim => Value::String(text(0).trim_matches(char::is_whitespace).to_owned()),
        Function::Ltrim => Value::String(text(0).trim_start_matches(char::is_whitespace).to_owned()),
        Function::Rtrim => Value::String(text(0).trim_end_matches(char::is_whitespace).to_owned()),
        Function::ToDate => NaiveDate::parse_from_str(text(0), text(1))
            .map_or(Value::Null, |date| Value::Date(date.to_epoch_days())),
        Function::Coalesce
        | Function::Greatest
        | Function::Least
        | Function::NullIf
        | Function::CurrentDate
        | Function::CurrentTimestamp => unreachable!("it takes nulls or nothing"),
    }
}

/// Calls a rounding function, or `abs`, with a number of more digits than a decimal has.
fn of_many_digits(function: Function, of: &Value, kept: i128) -> Value {
    let Digits { unscaled, scale } = digits(of).unwrap();
    let negative = unscaled < BigInt::ZERO;
    let magnitude = if negative { -&unscaled } else { unscaled };
    let places = i128::from(scale) - if function == Function::Round { kept } else { 0 };
    let step = ten(u32::try_from(places.max(0)).unwrap());
    let (whole, rest) = (&magnitude / &step, &magnitude % &step);
    let away = match function {
        Function::Abs => return number(magnitude, scale, &[of]),
        Function::Floor => negative && rest > BigInt::ZERO,
        Function::Ceil => !negative && rest > BigInt::ZERO,
        _ => &rest * 2 >= step && places > 0,
    };
    let magnitude = (whole + i32::from(away)) * step;
    number(if negative { -magnitude } else { magnitude }, scale, &[of])
}

/// Returns an exact number of the same kind as another number.
fn like(of: &Value, unscaled: i128, scale: u8) -> Value {
    if matches!(of, Value::Integer(_)) { Value::Integer(unscaled) } else { decimal(unscaled, scale) }
}

/// Rounds to the nearest multiple of a power of ten, and ties away from zero.
fn round_exact(value: i128, places: i128) -> i128 {
    if places <= 0 {
        return value;
    }
    let Some(step) = u32::try_from(places).ok().and_then(|places| 10_i128.checked_pow(places)) else {
        return 0;
    };
    let below = value.abs() / step * step;
    let rounded = if value.abs() - below >= below + step - value.abs() { below + step } else { below };
    if value < 0 { -rounded } else { rounded }
}

/// Rounds a float by its shortest decimal text, digit by digit.
fn round_text(value: f64, digits: i128, single: bool) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let text = if single { (value.abs() as f32).to_string() } else { value.abs().to_string() };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    // A leading zero takes the carry.
    let mut all: Vec<u8> = format!("0{whole}{fraction}").bytes().map(|digit| digit - b'0').collect();
    let point = whole.len() as i128 + 1;
    let end = point + digits;
    if end >= all.len() as i128 {
        return value;
    }
    let up = usize::try_from(end).is_ok_and(|end| all[end] >= 5);
    let kept = usize::try_from(end.max(0)).unwrap();
    all[kept..].fill(0);
    let mut at = kept;
    let mut carry = up;
    while carry && at > 0 {
        at -= 1;
        carry = all[at] == 9;
        all[at] = if carry { 0 } else { all[at] + 1 };
    }
    // The first digit was 0, so that the carry ends there.
    let digits: String = all.iter().map(|digit| char::from(digit + b'0')).collect();
    let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap());
    let text = format!("{whole}.{fraction}");
    let rounded = if single { f64::from(text.parse::<f32>().unwrap()) } else { text.parse().unwrap() };
    if value < 0.0 { -rounded } else { rounded }
}

fn replaced(text: &str, part: &str, other: &str) -> String {
    match text.find(part) {
        Some(at) if !part.is_empty() => {
            format!("{}{other}{}", &text[..at], replaced(&text[at + part.len()..], part, other))
        }
        _ => text.to_owned(),
    }
}

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

fn nanoseconds(value: &Value) -> i128 {
    match value {
        Value::Date(days) => midnight(*days),
        Value::Timestamp { nanoseconds, .. } => *nanoseconds,
        other => panic!("{other:?} is no date"),
    }
}

fn day(value: &Value) -> i128 {
    nanoseconds(value).div_euclid(DAY)
}

/// Converts a date or timestamp to a wall clock; instants are taken in UTC.
fn clock(value: &Value) -> NaiveDateTime {
    let nanoseconds = nanoseconds(value);
    let seconds = i64::try_from(nanoseconds.div_euclid(SECOND)).unwrap();
    let rest = u32::try_from(nanoseconds.rem_euclid(SECOND)).unwrap();
    DateTime::from_timestamp(seconds, rest).unwrap().naive_utc()
}

/// Returns a time of the same kind as another time.
fn at(nanoseconds: i128, like: &Value) -> Value {
    match like {
        Value::Timestamp { instant, .. } => Value::Timestamp { nanoseconds, instant: *instant },
        _ => Value::Date(i32::try_from(nanoseconds.div_euclid(DAY)).unwrap()),
    }
}

fn added(unit: &str, count: i128, of: &Value) -> Option<Value> {
    let length = match unit {
        "second" => SECOND,
        "minute" => 60 * SECOND,
        "hour" => 3_600 * SECOND,
        "day" => DAY,
        "week" => 7 * DAY,
        months => {
            let months = match months {
                "month" => count,
                "quarter" => count.checked_mul(3)?,
                _ => count.checked_mul(12)?,
            };
            let from = clock(of);
            let all = (i128::from(from.year()) * 12 + i128::from(from.month0())).checked_add(months)?;
            let (year, month) =
                (i32::try_from(all.div_euclid(12)).ok()?, u32::try_from(all.rem_euclid(12)).unwrap() + 1);
            let last = (1..=from.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day))?;
            let moved = midnight(last.to_epoch_days()) + nanoseconds(of).rem_euclid(DAY);
            return Some(at(moved, of));
        }
    };
    let moved = nanoseconds(of).checked_add(count.checked_mul(length)?)?;
    let of = match of {
        Value::Date(_) if length < DAY => &Value::Timestamp { nanoseconds: 0, instant: false },
        other => other,
    };
    // The result must lie within the 262,000 years of the calendar.
    let seconds = i64::try_from(moved.div_euclid(SECOND)).ok()?;
    DateTime::from_timestamp(seconds, 0).map(|_| at(moved, of))
}

fn begun(unit: &str, of: &Value) -> Value {
    let (time, all) = (clock(of), nanoseconds(of));
    let first =
        |month: u32| midnight(NaiveDate::from_ymd_opt(time.year(), month, 1).unwrap().to_epoch_days());
    let begin = match unit {
        "second" => all - all.rem_euclid(SECOND),
        "minute" => all - all.rem_euclid(60 * SECOND),
        "hour" => all - all.rem_euclid(3_600 * SECOND),
        "day" => all - all.rem_euclid(DAY),
        "week" => all - all.rem_euclid(DAY) - i128::from(time.weekday().num_days_from_monday()) * DAY,
        "month" => first(time.month()),
        "quarter" => first(time.month() - (time.month() - 1) % 3),
        _ => first(1),
    };
    at(begin, of)
}

/// Returns the number of whole units between two times, as Java's `ChronoUnit.between` and Spark's
/// `timestampdiff` do.
fn whole_between(unit: &str, start: NaiveDateTime, end: NaiveDateTime) -> i128 {
    let since_epoch =
        |time: NaiveDateTime| i128::from(time.and_utc().timestamp()) * SECOND + i128::from(time.nanosecond());
    let length = match unit {
        "second" => SECOND,
        "minute" => 60 * SECOND,
        "hour" => 3_600 * SECOND,
        "day" => DAY,
        "week" => 7 * DAY,
        months => {
            let mut date = end.date();
            if date > start.date() && end.time() < start.time() {
                date = date.pred_opt().unwrap();
            } else if date < start.date() && end.time() > start.time() {
                date = date.succ_opt().unwrap();
            }
            let packed = |date: NaiveDate| {
                (i128::from(date.year()) * 12 + i128::from(date.month0())) * 32 + i128::from(date.day())
            };
            let whole = (packed(date) - packed(start.date())) / 32;
            return match months {
                "month" => whole,
                "quarter" => whole / 3,
                _ => whole / 12,
            };
        }
    };
    (since_epoch(end) - since_epoch(start)) / length
}
