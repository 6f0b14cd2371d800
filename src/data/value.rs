//! Values, with a total order of floats and exact comparison of numbers of different types.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::Serialize;

use super::Exact;
use super::serialize::as_text;

/// A double with Spark's equality and order: NaN equals itself and is above all other values, and the two
/// zeros are equal.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Float {}

impl Hash for Float {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let canonical = if self.0.is_nan() { f64::NAN } else { self.0 + 0.0 };
        canonical.to_bits().hash(state);
    }
}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Float {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.0.partial_cmp(&other.0) {
            Some(order) => order,
            None => self.0.is_nan().cmp(&other.0.is_nan()),
        }
    }
}

/// An exact number: `unscaled × 10^-scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Decimal {
    /// All digits, as an integer.
    #[serde(serialize_with = "as_text")]
    pub unscaled: i128,
    /// Number of digits after the point.
    pub scale: u8,
}

impl Decimal {
    /// Parses `-12.50`, `.5` or `1e3` exactly.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first()? {
            b'-' => (true, &mantissa[1..]),
            b'+' => (false, &mantissa[1..]),
            _ => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        if digits.is_empty()
            || digits == "."
            || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let unscaled: i128 = if all.is_empty() { 0 } else { all.parse().ok()? };
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let unscaled = if negative { -unscaled } else { unscaled };
        if scale < 0 {
            let factor = power_of_ten(scale.unsigned_abs())?;
            return Some(Self { unscaled: unscaled.checked_mul(factor)?, scale: 0 });
        }
        Some(Self { unscaled, scale: u8::try_from(scale).ok().filter(|scale| *scale <= 76)? }.normalised())
    }

    /// Returns the same number with the least scale that holds it.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        while self.scale > 0 && self.unscaled % 10 == 0 {
            self.unscaled /= 10;
            self.scale -= 1;
        }
        self
    }

    /// Returns the number rounded down to `scale` digits after the point, as a count of `10^-scale`, and
    /// whether that is exact. `None` if 128 bits cannot hold the result.
    #[must_use]
    pub fn floor_to(self, scale: u8) -> Option<(i128, bool)> {
        if scale >= self.scale {
            let factor = power_of_ten(u32::from(scale - self.scale))?;
            return Some((self.unscaled.checked_mul(factor)?, true));
        }
        let factor = power_of_ten(u32::from(self.scale - scale))?;
        Some((self.unscaled.div_euclid(factor), self.unscaled.rem_euclid(factor) == 0))
    }

    /// Returns the nearest double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.unscaled.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let point = if scale > 0 { "." } else { "" };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// A value of a column, of an observation or of a suite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A null.
    #[default]
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    #[serde(serialize_with = "as_text")]
    Integer(i128),
    /// An exact number.
    Decimal(Decimal),
    /// A double.
    Float(Float),
    /// A number that neither an integer nor a decimal of 38 digits can hold exactly: a fraction, a root, a
    /// sum of more digits. Only computed values are of this kind; no column has one.
    Exact(Exact),
    /// Text.
    String(String),
    /// Bytes.
    Binary(Vec<u8>),
    /// Days since 1970-01-01.
    Date(i32),
    /// Nanoseconds since midnight.
    Time(i64),
    /// Nanoseconds.
    #[serde(serialize_with = "as_text")]
    Duration(i128),
    /// Nanoseconds since 1970-01-01T00:00:00, in UTC if `instant`, else on a wall clock.
    Timestamp {
        /// The nanoseconds.
        #[serde(serialize_with = "as_text")]
        nanoseconds: i128,
        /// True for an instant in UTC.
        instant: bool,
    },
    /// A list of values.
    List(Vec<Value>),
    /// A struct of named values.
    Struct(Vec<(String, Value)>),
}

impl Value {
    /// Returns a float.
    #[must_use]
    pub fn float(value: f64) -> Self {
        Self::Float(Float(value))
    }

    /// Returns whether the value is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns whether the value is NaN.
    #[must_use]
    pub fn is_nan(&self) -> bool {
        matches!(self, Self::Float(float) if float.0.is_nan())
    }

    /// Returns the number, rounded to a double.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => value.to_string().parse().ok(),
            Self::Decimal(value) => Some(value.to_f64()),
            Self::Float(value) => Some(value.0),
            Self::Exact(value) => Some(value.to_f64()),
            _ => None,
        }
    }

    /// Returns the value of a field, if this is a struct that has the field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Struct(fields) => fields.iter().find(|(field, _)| field == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the count, if this is a non-negative integer.
    #[must_use]
    pub fn as_count(&self) -> Option<u64> {
        match self {
            Self::Integer(value) => u64::try_from(*value).ok(),
            _ => None,
        }
    }

    /// Returns a count as a value.
    #[must_use]
    pub fn of_count(count: u64) -> Self {
        Self::Integer(count.into())
    }

    /// Returns a struct of named counts.
    #[must_use]
    pub fn of_counts<'a>(counts: impl IntoIterator<Item = (&'a str, u64)>) -> Self {
        Self::Struct(
            counts.into_iter().map(|(name, count)| (name.to_owned(), Self::of_count(count))).collect(),
        )
    }

    /// Compares two values of one kind; numbers of any types are compared exactly. `None` if they have no
    /// common order.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Boolean(left), Self::Boolean(right)) => left.cmp(right),
            (Self::Integer(left), Self::Integer(right)) => left.cmp(right),
            (Self::Float(left), Self::Float(right)) => left.cmp(right),
            (Self::String(left), Self::String(right)) => left.cmp(right),
            (Self::Binary(left), Self::Binary(right)) => left.cmp(right),
            (Self::Date(left), Self::Date(right)) => left.cmp(right),
            (Self::Time(left), Self::Time(right)) => left.cmp(right),
            (Self::Duration(left), Self::Duration(right)) => left.cmp(right),
            (Self::Timestamp { nanoseconds: left, .. }, Self::Timestamp { nanoseconds: right, .. }) => {
                left.cmp(right)
            }
            (left, right) => return compare_numbers(left, right),
        })
    }

    /// Returns the value as JSON, in the form that the report's contract defines.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        const EXACT_IN_JSON: i128 = 1 << 53;
        match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => Json::Bool(*value),
            Self::Integer(value) => match i64::try_from(*value) {
                Ok(small) if value.abs() <= EXACT_IN_JSON => Json::from(small),
                _ => Json::String(value.to_string()),
            },
            Self::Float(Float(value)) => match serde_json::Number::from_f64(*value) {
                Some(number) => Json::Number(number),
                None => Json::String(non_finite(*value).to_owned()),
            },
            Self::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Self::Struct(fields) => {
                Json::Object(fields.iter().map(|(name, value)| (name.clone(), value.to_json())).collect())
            }
            other => Json::String(other.to_string()),
        }
    }
}

fn compare_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    let exact = |value: &Value| match value {
        Value::Integer(unscaled) => Some(Decimal { unscaled: *unscaled, scale: 0 }),
        Value::Decimal(decimal) => Some(*decimal),
        _ => None,
    };
    if let (Some(left), Some(right)) = (exact(left), exact(right)) {
        let scale = left.scale.max(right.scale);
        if let (Some((left, _)), Some((right, _))) = (left.floor_to(scale), right.floor_to(scale)) {
            return Some(left.cmp(&right));
        }
    }
    if let (Some(left), Some(right)) = (Exact::of(left), Exact::of(right)) {
        return Some(left.cmp(&right));
    }
    // One of them is NaN or infinite. Its order relative to a finite number does not depend on that number,
    // so 0 stands for it.
    let double = |value: &Value| match value {
        Value::Float(float) => Some(*float),
        Value::Integer(_) | Value::Decimal(_) | Value::Exact(_) => Some(Float(0.0)),
        _ => None,
    };
    Some(double(left)?.cmp(&double(right)?))
}

fn non_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
            Self::Float(Float(value)) if !value.is_finite() => f.write_str(non_finite(*value)),
            // The fewest digits that read back as the same double.
            Self::Float(Float(value)) => {
                if *value == 0.0 || (1e-6..1e15).contains(&value.abs()) {
                    write!(f, "{value}")
                } else {
                    write!(f, "{value:e}")
                }
            }
            Self::Exact(value) => value.fmt(f),
            Self::String(value) => f.write_str(value),
            Self::Binary(bytes) => f.write_str(&BASE64.encode(bytes)),
            Self::Date(days) => match date(*days) {
                Some(date) => write!(f, "{date}"),
                None => write!(f, "day {days}"),
            },
            Self::Time(nanoseconds) => {
                let seconds = u32::try_from(nanoseconds / 1_000_000_000).unwrap_or(0);
                let rest = u32::try_from(nanoseconds % 1_000_000_000).unwrap_or(0);
                match NaiveTime::from_num_seconds_from_midnight_opt(seconds, rest) {
                    Some(time) => write!(f, "{time}"),
                    None => write!(f, "{nanoseconds} ns"),
                }
            }
            Self::Duration(nanoseconds) => {
                write!(f, "{} s", Decimal { unscaled: *nanoseconds, scale: 9 }.normalised())
            }
            Self::Timestamp { nanoseconds, instant } => match date_time(*nanoseconds) {
                Some(time) if *instant => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
                Some(time) => {
                    f.write_str(time.to_rfc3339_opts(SecondsFormat::AutoSi, true).trim_end_matches('Z'))
                }
                None => write!(f, "{nanoseconds} ns"),
            },
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Struct(fields) => {
                f.write_str("{")?;
                for (index, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

fn date(days: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    let distance = Days::new(u64::from(days.unsigned_abs()));
    if days < 0 { epoch.checked_sub_days(distance) } else { epoch.checked_add_days(distance) }
}

fn date_time(nanoseconds: i128) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).ok()?;
    let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        let text = |text| Decimal::parse(text).map(|decimal| decimal.to_string());
        assert_eq!(text("-12.50").as_deref(), Some("-12.5"));
        assert_eq!(text("1e3").as_deref(), Some("1000"));
        assert_eq!(text("12345678901234567890").as_deref(), Some("12345678901234567890"));
        assert_eq!(text("0.007").as_deref(), Some("0.007"));
        assert_eq!(text("1e99"), None);
        for bad in ["", ".", "-", "1.2.3", "abc", "1e", "0x1"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_compare_across_types() {
        let big = Value::Integer(9_007_199_254_740_993);
        assert_eq!(
            big.compare(&Value::Decimal(Decimal::parse("9007199254740993.5").unwrap())),
            Some(Ordering::Less)
        );
        assert_eq!(Value::float(f64::NAN).compare(&Value::float(f64::INFINITY)), Some(Ordering::Greater));
        assert_eq!(Value::String("a".into()).compare(&big), None);
    }

    #[test]
    fn json_follows_the_contract() {
        assert_eq!(Value::Integer(1 << 60).to_json(), serde_json::json!("1152921504606846976"));
        assert_eq!(Value::float(f64::NEG_INFINITY).to_json(), serde_json::json!("-Infinity"));
        assert_eq!(Value::float(0.1 + 0.2).to_json(), serde_json::json!(0.300_000_000_000_000_04));
        assert_eq!(Value::Binary(b"karat".to_vec()).to_json(), serde_json::json!("a2FyYXQ="));
        assert_eq!(
            Value::Timestamp { nanoseconds: 1_500_000_000, instant: true }.to_string(),
            "1970-01-01T00:00:01.500Z"
        );
    }
}
