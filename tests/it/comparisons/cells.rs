//! Values of every type, each told exactly, and their order by all digits.

use std::cmp::Ordering;

use polars::prelude::{AnyValue, DataType as PlType, PlSmallStr, Series, TimeUnit as PlUnit, TimeZone};

/// What a value is, whatever type holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Null,
    /// Its sign, and its digits, of one width before and behind the point.
    Number(bool, String),
    NotANumber,
    /// Above, or below all numbers.
    Infinite(bool),
    Text(String),
    Boolean(bool),
    Bytes(Vec<u8>),
    /// Nanoseconds of a time of day, a duration, a wall clock or an instant.
    Nanoseconds(i128),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Null,
    Number,
    Text,
    Boolean,
    Bytes,
    Time,
    Duration,
    WallClock,
    Instant,
}

impl Kind {
    pub fn is_ordered(self) -> bool {
        !matches!(self, Self::Null | Self::Boolean | Self::Bytes)
    }
}

/// A type with values of it.
pub struct Type {
    pub name: String,
    pub kind: Kind,
    data_type: PlType,
    values: Vec<AnyValue<'static>>,
    pub cells: Vec<Cell>,
}

impl Type {
    fn new(name: &str, kind: Kind, data_type: PlType, values: Vec<(AnyValue<'static>, Cell)>) -> Self {
        let null = (AnyValue::Null, Cell::Null);
        let (values, cells) = values.into_iter().chain([null]).unzip();
        Self { name: name.to_owned(), kind, data_type, values, cells }
    }

    /// The cell at a place, or null behind the last one.
    pub fn cell(&self, place: usize) -> &Cell {
        self.cells.get(place).unwrap_or(&Cell::Null)
    }

    pub fn is_decimal(&self) -> bool {
        matches!(self.data_type, PlType::Decimal(..))
    }

    pub fn series(&self, name: &str, places: impl Iterator<Item = usize>) -> Series {
        let values: Vec<_> =
            places.map(|place| self.values.get(place).cloned().unwrap_or(AnyValue::Null)).collect();
        Series::from_any_values_and_dtype(PlSmallStr::from(name), &values, &self.data_type, true).unwrap()
    }
}

impl Cell {
    /// The order of two values of one kind; none if one is null.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Number(false, left), Self::Number(false, right)) => left.cmp(right),
            (Self::Number(true, left), Self::Number(true, right)) => right.cmp(left),
            (Self::Number(negative, _), Self::Number(..)) => {
                if *negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Self::NotANumber, Self::NotANumber) => Ordering::Equal,
            (Self::NotANumber, Self::Number(..) | Self::Infinite(_)) => Ordering::Greater,
            (Self::Infinite(above), Self::Infinite(other)) => above.cmp(other),
            (Self::Infinite(above), Self::Number(..)) => {
                if *above {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Self::Infinite(_), Self::NotANumber)
            | (Self::Number(..), Self::NotANumber | Self::Infinite(_)) => {
                return other.compare(self).map(Ordering::reverse);
            }
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Boolean(left), Self::Boolean(right)) => left.cmp(right),
            (Self::Bytes(left), Self::Bytes(right)) => left.cmp(right),
            (Self::Nanoseconds(left), Self::Nanoseconds(right)) => left.cmp(right),
            _ => return None,
        })
    }
}

/// A number by its digits: `-12.50`.
pub fn number(text: &str) -> Cell {
    const WIDTH: usize = 1100;
    let (whole, fraction) = text.trim_start_matches('-').split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches('-');
    let digits = format!("{whole:0>400}{fraction:0<WIDTH$}");
    Cell::Number(text.starts_with('-') && digits.contains(|c| c != '0'), digits)
}

pub fn double(float: f64) -> Cell {
    if float.is_nan() {
        Cell::NotANumber
    } else if float.is_infinite() {
        Cell::Infinite(float > 0.0)
    } else {
        number(&format!("{float:.1100}"))
    }
}

fn decimal(unscaled: i128, scale: usize) -> Cell {
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    number(&format!("{}{whole}.{fraction}", if unscaled < 0 { "-" } else { "" }))
}

const DAY: i128 = 86_400_000_000_000;
/// The nanoseconds of 64 bits reach to 2262, microseconds for 292,000 years.
const YEAR_3000: i64 = 376_200;

pub fn types() -> Vec<Type> {
    let (i64_max, beyond) = (i64::MAX, 9_007_199_254_740_993);
    let integers = |name: &str, data_type: PlType, values: &[i128]| {
        let values = values.iter().map(|value| (AnyValue::Int128(*value), number(&value.to_string())));
        let all: Vec<_> = values.collect();
        Type::new(name, Kind::Number, data_type, all)
    };
    let decimals = |name: &str, precision: usize, scale: usize, values: &[i128]| {
        let values =
            values.iter().map(|value| (AnyValue::Decimal(*value, precision, scale), decimal(*value, scale)));
        Type::new(name, Kind::Number, PlType::Decimal(precision, scale), values.collect())
    };
    let doubles = [
        0.0,
        1.0,
        0.1,
        1.5,
        9_007_199_254_740_992.0,
        9.223_372_036_854_776e18,
        1e38,
        f64::NAN,
        f64::NEG_INFINITY,
    ];
    let singles = [0.0_f32, 1.0, 0.1, 16_777_216.0, 1.5, f32::MAX, f32::NAN, f32::INFINITY];
    let most = 10_i128.pow(38) - 1;
    let mut all = vec![
        integers("i8", PlType::Int8, &[0, 1, -128, 127]),
        integers("u32", PlType::UInt32, &[0, 1, u32::MAX.into(), 16_777_217]),
        integers("i64", PlType::Int64, &[0, 1, -1, beyond, beyond - 1, i64_max.into(), i64::MIN.into()]),
        integers("u64", PlType::UInt64, &[0, 1, beyond, i64_max.into(), u64::MAX.into(), 1 << 63]),
        Type::new(
            "f32",
            Kind::Number,
            PlType::Float32,
            singles.map(|value| (AnyValue::Float32(value), double(value.into()))).to_vec(),
        ),
        Type::new(
            "f64",
            Kind::Number,
            PlType::Float64,
            doubles.map(|value| (AnyValue::Float64(value), double(value))).to_vec(),
        ),
        decimals("d10_2", 10, 2, &[0, 100, 10, 150, -100, 9_999_999_999]),
        decimals("d20_1", 20, 1, &[0, 10, 15, beyond * 10, beyond * 10 + 5]),
        decimals("d38_0", 38, 0, &[0, 1, most, -most, beyond, 1 << 63]),
        decimals("d38_38", 38, 38, &[0, most, 10_i128.pow(37), 10_i128.pow(37) + 1, -1]),
        decimals("d38_20", 38, 20, &[0, 10_i128.pow(20), 10_i128.pow(19), 15 * 10_i128.pow(19), most]),
    ];
    let texts = ["1", "0", "", "é", "2020-01-01"];
    let text = |text: &&'static str| (AnyValue::String(text), Cell::Text((*text).to_owned()));
    all.push(Type::new("text", Kind::Text, PlType::String, texts.iter().map(text).collect()));
    let booleans = [true, false].map(|value| (AnyValue::Boolean(value), Cell::Boolean(value)));
    all.push(Type::new("bool", Kind::Boolean, PlType::Boolean, booleans.to_vec()));
    let bytes = [&b"1"[..], b"", b"\xff"].map(|value| (AnyValue::Binary(value), Cell::Bytes(value.to_vec())));
    all.push(Type::new("bytes", Kind::Bytes, PlType::Binary, bytes.to_vec()));
    all.push(Type::new("nothing", Kind::Null, PlType::Null, Vec::new()));
    let days = [0, 1, -1, YEAR_3000 as i32, i32::MAX, i32::MIN];
    let days = days.map(|day| (AnyValue::Date(day), Cell::Nanoseconds(i128::from(day) * DAY)));
    all.push(Type::new("date", Kind::WallClock, PlType::Date, days.to_vec()));
    let times = [0, 1, 86_399_999_999_999].map(|time| (AnyValue::Time(time), Cell::Nanoseconds(time.into())));
    all.push(Type::new("time", Kind::Time, PlType::Time, times.to_vec()));
    for (unit, factor) in
        [(PlUnit::Milliseconds, 1_000_000_i64), (PlUnit::Microseconds, 1_000), (PlUnit::Nanoseconds, 1)]
    {
        let day = DAY as i64 / factor;
        let mut counts = vec![0, day, -day, 1, -1, i64::MAX, i64::MIN];
        if let Some(far) = day.checked_mul(YEAR_3000) {
            counts.push(far);
        }
        // A thousandth and a millionth of a coarser unit.
        counts.extend([1_000, 1_001, 1_000_000]);
        counts.dedup();
        let cell = |count: i64| Cell::Nanoseconds(i128::from(count) * i128::from(factor));
        let name = format!("{unit:?}").to_lowercase();
        let zoned = |zone| {
            let zone = TimeZone::opt_try_new(Some(zone)).unwrap();
            let values = counts.iter().map(|count| (AnyValue::Datetime(*count, unit, None), cell(*count)));
            (PlType::Datetime(unit, zone), values.collect::<Vec<_>>())
        };
        let naive = counts.iter().map(|count| (AnyValue::Datetime(*count, unit, None), cell(*count)));
        all.push(Type::new(
            &format!("wall_{name}"),
            Kind::WallClock,
            PlType::Datetime(unit, None),
            naive.collect(),
        ));
        let zone = if unit == PlUnit::Microseconds { "Europe/Berlin" } else { "UTC" };
        let (data_type, values) = zoned(zone);
        all.push(Type::new(&format!("instant_{name}"), Kind::Instant, data_type, values));
        let spans = counts.iter().map(|count| (AnyValue::Duration(*count, unit), cell(*count)));
        all.push(Type::new(&format!("span_{name}"), Kind::Duration, PlType::Duration(unit), spans.collect()));
    }
    all
}
