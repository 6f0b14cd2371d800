//! The values of a column, of one type.

use chrono::{DateTime, NaiveDate, NaiveTime};
use karat::data::Decimal;
use polars::prelude::*;

use super::table::Dice;

/// The values of a column.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Whole numbers of a type.
    Whole(&'static str, Vec<Option<i128>>),
    /// Numbers with so many digits, so many of them behind the point.
    Decimal(u8, u8, Vec<Option<i128>>),
    Float(Vec<Option<f64>>),
    Flag(Vec<Option<bool>>),
    /// Days since 1970.
    Day(Vec<Option<i32>>),
    /// Microseconds since 1970, as instants or of the clock on the wall.
    Moment(bool, Vec<Option<i64>>),
    /// Nanoseconds since midnight.
    Clock(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
}

/// Numbers as whole ones with digits behind the point.
pub struct Exact {
    pub values: Vec<i128>,
    scale: u8,
}

impl Exact {
    pub fn sum(&self) -> i128 {
        self.values.iter().sum()
    }

    pub fn value(&self, unscaled: i128) -> Decimal {
        Decimal { unscaled, scale: self.scale }
    }
}

const TEXTS: [&str; 14] =
    ["", "a", "a,b", "\"", "x\r\ny", " 01 ", "NULL", "null", "é列", "-", "a\tb", "\\", "{}", "2026-01-31x"];

impl Cells {
    pub const KINDS: u64 = 16;

    /// Values of a kind: often repeated, some of them missing.
    pub fn of(kind: u64, rows: usize, dice: &mut Dice) -> Self {
        let missing = dice.below(4);
        let few = dice.below(2) == 0;
        let mut pool: Vec<u64> = Vec::new();
        // Each value hangs on one number, and few numbers make few values.
        let mut numbers: Vec<Option<u64>> = Vec::with_capacity(rows);
        for _ in 0..rows {
            let known = !pool.is_empty() && few && dice.below(3) > 0;
            let number = if known { pool[dice.below(pool.len() as u64) as usize] } else { dice.roll() };
            pool.push(number);
            numbers.push((dice.below(10) >= missing).then_some(number));
        }
        let whole = |name, least: i128, most: i128| {
            let within = |number| {
                let wide = Dice::new(number).wide();
                if (least..=most).contains(&wide) {
                    wide
                } else {
                    least + (wide - least).rem_euclid(most - least + 1)
                }
            };
            Self::Whole(name, map(&numbers, within))
        };
        let decimal = |precision: u8, scale: u8| {
            // Their sums have no more digits than decimals hold.
            let most = 10_i128.pow(u32::from(precision.min(36)));
            let within = |number| Dice::new(number).wide() % most;
            Self::Decimal(precision, scale, map(&numbers, within))
        };
        match kind {
            0 => whole("int64", i64::MIN.into(), i64::MAX.into()),
            1 => whole("int32", i32::MIN.into(), i32::MAX.into()),
            2 => whole("int8", -128, 127),
            3 => whole("uint64", 0, u64::MAX.into()),
            4 => whole("uint16", 0, 65_535),
            5 => decimal(9, 2),
            6 => decimal(18, 6),
            7 => decimal(38, 2),
            8 => decimal(38, 20),
            9 => Self::Float(map(&numbers, float)),
            10 => Self::Flag(map(&numbers, |number| number % 2 == 0)),
            11 => Self::Day(map(&numbers, |number| (number % 150_000) as i32 - 50_000)),
            12 => Self::Moment(true, map(&numbers, moment)),
            13 => Self::Moment(false, map(&numbers, moment)),
            14 => Self::Text(map(&numbers, text)),
            _ => Self::Clock(map(&numbers, |number| (number % 86_400_000_000).cast_signed() * 1_000)),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Whole(_, values) | Self::Decimal(_, _, values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Flag(values) => values.len(),
            Self::Day(values) => values.len(),
            Self::Moment(_, values) | Self::Clock(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether text tells a type that holds the same values.
    pub fn is_inferred(&self) -> bool {
        match self {
            Self::Clock(_) => false,
            // Texts that are all of another type are not texts.
            Self::Text(values) => values.iter().flatten().any(|text| text == "a"),
            // Others are told by doubles, which is another type.
            Self::Decimal(_, _, values) => {
                let digits = |value: &i128| value.to_string().trim_matches(['-', '0']).len();
                values.iter().flatten().any(|value| digits(value) > 17)
            }
            _ => (0..self.len()).any(|row| self.literal(row).is_some()),
        }
    }

    pub fn is_ordered(&self) -> bool {
        !matches!(self, Self::Flag(_))
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Whole(..) | Self::Decimal(..) | Self::Float(_))
    }

    pub fn exact(&self) -> Option<Exact> {
        let (scale, values) = match self {
            Self::Whole(_, values) => (0, values),
            Self::Decimal(_, scale, values) => (*scale, values),
            _ => return None,
        };
        Some(Exact { values: values.iter().flatten().copied().collect(), scale })
    }

    /// What a schema calls the type.
    pub fn type_name(&self) -> String {
        match self {
            Self::Whole(name, _) => (*name).to_owned(),
            Self::Decimal(precision, scale, _) => format!("decimal({precision},{scale})"),
            Self::Float(_) => "float64".to_owned(),
            Self::Flag(_) => "boolean".to_owned(),
            Self::Day(_) => "date".to_owned(),
            Self::Moment(true, _) => "timestamp".to_owned(),
            Self::Moment(false, _) => "timestamp_ntz".to_owned(),
            Self::Clock(_) => "time".to_owned(),
            Self::Text(_) => "string".to_owned(),
        }
    }

    /// A value as a suite writes it, the same for equal values; nothing for a null.
    pub fn literal(&self, row: usize) -> Option<String> {
        match self {
            Self::Whole(_, values) => values[row].map(|value| value.to_string()),
            Self::Decimal(_, scale, values) => {
                values[row].map(|unscaled| Decimal { unscaled, scale: *scale }.to_string())
            }
            Self::Float(values) => values[row].map(|value| format!("{:?}", value + 0.0)),
            Self::Flag(values) => values[row].map(|value| value.to_string()),
            Self::Day(values) => values[row].map(|value| format!("'{}'", day(value))),
            Self::Moment(instant, values) => {
                values[row].map(|value| format!("'{}{}'", wall(value), if *instant { "Z" } else { "" }))
            }
            Self::Clock(values) => values[row].map(|value| format!("'{}'", clock(value))),
            Self::Text(values) => {
                values[row].as_ref().map(|value| serde_json::Value::from(value.as_str()).to_string())
            }
        }
    }

    /// The column of an engine.
    pub fn series(&self) -> Series {
        let int128 = |values: &[Option<i128>]| {
            Int128Chunked::from_iter_options(PlSmallStr::EMPTY, values.iter().copied())
        };
        match self {
            Self::Whole(name, values) => {
                let data_type = match *name {
                    "int64" => DataType::Int64,
                    "int32" => DataType::Int32,
                    "int8" => DataType::Int8,
                    "uint64" => DataType::UInt64,
                    _ => DataType::UInt16,
                };
                int128(values).into_series().strict_cast(&data_type).unwrap()
            }
            Self::Decimal(precision, scale, values) => int128(values)
                .into_decimal(usize::from(*precision), usize::from(*scale))
                .unwrap()
                .into_series(),
            Self::Float(values) => Series::new(PlSmallStr::EMPTY, values),
            Self::Flag(values) => Series::new(PlSmallStr::EMPTY, values),
            Self::Day(values) => Series::new(PlSmallStr::EMPTY, values).cast(&DataType::Date).unwrap(),
            Self::Moment(instant, values) => {
                let zone = instant.then_some(TimeZone::UTC);
                let data_type = DataType::Datetime(TimeUnit::Microseconds, zone);
                Series::new(PlSmallStr::EMPTY, values).cast(&data_type).unwrap()
            }
            Self::Clock(values) => Series::new(PlSmallStr::EMPTY, values).cast(&DataType::Time).unwrap(),
            Self::Text(values) => Series::new(PlSmallStr::EMPTY, values),
        }
    }
}

fn map<T>(numbers: &[Option<u64>], value: impl Fn(u64) -> T) -> Vec<Option<T>> {
    numbers.iter().map(|number| number.map(&value)).collect()
}

/// Any double that is a number, often a short one.
fn float(number: u64) -> f64 {
    let any = f64::from_bits(Dice::new(number).roll());
    match number % 4 {
        0 if any.is_finite() => any,
        1 => (number % 1_000_000) as f64 / 100.0,
        2 => (number % 1_000) as f64 * 0.1,
        _ => ((number >> 8) as f64) * 1e-7,
    }
}

/// From the year 1 to 9999.
fn moment(number: u64) -> i64 {
    const FIRST: i64 = -62_135_596_800_000_000;
    const LAST: i64 = 253_402_300_799_999_999;
    let any = FIRST + (number % LAST.abs_diff(FIRST)).cast_signed();
    if number.is_multiple_of(3) { any } else { any - any.rem_euclid(60_000_000) }
}

fn text(number: u64) -> String {
    let mut dice = Dice::new(number);
    (0..=dice.below(2)).map(|_| TEXTS[dice.below(TEXTS.len() as u64) as usize]).collect()
}

pub fn day(days: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(days).unwrap()
}

/// With as many digits as it needs, of microseconds.
pub fn wall(microseconds: i64) -> String {
    let time = DateTime::from_timestamp_micros(microseconds).unwrap().naive_utc();
    time.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

pub fn clock(nanoseconds: i64) -> String {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(
        (nanoseconds / 1_000_000_000) as u32,
        (nanoseconds % 1_000_000_000) as u32,
    );
    time.unwrap().format("%H:%M:%S%.6f").to_string()
}
