//! Evaluates the formulas of `$PARAMETER` as Python does.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use super::formula::Formula;
use crate::document::{Node, NodeKind, Span};

/// The value of a formula.
#[derive(Clone, Debug, PartialEq)]
enum Quantity {
    Integer(i128),
    Float(f64),
    Moment(NaiveDateTime),
    Period(Duration),
}

/// The reason why a formula has no value.
#[derive(Debug, PartialEq)]
pub(super) enum NoValue {
    /// The formula depends on the time, which is not known yet.
    NeedsNow,
    /// The formula is wrong; the error is a lower-case fragment.
    Wrong(String),
}

impl From<String> for NoValue {
    fn from(message: String) -> Self {
        Self::Wrong(message)
    }
}

/// The values that a formula may use.
pub(super) struct Known<'a> {
    /// The lookup of values by name.
    pub(super) value: &'a dyn Fn(&str) -> Option<&'a Node>,
    /// The time of the run, if it is known.
    pub(super) now: Option<DateTime<Utc>>,
}

/// Returns the value of a formula as a scalar.
pub(super) fn evaluate(formula: &Formula, known: &Known<'_>, span: Span) -> Result<Node, NoValue> {
    match quantity(formula, known)? {
        Quantity::Integer(value) => Ok(Node::made_plain(value.to_string(), span)),
        Quantity::Float(value) if value.is_finite() => Ok(Node::made_plain(format!("{value:?}"), span)),
        Quantity::Float(_) => Err("the formula gives no finite number".to_owned().into()),
        Quantity::Moment(moment) => {
            Ok(Node::made_text(moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string(), span))
        }
        Quantity::Period(_) => Err("the formula gives a span of time, no value".to_owned().into()),
    }
}

fn quantity(formula: &Formula, known: &Known<'_>) -> Result<Quantity, NoValue> {
    match formula {
        Formula::Number(text) => scalar(text).ok_or_else(|| format!("{text:?} is no number").into()),
        Formula::Name(name) => self::name(name, known),
        Formula::Negate(of) => match quantity(of, known)? {
            Quantity::Integer(value) => Ok(Quantity::Integer(-value)),
            Quantity::Float(value) => Ok(Quantity::Float(-value)),
            Quantity::Period(value) => Ok(Quantity::Period(-value)),
            Quantity::Moment(_) => Err("a point in time has no sign".to_owned().into()),
        },
        Formula::Binary(operator, left, right) => {
            let (left, right) = (quantity(left, known)?, quantity(right, known)?);
            binary(*operator, &left, &right)
                .ok_or_else(|| format!("{operator} is not defined of these operands").into())
        }
        Formula::Call(function, arguments) => call(function, arguments, known),
    }
}

fn name(name: &str, known: &Known<'_>) -> Result<Quantity, NoValue> {
    match name.to_uppercase().as_str() {
        "PI" => return Ok(Quantity::Float(std::f64::consts::PI)),
        "E" => return Ok(Quantity::Float(std::f64::consts::E)),
        _ => {}
    }
    let node = (known.value)(name).ok_or_else(|| unknown(name))?;
    let value = match &node.kind {
        NodeKind::Scalar(value) => scalar(&value.text).or_else(|| moment(&value.text)),
        NodeKind::List(_) | NodeKind::Map(_) => None,
    };
    value
        .ok_or_else(|| format!("the parameter {name:?} is no number or time: a formula cannot use it").into())
}

/// Returns the error of a name that has no value.
pub(super) fn unknown(name: &str) -> NoValue {
    NoValue::Wrong(format!("no value is given for $PARAMETER {name:?}"))
}

fn scalar(text: &str) -> Option<Quantity> {
    let integer = text.parse().ok().map(Quantity::Integer);
    integer.or_else(|| text.parse().ok().map(Quantity::Float))
}

fn moment(text: &str) -> Option<Quantity> {
    let wall_clock = text.parse::<NaiveDateTime>().ok();
    let date = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
    let spaced = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok();
    let instant = || text.parse::<DateTime<Utc>>().ok().map(|instant| instant.naive_utc());
    wall_clock.or_else(spaced).or_else(date).or_else(instant).map(Quantity::Moment)
}

fn binary(operator: char, left: &Quantity, right: &Quantity) -> Option<Quantity> {
    use Quantity::{Integer, Moment, Period};
    match (operator, left, right) {
        ('+', Integer(left), Integer(right)) => left.checked_add(*right).map(Integer),
        ('-', Integer(left), Integer(right)) => left.checked_sub(*right).map(Integer),
        ('*', Integer(left), Integer(right)) => left.checked_mul(*right).map(Integer),
        ('^', Integer(left), Integer(right)) if *right >= 0 => {
            left.checked_pow(u32::try_from(*right).ok()?).map(Integer)
        }
        ('+', Moment(moment), Period(period)) | ('+', Period(period), Moment(moment)) => {
            moment.checked_add_signed(*period).map(Moment)
        }
        ('-', Moment(moment), Period(period)) => moment.checked_sub_signed(*period).map(Moment),
        ('-', Moment(left), Moment(right)) => Some(Period(*left - *right)),
        ('+', Period(left), Period(right)) => left.checked_add(right).map(Period),
        ('-', Period(left), Period(right)) => left.checked_sub(right).map(Period),
        ('*', Period(period), Integer(factor)) | ('*', Integer(factor), Period(period)) => {
            period.checked_mul(i32::try_from(*factor).ok()?).map(Period)
        }
        _ => {
            let (left, right) = (left.as_float()?, right.as_float()?);
            Some(Quantity::Float(match operator {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                '/' if right != 0.0 => left / right,
                '^' => left.powf(right),
                _ => return None,
            }))
        }
    }
}

impl Quantity {
    #[expect(clippy::cast_precision_loss, reason = "Python's doubles lose it too")]
    fn as_float(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Moment(_) | Self::Period(_) => None,
        }
    }

    /// Returns the whole number that remains when the fraction is cut off.
    #[expect(clippy::cast_possible_truncation, reason = "that is the purpose")]
    fn truncated(&self) -> Option<i128> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Float(value) if value.is_finite() => Some(value.trunc() as i128),
            _ => None,
        }
    }
}

fn call(
    function: &str,
    arguments: &[(Option<String>, Formula)],
    known: &Known<'_>,
) -> Result<Quantity, NoValue> {
    let wrong = || NoValue::Wrong(format!("{function}() does not take these arguments"));
    let mut values = Vec::with_capacity(arguments.len());
    for (name, argument) in arguments {
        values.push((name.as_deref(), quantity(argument, known)?));
    }
    match function {
        "now" if values.is_empty() => {
            return known.now.map(|now| Quantity::Moment(now.naive_utc())).ok_or(NoValue::NeedsNow);
        }
        "datetime" => return date_time(&values).map(Quantity::Moment).ok_or_else(wrong),
        "timedelta" => return period(&values).map(Quantity::Period).ok_or_else(wrong),
        _ => {}
    }
    let [(None, value)] = values.as_slice() else { return Err(wrong()) };
    let float = value.as_float().ok_or_else(wrong);
    Ok(match (function, value) {
        ("sin", _) => Quantity::Float(float?.sin()),
        ("cos", _) => Quantity::Float(float?.cos()),
        ("tan", _) => Quantity::Float(float?.tan()),
        ("exp", _) => Quantity::Float(float?.exp()),
        ("abs", Quantity::Integer(value)) => Quantity::Integer(value.abs()),
        ("abs", _) => Quantity::Float(float?.abs()),
        ("trunc", value) => Quantity::Integer(value.truncated().ok_or_else(wrong)?),
        // Halves are rounded to the even number.
        ("round", value) => {
            let rounded = Quantity::Float(float?.round_ties_even());
            Quantity::Integer(if let Quantity::Integer(value) = value {
                *value
            } else {
                rounded.truncated().ok_or_else(wrong)?
            })
        }
        ("sgn", _) => {
            const ALMOST_ZERO: f64 = 1e-12;
            let value = float?;
            Quantity::Integer(i128::from(value > ALMOST_ZERO) - i128::from(value < -ALMOST_ZERO))
        }
        _ => return Err(format!("no function {function:?}").into()),
    })
}

/// Returns the arguments in the order of their names, given by position or by name.
fn by_name<const N: usize>(
    values: &[(Option<&str>, Quantity)],
    names: [&str; N],
) -> Option<[Option<Quantity>; N]> {
    let mut found = [const { None }; N];
    for (index, (name, value)) in values.iter().enumerate() {
        let place = match name {
            Some(name) => names.iter().position(|known| known == name)?,
            None => index,
        };
        *found.get_mut(place)? = Some(value.clone());
    }
    Some(found)
}

fn date_time(values: &[(Option<&str>, Quantity)]) -> Option<NaiveDateTime> {
    let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"];
    let parts = by_name(values, names)?;
    let part = |index: usize, default: Option<i128>| match &parts[index] {
        Some(Quantity::Integer(value)) => Some(*value),
        Some(_) => None,
        None => default,
    };
    let small = |index: usize, default| u32::try_from(part(index, default)?).ok();
    let date =
        NaiveDate::from_ymd_opt(i32::try_from(part(0, None)?).ok()?, small(1, None)?, small(2, None)?)?;
    date.and_hms_micro_opt(small(3, Some(0))?, small(4, Some(0))?, small(5, Some(0))?, small(6, Some(0))?)
}

fn period(values: &[(Option<&str>, Quantity)]) -> Option<Duration> {
    const UNITS: [(&str, f64); 7] = [
        ("days", 86_400e6),
        ("seconds", 1e6),
        ("microseconds", 1.0),
        ("milliseconds", 1e3),
        ("minutes", 60e6),
        ("hours", 3_600e6),
        ("weeks", 604_800e6),
    ];
    let parts = by_name(values, UNITS.map(|(name, _)| name))?;
    let mut microseconds = 0.0;
    for (part, (_, unit)) in parts.iter().zip(UNITS) {
        if let Some(part) = part {
            microseconds += part.as_float()? * unit;
        }
    }
    let whole = i64::try_from(Quantity::Float(microseconds.round()).truncated()?).ok()?;
    Some(Duration::microseconds(whole))
}

#[cfg(test)]
mod tests {
    use super::super::formula::parse;
    use super::*;

    fn value(text: &str) -> String {
        let parameters = Node::made_map(
            [("rows", "1000"), ("share", "0.5"), ("day", "2020-01-31")]
                .map(|(name, value)| (name, Node::made_plain(value, Span::default()))),
            Span::default(),
        );
        let now = Some("2026-01-31T10:00:00Z".parse().unwrap());
        let known = Known { value: &|name| parameters.get(name), now };
        match parse(text)
            .map_err(NoValue::Wrong)
            .and_then(|formula| evaluate(&formula, &known, Span::default()))
        {
            Ok(node) => node.text("").unwrap().to_owned(),
            Err(NoValue::Wrong(message)) => message,
            Err(NoValue::NeedsNow) => "now".to_owned(),
        }
    }

    #[test]
    fn formulas_are_python() {
        for (text, expected) in [
            ("rows * share", "500.0"),
            ("rows + 1", "1001"),
            ("rows / 3 - 1", "332.3333333333333"),
            ("2 ^ 3 ^ 2", "512"),
            ("-2 ^ 2", "4"),
            ("2 - -1", "3"),
            ("2-1", "1"),
            ("(1 + 2) * 3", "9"),
            ("trunc(-2.7) + round(2.5) + abs(-3) + sgn(-0.1)", "2"),
            ("1.5e3", "1500.0"),
            ("exp(0) + sin(0) + cos(0)", "2.0"),
            ("2 * pi", "6.283185307179586"),
            ("now()", "2026-01-31T10:00:00"),
            ("now() - timedelta(weeks=52*100)", "1926-06-05T10:00:00"),
            ("datetime(2003, 1, 1) + timedelta(1, 30)", "2003-01-02T00:00:30"),
            ("day - timedelta(hours=0.5)", "2020-01-30T23:30:00"),
            ("timedelta(days=1)", "the formula gives a span of time, no value"),
            ("none + 1", "no value is given for $PARAMETER \"none\""),
            ("quack(1)", "no function \"quack\""),
            ("datetime(2003, 13, 1)", "datetime() does not take these arguments"),
            ("1 / 0", "/ is not defined of these operands"),
            ("1 +", "expected a number, a name or \"(\", found the end in the formula \"1 +\""),
            ("rows rows", "unexpected 'r' in the formula \"rows rows\""),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
        assert!(value(&"(".repeat(1_000)).contains("too deep"));
        assert!(value(&"1+".repeat(10_000)).contains("more than"));
    }
}
