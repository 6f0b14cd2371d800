//! A naive implementation of the predicate language, which evaluates one row at a time and is written from
//! the documented semantics. It shares only the types of expressions and values with karat's interpreters.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use karat::data::{ColumnPath, DataType, Decimal, Float, Literal, Moment, Schema, TimeUnit, TypeName, Value};
use karat::predicate::{Arithmetic, Branch, Comparison, Expression, Function, Kind};
use num_bigint::BigInt;

use super::calls::call;
use super::casts::cast;
use super::digits::{digits, number};

/// The time of every run: on a leap day, in the middle of the generator's dates.
pub fn now() -> DateTime<Utc> {
    "2024-02-29T12:34:56.789012Z".parse().unwrap()
}

/// A row of values, with the schema that names them.
pub struct Row<'a> {
    pub schema: &'a Schema,
    pub values: &'a [Value],
}

/// The type as which a literal beside an expression is read.
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
    /// Returns the value of a condition; `None` stands for null.
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
                    (_, Kind::Literal(literal)) => (self.value(left), beside(literal, self.reading(left))),
                    (Kind::Literal(literal), _) => (beside(literal, self.reading(right)), self.value(right)),
                    _ => (self.value(left), self.value(right)),
                };
                compared(*how, &left, &right)
            }
            Kind::Arithmetic(how, left, right) => computed(*how, &self.value(left), &self.value(right)),
            Kind::Negate(of) => match self.value(of) {
                Value::Float(value) => Value::float(-value.0),
                exact => digits(&exact).map_or(exact.clone(), |of| number(-of.unscaled, of.scale, &[&exact])),
            },
            Kind::And(all) => kleene(all.iter().map(|one| self.holds(one)), false),
            Kind::Or(all) => kleene(all.iter().map(|one| self.holds(one)), true),
            Kind::Not(of) => self.holds(of).map_or(Value::Null, |value| Value::Boolean(!value)),
            Kind::IsNull(of) => Value::Boolean(self.value(of).is_null()),
            Kind::IsTrue(of) => Value::Boolean(self.holds(of) == Some(true)),
            Kind::InSet(of, literals) => {
                let (value, reading) = (self.value(of), self.reading(of));
                // `x IN (a, b)` means `x = a OR x = b`.
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
            Kind::Case(branches, otherwise) => {
                let results: Vec<_> =
                    branches.iter().map(|branch| &branch.then).chain(otherwise.as_deref()).collect();
                let taken = branches.iter().position(|Branch { when, .. }| self.holds(when) == Some(true));
                let values = self.alike(&results);
                values.get(taken.unwrap_or(branches.len())).cloned().unwrap_or(Value::Null)
            }
            Kind::Call(Function::CurrentDate, _) => Value::Date(now().date_naive().to_epoch_days()),
            Kind::Call(Function::CurrentTimestamp, _) => {
                Value::Timestamp { nanoseconds: i128::from(now().timestamp_micros()) * 1_000, instant: true }
            }
            Kind::Call(Function::NullIf, arguments) => {
                let [left, right] = [0, 1].map(|index| Box::new(arguments[index].clone()));
                let equal = Expression::new(Kind::Compare(Comparison::Equal, left, right));
                if self.holds(&equal) == Some(true) { Value::Null } else { self.value(&arguments[0]) }
            }
            Kind::Call(function @ (Function::Coalesce | Function::Greatest | Function::Least), arguments) => {
                let values = self.alike(&arguments.iter().collect::<Vec<_>>());
                let values = values.into_iter().filter(|value| !value.is_null());
                let found = match function {
                    Function::Coalesce => values.into_iter().next(),
                    Function::Greatest => {
                        values.reduce(|one, next| if order(&next, &one).is_gt() { next } else { one })
                    }
                    _ => values.reduce(|one, next| if order(&next, &one).is_lt() { next } else { one }),
                };
                found.unwrap_or(Value::Null)
            }
            Kind::Call(function, arguments) => {
                let single = arguments.first().is_some_and(|first| self.reading(first) == Reading::Single);
                let arguments: Vec<_> = arguments.iter().map(|argument| self.value(argument)).collect();
                if arguments.iter().any(Value::is_null) {
                    return Value::Null;
                }
                match call(*function, &arguments, single) {
                    Value::Timestamp { nanoseconds, .. }
                        if i64::try_from(nanoseconds).is_err() && self.is_of_nanoseconds(expression) =>
                    {
                        Value::Null
                    }
                    value => value,
                }
            }
        }
    }

    /// Evaluates expressions to values of one type. Beside a float, numbers become doubles.
    fn alike(&self, all: &[&Expression]) -> Vec<Value> {
        let reading = self.common(all);
        let values = all.iter().map(|one| match &one.kind {
            Kind::Literal(literal) => beside(literal, reading),
            _ => self.value(one),
        });
        let doubled = |value: Value| match (&value, reading) {
            (Value::Integer(_) | Value::Decimal(_), Reading::Double) => Value::float(double(&value)),
            _ => value,
        };
        values.map(doubled).collect()
    }

    /// Returns the type as which expressions are read. Literals take the type of the other expressions.
    fn common(&self, all: &[&Expression]) -> Reading {
        let joined = |literals: bool| {
            let some = all.iter().filter(|one| matches!(one.kind, Kind::Literal(_)) == literals);
            let readings =
                some.filter(|one| one.kind != Kind::Literal(Literal::Null)).map(|one| self.reading(one));
            readings.reduce(|one, next| if one == next { one } else { Reading::Double })
        };
        joined(false).or_else(|| joined(true)).unwrap()
    }

    /// Returns whether an expression is a timestamp in 64-bit nanoseconds, whose range is short.
    fn is_of_nanoseconds(&self, expression: &Expression) -> bool {
        match &expression.kind {
            Kind::Column(path) => matches!(
                self.schema.fields[self.position(path)].data_type,
                DataType::Timestamp { unit: TimeUnit::Nanoseconds, .. }
            ),
            Kind::Call(Function::DateAdd | Function::DateTrunc, arguments) => {
                self.is_of_nanoseconds(arguments.last().unwrap())
            }
            _ => false,
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
            Kind::Case(branches, otherwise) => {
                let results = branches.iter().map(|branch| &branch.then).chain(otherwise.as_deref());
                self.common(&results.collect::<Vec<_>>())
            }
            Kind::Call(function, arguments) => match function {
                Function::Abs | Function::Ceil | Function::Floor | Function::NullIf | Function::Round => {
                    self.reading(&arguments[0])
                }
                Function::Coalesce | Function::Greatest | Function::Least => {
                    self.common(&arguments.iter().collect::<Vec<_>>())
                }
                Function::Concat
                | Function::Left
                | Function::Lower
                | Function::Ltrim
                | Function::Replace
                | Function::Right
                | Function::Rtrim
                | Function::Substring
                | Function::Trim
                | Function::Upper => Reading::Text,
                Function::ToDate | Function::CurrentDate => Reading::Date,
                Function::CurrentTimestamp => Reading::Timestamp,
                Function::DateTrunc => self.reading(&arguments[1]),
                Function::DateAdd => match (self.reading(&arguments[2]), super::calls::unit(&arguments[0])) {
                    (Reading::Date, "hour" | "minute" | "second") => Reading::Timestamp,
                    (reading, _) => reading,
                },
                Function::Contains | Function::StartsWith | Function::EndsWith => Reading::Boolean,
                _ => Reading::Exact,
            },
            Kind::Literal(Literal::Moment(Moment::Date, _)) => Reading::Date,
            Kind::Literal(Literal::Moment(..)) => Reading::Timestamp,
            Kind::Literal(Literal::Text(_)) => Reading::Text,
            Kind::Literal(Literal::Number(text)) if text.contains(['e', 'E']) => Reading::Double,
            Kind::Literal(Literal::Number(_)) => Reading::Exact,
            _ => Reading::Boolean,
        }
    }
}

pub fn decimal(unscaled: i128, scale: u8) -> Value {
    Value::Decimal(Decimal { unscaled, scale })
}

/// Parses a number such as `12.50` exactly, with an optional exponent.
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

/// Reads a literal beside another expression. Literals of a date and of a timestamp keep their own type.
fn beside(literal: &Literal, reading: Reading) -> Value {
    match (literal, reading) {
        (Literal::Moment(Moment::Timestamp, _), Reading::Date) => read(literal, Reading::Timestamp),
        _ => read(literal, reading),
    }
}

fn natural(literal: &Literal) -> Value {
    match literal {
        Literal::Number(text) if text.contains(['e', 'E']) => read(literal, Reading::Double),
        Literal::Number(_) => read(literal, Reading::Exact),
        Literal::Text(_) => read(literal, Reading::Text),
        Literal::Moment(Moment::Date, _) => read(literal, Reading::Date),
        Literal::Moment(..) => read(literal, Reading::Timestamp),
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
        (Literal::Text(text) | Literal::Moment(_, text), Reading::Date) => {
            Value::Date(text.parse::<NaiveDate>().unwrap().to_epoch_days())
        }
        (Literal::Text(text) | Literal::Moment(_, text), Reading::Timestamp) => {
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

pub fn kleene(all: impl Iterator<Item = Option<bool>>, decisive: bool) -> Value {
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

/// Compares two values that are not null, by the one order that all checks share.
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
        (Value::Exact(_), _) | (_, Value::Exact(_)) if digits(left).is_none() || digits(right).is_none() => {
            let (left, right) = (double(left), double(right));
            match (left.is_nan(), right.is_nan()) {
                (false, false) => left.partial_cmp(&right).unwrap(),
                (left, right) => left.cmp(&right),
            }
        }
        (Value::Float(Float(left)), Value::Float(Float(right))) => match (left.is_nan(), right.is_nan()) {
            (false, false) => left.partial_cmp(right).unwrap(),
            (left, right) => left.cmp(&right),
        },
        (exact, Value::Float(Float(float))) => order_beside_float(exact, *float),
        (Value::Float(Float(float)), exact) => order_beside_float(exact, *float).reverse(),
        _ => {
            let (left, right) = (digits(left).unwrap(), digits(right).unwrap());
            let scale = left.scale.max(right.scale);
            left.with(scale).cmp(&right.with(scale))
        }
    }
}

/// Compares an exact number with a float, by all digits of both.
fn order_beside_float(exact: &Value, float: f64) -> Ordering {
    if float.is_nan() || float.is_infinite() {
        return if float < 0.0 { Ordering::Greater } else { Ordering::Less };
    }
    // With this precision, Rust writes every digit of a float.
    let (exact, float) = (exact.to_string(), format!("{float:.1100}"));
    let is_negative = |text: &str| text.starts_with('-') && text.contains(|digit| matches!(digit, '1'..='9'));
    let magnitude = |text: &str| {
        let (whole, fraction) =
            text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
        format!("{whole:0>400}.{fraction:0<1110}")
    };
    let order = magnitude(&exact).cmp(&magnitude(&float));
    match (is_negative(&exact), is_negative(&float)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) => order.reverse(),
        (false, false) => order,
    }
}

pub fn midnight(days: i32) -> i128 {
    i128::from(days) * 86_400_000_000_000
}

/// Returns the greatest integer up to a number, the unscaled rest above it, and the scale of the rest.
pub fn parts(value: &Value) -> (i128, i128, u8) {
    match value {
        Value::Integer(value) => (*value, 0, 0),
        Value::Decimal(Decimal { unscaled, scale }) => {
            let one = 10_i128.pow(u32::from(*scale));
            (unscaled.div_euclid(one), unscaled.rem_euclid(one), *scale)
        }
        other => panic!("{other:?} is no exact number"),
    }
}

/// Converts a number to a double. For a decimal, that is the unscaled number divided by a power of ten.
pub fn double(value: &Value) -> f64 {
    match value {
        Value::Integer(value) => *value as f64,
        Value::Decimal(Decimal { unscaled, scale }) => *unscaled as f64 / 10_f64.powi(i32::from(*scale)),
        Value::Float(Float(value)) => *value,
        Value::Exact(value) => value.to_f64(),
        other => panic!("{other:?} is no number"),
    }
}

pub fn computed(how: Arithmetic, left: &Value, right: &Value) -> Value {
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
        _ => {
            let (one, other) = (digits(left).unwrap(), digits(right).unwrap());
            let scale = one.scale.max(other.scale);
            let (first, second) = (one.with(scale), other.with(scale));
            let of = [left, right];
            match how {
                Arithmetic::Add => number(first + second, scale, &of),
                Arithmetic::Subtract => number(first - second, scale, &of),
                Arithmetic::Remainder if second == BigInt::ZERO => Value::Null,
                Arithmetic::Remainder => number(first % second, scale, &of),
                _ => number(one.unscaled * other.unscaled, one.scale + other.scale, &of),
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

pub fn date(days: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(days).unwrap()
}
