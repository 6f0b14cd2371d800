//! Evaluates the formulas of `$PARAMETER` as Python does.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};

use super::formula::Formula;
use crate::document::{Node, NodeKind, Span};

/// The value of a formula.
#[derive(Clone, Debug, PartialEq)]
enum FormulaValue {
    Integer(i128),
    Float(f64),
    Moment(NaiveDateTime),
    Period(Duration),
}

/// The reason why a formula has no value.
#[derive(Debug, PartialEq)]
pub(super) enum EvaluateError {
    /// The formula depends on the time, which is not known yet.
    NeedsNow,
    /// The formula is wrong; the error is a lower-case fragment.
    Wrong(String),
}

impl From<String> for EvaluateError {
    fn from(message: String) -> Self {
        Self::Wrong(message)
    }
}

/// The values that a formula may use.
pub(super) struct Environment<'a> {
    /// The lookup of values by name.
    pub(super) value: &'a dyn Fn(&str) -> Option<&'a Node>,
    /// The time of the run, if it is known.
    pub(super) now: Option<DateTime<Utc>>,
}

/// Returns the value of a formula as a scalar.
pub(super) fn evaluate(
    formula: &Formula,
    environment: &Environment<'_>,
    span: Span,
) -> Result<Node, EvaluateError> {
    match formula_value(formula, environment)? {
        FormulaValue::Integer(value) => Ok(Node::derived_plain(value.to_string(), span)),
        FormulaValue::Float(value) if value.is_finite() => {
            Ok(Node::derived_plain(format!("{value:?}"), span))
        }
        FormulaValue::Float(_) => Err("the formula gives no finite number".to_owned().into()),
        FormulaValue::Moment(moment) => {
            Ok(Node::derived_text(moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string(), span))
        }
        FormulaValue::Period(_) => Err("the formula gives a span of time, no value".to_owned().into()),
    }
}

fn formula_value(formula: &Formula, environment: &Environment<'_>) -> Result<FormulaValue, EvaluateError> {
    match formula {
        Formula::Number(text) => scalar(text).ok_or_else(|| format!("{text:?} is no number").into()),
        Formula::Name(name) => self::name(name, environment),
        Formula::Negate(of) => match formula_value(of, environment)? {
            FormulaValue::Integer(value) => Ok(FormulaValue::Integer(-value)),
            FormulaValue::Float(value) => Ok(FormulaValue::Float(-value)),
            FormulaValue::Period(value) => Ok(FormulaValue::Period(-value)),
            FormulaValue::Moment(_) => Err("a point in time has no sign".to_owned().into()),
        },
        Formula::Binary(operator, left, right) => {
            let (left, right) = (formula_value(left, environment)?, formula_value(right, environment)?);
            binary(*operator, &left, &right)
                .ok_or_else(|| format!("{operator} is not defined of these operands").into())
        }
        Formula::Call(function, arguments) => call(function, arguments, environment),
    }
}

fn name(name: &str, environment: &Environment<'_>) -> Result<FormulaValue, EvaluateError> {
    match name.to_uppercase().as_str() {
        "PI" => return Ok(FormulaValue::Float(std::f64::consts::PI)),
        "E" => return Ok(FormulaValue::Float(std::f64::consts::E)),
        _ => {}
    }
    let node = (environment.value)(name).ok_or_else(|| unknown(name))?;
    let value = match &node.kind {
        NodeKind::Scalar(value) => scalar(&value.text).or_else(|| moment(&value.text)),
        NodeKind::List(_) | NodeKind::Map(_) => None,
    };
    value
        .ok_or_else(|| format!("the parameter {name:?} is no number or time: a formula cannot use it").into())
}

/// Returns the error of a name that has no value.
pub(super) fn unknown(name: &str) -> EvaluateError {
    EvaluateError::Wrong(format!("no value is given for $PARAMETER {name:?}"))
}

fn scalar(text: &str) -> Option<FormulaValue> {
    let integer = text.parse().ok().map(FormulaValue::Integer);
    integer.or_else(|| text.parse().ok().map(FormulaValue::Float))
}

fn moment(text: &str) -> Option<FormulaValue> {
    let wall_clock = text.parse::<NaiveDateTime>().ok();
    let date = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
    let spaced = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok();
    let instant = || text.parse::<DateTime<Utc>>().ok().map(|instant| instant.naive_utc());
    wall_clock.or_else(spaced).or_else(date).or_else(instant).map(FormulaValue::Moment)
}

fn binary(operator: char, left: &FormulaValue, right: &FormulaValue) -> Option<FormulaValue> {
    use FormulaValue::{Integer, Moment, Period};
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
            Some(FormulaValue::Float(match operator {
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

impl FormulaValue {
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
    environment: &Environment<'_>,
) -> Result<FormulaValue, EvaluateError> {
    let wrong = || EvaluateError::Wrong(format!("{function}() does not take these arguments"));
    let mut values = Vec::with_capacity(arguments.len());
    for (name, argument) in arguments {
        values.push((name.as_deref(), formula_value(argument, environment)?));
    }
    match function {
        "now" if values.is_empty() => {
            return environment
                .now
                .map(|now| FormulaValue::Moment(now.naive_utc()))
                .ok_or(EvaluateError::NeedsNow);
        }
        "datetime" => return date_time(&values).map(FormulaValue::Moment).ok_or_else(wrong),
        "timedelta" => return period(&values).map(FormulaValue::Period).ok_or_else(wrong),
        _ => {}
    }
    let [(None, value)] = values.as_slice() else { return Err(wrong()) };
    let float = value.as_float().ok_or_else(wrong);
    Ok(match (function, value) {
        ("sin", _) => FormulaValue::Float(float?.sin()),
        ("cos", _) => FormulaValue::Float(float?.cos()),
        ("tan", _) => FormulaValue::Float(float?.tan()),
        ("exp", _) => FormulaValue::Float(float?.exp()),
        ("abs", FormulaValue::Integer(value)) => FormulaValue::Integer(value.abs()),
        ("abs", _) => FormulaValue::Float(float?.abs()),
        ("trunc", value) => FormulaValue::Integer(value.truncated().ok_or_else(wrong)?),
        // Halves are rounded to the even number.
        ("round", value) => {
            let rounded = FormulaValue::Float(float?.round_ties_even());
            FormulaValue::Integer(if let FormulaValue::Integer(value) = value {
                *value
            } else {
                rounded.truncated().ok_or_else(wrong)?
            })
        }
        ("sgn", _) => {
            const ALMOST_ZERO: f64 = 1e-12;
            let value = float?;
            FormulaValue::Integer(i128::from(value > ALMOST_ZERO) - i128::from(value < -ALMOST_ZERO))
        }
        _ => return Err(format!("no function {function:?}").into()),
    })
}

/// Returns the arguments in the order of their names, given by position or by name.
fn by_name<const N: usize>(
    values: &[(Option<&str>, FormulaValue)],
    names: [&str; N],
) -> Option<[Option<FormulaValue>; N]> {
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

fn date_time(values: &[(Option<&str>, FormulaValue)]) -> Option<NaiveDateTime> {
    let names = ["year", "month", "day", "hour", "minute", "second", "microsecond"];
    let parts = by_name(values, names)?;
    let part = |index: usize, default: Option<i128>| match &parts[index] {
        Some(FormulaValue::Integer(value)) => Some(*value),
        Some(_) => None,
        None => default,
    };
    let small = |index: usize, default| u32::try_from(part(index, default)?).ok();
    let date =
        NaiveDate::from_ymd_opt(i32::try_from(part(0, None)?).ok()?, small(1, None)?, small(2, None)?)?;
    date.and_hms_micro_opt(small(3, Some(0))?, small(4, Some(0))?, small(5, Some(0))?, small(6, Some(0))?)
}

fn period(values: &[(Option<&str>, FormulaValue)]) -> Option<Duration> {
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
    let whole = i64::try_from(FormulaValue::Float(microseconds.round()).truncated()?).ok()?;
    Some(Duration::microseconds(whole))
}

#[cfg(test)]
mod tests {
    use super::super::formula::parse;
    use super::*;

    fn value(text: &str) -> String {
        let parameters = Node::derived_map(
            [("rows", "1000"), ("share", "0.5"), ("day", "2020-01-31")]
                .map(|(name, value)| (name, Node::derived_plain(value, Span::default()))),
            Span::default(),
        );
        let now = Some("2026-01-31T10:00:00Z".parse().unwrap());
        let known = Environment { value: &|name| parameters.get(name), now };
        match parse(text)
            .map_err(EvaluateError::Wrong)
            .and_then(|formula| evaluate(&formula, &known, Span::default()))
        {
            Ok(node) => node.text("").unwrap().to_owned(),
            Err(EvaluateError::Wrong(message)) => message,
            Err(EvaluateError::NeedsNow) => "now".to_owned(),
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
