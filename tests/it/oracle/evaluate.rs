//! The predicate language, naively: one row at a time, written from its documented semantics. It
//! shares nothing with karat's interpreters but the types of expressions and values.

use std::cmp::Ordering;

use crate::comparisons::cells;
use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use karat::data::{ColumnPath, DataType, Decimal, Float, Literal, Schema, TypeName, Value};
use karat::predicate::{Arithmetic, Comparison, Expression, Function, Kind};

/// One row and the names of its values.
pub struct Row<'a> {
    pub schema: &'a Schema,
    pub values: &'a [Value],
}

/// What a literal beside an expression is read as.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Exact,
    Single,
    Double,
    Text,
    Date,
    Timestamp,
    Boolean,
}

impl Row<'_> {
    /// The value of a condition; `None` is null.
    pub fn holds(&self, expression: &Expression) -> Option<bool> {
        match self.value(expression) {
            Value::Boolean(value) => Some(value),
            Value::Null => None,
            other => panic!("{expression} is {other:?}"),
        }
    }

    fn value(&self, expression: &Expression) -> Value {
        match &expression.kind {
            Kind::Column(path) => self.values[self.position(path)].clone(),
            Kind::Literal(literal) => natural(literal),
            Kind::Compare(how, left, right) => {
                let (left, right) = match (&left.kind, &right.kind) {
                    (Kind::Literal(_), Kind::Literal(_)) => (self.value(left), self.value(right)),
                    (_, Kind::Literal(literal)) => (self.value(left), read(literal, self.reading(left))),
                    (Kind::Literal(literal), _) => (read(literal, self.reading(right)), self.value(right)),
                    _ => (self.value(left), self.value(right)),
                };
                compared(*how, &left, &right)
            }
            Kind::Arithmetic(how, left, right) => computed(*how, &self.value(left), &self.value(right)),
            Kind::Negate(of) => match self.value(of) {
                Value::Integer(value) => Value::Integer(-value),
                Value::Float(value) => Value::float(-value.0),
                Value::Decimal(value) => decimal(-value.unscaled, value.scale),
                other => other,
            },
            Kind::And(all) => kleene(all.iter().map(|one| self.holds(one)), false),
            Kind::Or(all) => kleene(all.iter().map(|one| self.holds(one)), true),
            Kind::Not(of) => self.holds(of).map_or(Value::Null, |value| Value::Boolean(!value)),
            Kind::IsNull(of) => Value::Boolean(self.value(of).is_null()),
            Kind::IsTrue(of) => Value::Boolean(self.holds(of) == Some(true)),
            Kind::InSet(of, literals) => {
                let (value, reading) = (self.value(of), self.reading(of));
                // `x IN (a, b)` is `x = a OR x = b`.
                let equal = literals.iter().map(|literal| {
                    match compared(Comparison::Equal, &value, &read(literal, reading)) {
                        Value::Boolean(value) => Some(value),
                        _ => None,
                    }
                });
                kleene(equal, true)
            }
            Kind::Matches(of, regex) => {
                let regex = regex::Regex::new(regex).unwrap();
                text_test(&self.value(of), |text| regex.is_match(text))
            }
            Kind::Like(of, pattern) => {
                let pattern: Vec<char> = pattern.chars().collect();
                text_test(&self.value(of), |text| like(&text.chars().collect::<Vec<_>>(), &pattern))
            }
            Kind::Cast(of, TypeName::Exact(to)) => cast(&self.value(of), to),
            Kind::Cast(_, family) => panic!("cast to {family}"),
            Kind::Call(Function::Coalesce, arguments) => {
                let reading = self.reading(&arguments[0]);
                let mut values = arguments.iter().enumerate().map(|(index, argument)| match &argument.kind {
                    Kind::Literal(literal) if index > 0 => read(literal, reading),
                    _ => self.value(argument),
                });
                values.find(|value| !value.is_null()).unwrap_or(Value::Null)
            }
            Kind::Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
                if arguments.iter().any(Value::is_null) { Value::Null } else { call(*function, &arguments) }
            }
        }
    }

    fn position(&self, path: &ColumnPath) -> usize {
        self.schema.position(path.root()).unwrap()
    }

    fn reading(&self, expression: &Expression) -> Reading {
        let of_type = |data_type: &DataType| match data_type {
            DataType::Integer { .. } | DataType::Decimal { .. } => Reading::Exact,
            DataType::Float { bits: 32 } => Reading::Single,
            DataType::Float { .. } => Reading::Double,
            DataType::String => Reading::Text,
            DataType::Date => Reading::Date,
            DataType::Timestamp { .. } => Reading::Timestamp,
            _ => Reading::Boolean,
        };
        match &expression.kind {
            Kind::Column(path) => of_type(&self.schema.fields[self.position(path)].data_type),
            Kind::Cast(_, TypeName::Exact(to)) => of_type(to),
            Kind::Negate(of) => self.reading(of),
            Kind::Arithmetic(Arithmetic::Divide, ..) => Reading::Double,
            Kind::Arithmetic(_, left, right) => match (self.reading(left), self.reading(right)) {
                (Reading::Exact, Reading::Exact) => Reading::Exact,
                _ => Reading::Double,
            },
            Kind::Call(Function::Abs | Function::Coalesce, arguments) => self.reading(&arguments[0]),
            Kind::Call(function, _) => match function {
                Function::Lower | Function::Upper | Function::Trim => Reading::Text,
                Function::ToDate => Reading::Date,
                Function::Contains | Function::StartsWith | Function::EndsWith => Reading::Boolean,
                _ => Reading::Exact,
            },
            Kind::Literal(Literal::Text(_)) => Reading::Text,
            Kind::Literal(Literal::Number(text)) if text.contains(['e', 'E']) => Reading::Double,
            Kind::Literal(Literal::Number(_)) => Reading::Exact,
            _ => Reading::Boolean,
        }
    }
}

fn decimal(unscaled: i128, scale: u8) -> Value {
    Value::Decimal(Decimal { unscaled, scale })
}

/// `12.50` exactly; an exponent may follow.
fn exact(text: &str) -> Value {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().unwrap();
    let scale = i32::try_from(fraction.len()).unwrap() - exponent.parse::<i32>().unwrap();
    match u8::try_from(scale) {
        Ok(0) => Value::Integer(digits),
        Ok(scale) => decimal(digits, scale),
        Err(_) => Value::Integer(digits * 10_i128.pow(scale.unsigned_abs())),
    }
}

fn natural(literal: &Literal) -> Value {
    match literal {
        Literal::Number(text) if text.contains(['e', 'E']) => read(literal, Reading::Double),
        Literal::Number(_) => read(literal, Reading::Exact),
        Literal::Text(_) => read(literal, Reading::Text),
        _ => read(literal, Reading::Boolean),
    }
}

fn read(literal: &Literal, reading: Reading) -> Value {
    match (literal, reading) {
        (Literal::Null, _) => Value::Null,
        (Literal::Boolean(value), _) => Value::Boolean(*value),
        (Literal::Number(text) | Literal::Text(text), Reading::Exact) => exact(text),
        (Literal::Number(text), Reading::Double) => Value::float(text.parse().unwrap()),
        (Literal::Number(text), Reading::Single) => {
            Value::float(f64::from(text.parse::<f64>().unwrap() as f32))
        }
        (Literal::Text(text), Reading::Text) => Value::String(text.clone()),
        (Literal::Text(text), Reading::Date) => {
            Value::Date(text.parse::<NaiveDate>().unwrap().to_epoch_days())
        }
        (Literal::Text(text), Reading::Timestamp) => {
            let time = text
                .parse::<NaiveDateTime>()
                .unwrap_or_else(|_| text.parse::<NaiveDate>().unwrap().into())
                .and_utc();
            let nanoseconds =
                i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos());
            Value::Timestamp { nanoseconds, instant: false }
        }
        _ => panic!("{literal} here"),
    }
}

fn kleene(all: impl Iterator<Item = Option<bool>>, decisive: bool) -> Value {
    let all: Vec<_> = all.collect();
    if all.contains(&Some(decisive)) {
        Value::Boolean(decisive)
    } else if all.contains(&None) {
        Value::Null
    } else {
        Value::Boolean(!decisive)
    }
}

pub fn compared(how: Comparison, left: &Value, right: &Value) -> Value {
    if left.is_null() || right.is_null() {
        return Value::Null;
    }
    let order = order(left, right);
    Value::Boolean(match how {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    })
}

/// The digits of an exact number.
fn other_digits(value: &Value) -> String {
    match value {
        Value::Integer(value) => value.to_string(),
        Value::Decimal(Decimal { unscaled, scale }) => {
            let width = usize::from(*scale) + 1;
            let digits = format!("{:0>width$}", unscaled.unsigned_abs());
            let (whole, fraction) = digits.split_at(digits.len() - usize::from(*scale));
            format!("{}{whole}.{fraction}", if *unscaled < 0 { "-" } else { "" })
        }
        other => panic!("{other:?} is no exact number"),
    }
}

/// The order of two values that are not null: the one definition that all checks share.
pub fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::String(left), Value::String(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Timestamp { nanoseconds: left, .. }, Value::Timestamp { nanoseconds: right, .. }) => {
            left.cmp(right)
        }
        (Value::Date(days), Value::Timestamp { nanoseconds, .. }) => midnight(*days).cmp(nanoseconds),
        (Value::Timestamp { nanoseconds, .. }, Value::Date(days)) => nanoseconds.cmp(&midnight(*days)),
        (Value::Float(_), Value::Integer(_) | Value::Decimal(_))
        | (Value::Integer(_) | Value::Decimal(_), Value::Float(_)) => {
            let digits = |value: &Value| match value {
                Value::Float(value) => cells::double(value.0),
                other => cells::number(&other_digits(other)),
            };
            digits(left).compare(&digits(right)).unwrap()
        }
        (Value::Float(_), _) | (_, Value::Float(_)) => {
            let (left, right) = (double(left), double(right));
            match (left.is_nan(), right.is_nan()) {
                (false, false) => left.partial_cmp(&right).unwrap(),
                (left, right) => left.cmp(&right),
            }
        }
        _ => {
            let ((left_whole, left_rest, left_scale), (right_whole, right_rest, right_scale)) =
                (parts(left), parts(right));
            let scale = left_scale.max(right_scale);
            let scaled = |rest: i128, of: u8| rest * 10_i128.pow(u32::from(scale - of));
            left_whole
                .cmp(&right_whole)
                .then_with(|| scaled(left_rest, left_scale).cmp(&scaled(right_rest, right_scale)))
        }
    }
}

fn midnight(days: i32) -> i128 {
    i128::from(days) * 86_400_000_000_000
}

/// The whole below a number, the rest above it, and the scale of the rest.
fn parts(value: &Value) -> (i128, i128, u8) {
    match value {
        Value::Integer(value) => (*value, 0, 0),
        Value::Decimal(Decimal { unscaled, scale }) => {
            let one = 10_i128.pow(u32::from(*scale));
            (unscaled.div_euclid(one), unscaled.rem_euclid(one), *scale)
        }
        other => panic!("{other:?} is no exact number"),
    }
}

/// In double precision; a decimal's digits are divided by their power of ten.
pub fn double(value: &Value) -> f64 {
    match value {
        Value::Integer(value) => *value as f64,
        Value::Decimal(Decimal { unscaled, scale }) => *unscaled as f64 / 10_f64.powi(i32::from(*scale)),
        Value::Float(Float(value)) => *value,
        other => panic!("{other:?} is no number"),
    }
}

fn computed(how: Arithmetic, left: &Value, right: &Value) -> Value {
    if left.is_null() || right.is_null() {
        return Value::Null;
    }
    if how == Arithmetic::Divide {
        let divisor = double(right);
        return if divisor == 0.0 { Value::Null } else { Value::float(double(left) / divisor) };
    }
    match (left, right) {
        (Value::Float(_), _) | (_, Value::Float(_)) => {
            let (left, right) = (double(left), double(right));
            Value::float(match how {
                Arithmetic::Add => left + right,
                Arithmetic::Subtract => left - right,
                _ => left * right,
            })
        }
        (Value::Integer(left), Value::Integer(right)) => match how {
            Arithmetic::Add => Value::Integer(left + right),
            Arithmetic::Subtract => Value::Integer(left - right),
            Arithmetic::Multiply => Value::Integer(left * right),
            _ if *right == 0 => Value::Null,
            _ => Value::Integer(left % right),
        },
        _ => {
            let unscaled = |value: &Value| match value {
                Value::Integer(value) => (*value, 0),
                Value::Decimal(value) => (value.unscaled, value.scale),
                other => panic!("{other:?} is no exact number"),
            };
            let ((left, left_scale), (right, right_scale)) = (unscaled(left), unscaled(right));
            let scale = left_scale.max(right_scale);
            let rescaled = |value: i128, of: u8| value * 10_i128.pow(u32::from(scale - of));
            match how {
                Arithmetic::Add => decimal(rescaled(left, left_scale) + rescaled(right, right_scale), scale),
                Arithmetic::Subtract => {
                    decimal(rescaled(left, left_scale) - rescaled(right, right_scale), scale)
                }
                _ => decimal(left * right, left_scale + right_scale),
            }
        }
    }
}

fn text_test(value: &Value, test: impl Fn(&str) -> bool) -> Value {
    match value {
        Value::String(text) => Value::Boolean(test(text)),
        _ => Value::Null,
    }
}

fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|skipped| like(&text[skipped..], rest)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
        ['\\', escaped, rest @ ..] => text.first() == Some(escaped) && like(&text[1..], rest),
        [character, rest @ ..] => text.first() == Some(character) && like(&text[1..], rest),
    }
}

fn cast(value: &Value, to: &DataType) -> Value {
    match (value, to) {
        (Value::Null, _) => Value::Null,
        (value, DataType::Integer { bits, signed }) => {
            let range = if *signed { -(1_i128 << (bits - 1))..1 << (bits - 1) } else { 0..1 << bits };
            let whole = match value {
                Value::Integer(value) => Some(*value),
                Value::Decimal(Decimal { unscaled, scale }) => {
                    Some(unscaled / 10_i128.pow(u32::from(*scale)))
                }
                // `as` would saturate.
                Value::Float(Float(value)) if value.abs() < 1e30 => Some(value.trunc() as i128),
                Value::String(text) => whole_number(text),
                _ => None,
            };
            whole.filter(|whole| range.contains(whole)).map_or(Value::Null, Value::Integer)
        }
        (Value::String(text), DataType::Float { bits }) => {
            let parsed = if *bits == 32 { text.parse::<f32>().map(f64::from) } else { text.parse() };
            parsed.map_or(Value::Null, Value::float)
        }
        (Value::Integer(value), DataType::Float { bits: 32 }) => Value::float(f64::from(*value as f32)),
        (value, DataType::Float { bits: 32 }) => Value::float(f64::from(double(value) as f32)),
        (value, DataType::Float { .. }) => Value::float(double(value)),
        (Value::Integer(value), DataType::Decimal { precision, scale }) => {
            let most = 10_i128.pow(u32::from(precision - scale));
            if value.abs() < most {
                decimal(value * 10_i128.pow(u32::from(*scale)), *scale)
            } else {
                Value::Null
            }
        }
        (Value::Boolean(value), DataType::String) => Value::String(value.to_string()),
        (Value::Integer(value), DataType::String) => Value::String(value.to_string()),
        (Value::Date(days), DataType::String) => {
            let date = date(*days);
            Value::String(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
        }
        (Value::String(text), DataType::Date) => iso_date(text).map_or(Value::Null, Value::Date),
        (Value::Timestamp { nanoseconds, .. }, DataType::Date) => {
            Value::Date(i32::try_from(nanoseconds.div_euclid(86_400_000_000_000)).unwrap())
        }
        (Value::Date(days), DataType::Timestamp { .. }) => {
            Value::Timestamp { nanoseconds: midnight(*days), instant: false }
        }
        (same, _) => same.clone(),
    }
}

/// A sign, perhaps, and digits; nothing else.
fn whole_number(text: &str) -> Option<i128> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        None
    } else {
        text.parse().ok()
    }
}

/// Four digits, two and two, and nothing else.
fn iso_date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    let part = |from: usize, to: usize| text[from..to].parse::<u32>().unwrap();
    let date = shape.then(|| NaiveDate::from_ymd_opt(part(0, 4).cast_signed(), part(5, 7), part(8, 10)));
    date.flatten().map(|date| date.to_epoch_days())
}

fn date(days: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(days).unwrap()
}

fn call(function: Function, arguments: &[Value]) -> Value {
    let text = |index: usize| match &arguments[index] {
        Value::String(text) => text.as_str(),
        other => panic!("{other:?} is no text"),
    };
    // Instants are looked at in UTC.
    let moment = || match &arguments[0] {
        Value::Date(days) => date(*days).and_hms_opt(0, 0, 0).unwrap(),
        Value::Timestamp { nanoseconds, .. } => {
            let seconds = i64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap();
            chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()
        }
        other => panic!("{other:?} is no date"),
    };
    let count = |count: u32| Value::Integer(i128::from(count));
    match function {
        Function::Abs => match &arguments[0] {
            Value::Integer(value) => Value::Integer(value.abs()),
            Value::Decimal(value) => decimal(value.unscaled.abs(), value.scale),
            other => Value::float(double(other).abs()),
        },
        Function::Coalesce => unreachable!("it takes nulls"),
        Function::Contains => Value::Boolean(text(0).contains(text(1))),
        Function::StartsWith => Value::Boolean(text(0).starts_with(text(1))),
        Function::EndsWith => Value::Boolean(text(0).ends_with(text(1))),
        Function::DateDiff => match (&arguments[0], &arguments[1]) {
            (Value::Date(end), Value::Date(start)) => Value::Integer(i128::from(*end) - i128::from(*start)),
            other => panic!("{other:?} are no dates"),
        },
        Function::Day => count(moment().day()),
        Function::Month => count(moment().month()),
        Function::Year => Value::Integer(i128::from(moment().year())),
        Function::Hour => count(moment().hour()),
        Function::Length => Value::Integer(text(0).chars().count() as i128),
        Function::Lower => Value::String(text(0).to_lowercase()),
        Function::Upper => Value::String(text(0).to_uppercase()),
        Function::Trim => Value::String(text(0).trim_matches(char::is_whitespace).to_owned()),
        Function::ToDate => NaiveDate::parse_from_str(text(0), text(1))
            .map_or(Value::Null, |date| Value::Date(date.to_epoch_days())),
    }
}
