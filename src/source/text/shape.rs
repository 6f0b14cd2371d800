//! What values of one place are, all of them.

use super::texts::Texts;
use crate::data::{DataType, Field, Value};

/// What the values seen so far in one place are.
#[derive(Clone, Debug, Default)]
pub(super) enum Shape {
    /// Nulls.
    #[default]
    Nothing,
    Boolean,
    Number(Numbers),
    Text(Texts),
    List(Box<Shape>),
    Struct(Vec<(String, Shape)>),
}

/// What numbers seen so far are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers {
    /// Some are not whole.
    fractions: bool,
    /// Some whole ones are not told apart by doubles.
    wide: bool,
    /// Some do not fit 64 bits with a sign.
    unsigned: bool,
}

/// Whole numbers up to this are told apart by doubles.
const WIDEST_IN_DOUBLE: u128 = 1 << 53;

impl Numbers {
    fn with(self, value: &Value) -> Self {
        match value {
            Value::Integer(value) => Self {
                wide: self.wide || value.unsigned_abs() > WIDEST_IN_DOUBLE,
                unsigned: self.unsigned || i64::try_from(*value).is_err(),
                ..self
            },
            _ => Self { fractions: true, ..self },
        }
    }

    /// Whether one type holds them all.
    fn fit_together(self) -> bool {
        !(self.fractions && self.wide)
    }

    fn data_type(self) -> DataType {
        match self {
            Self { fractions: true, .. } => DataType::FLOAT64,
            Self { unsigned: true, .. } => DataType::Decimal { precision: 38, scale: 0 },
            _ => DataType::INT64,
        }
    }
}

impl Shape {
    /// Whether a value can be one of these.
    pub(super) fn accepts(&self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null)
            | (Self::Nothing, _)
            | (Self::Boolean, Value::Boolean(_))
            | (Self::Text(_), Value::String(_)) => true,
            (Self::Number(numbers), Value::Integer(_) | Value::Float(_)) => {
                numbers.with(value).fit_together()
            }
            (Self::List(of), Value::List(items)) => items.iter().all(|item| of.accepts(item)),
            (Self::Struct(known), Value::Struct(fields)) => fields.iter().all(|(name, value)| {
                known.iter().find(|(other, _)| other == name).is_none_or(|(_, shape)| shape.accepts(value))
            }),
            _ => false,
        }
    }

    /// Takes in one more value; tells whether it is one of these. `texts` is what a first text may be.
    pub(super) fn see(&mut self, value: &Value, texts: Texts) -> bool {
        if matches!(self, Self::Nothing) {
            *self = match value {
                Value::Boolean(_) => Self::Boolean,
                Value::Integer(_) | Value::Float(_) => Self::Number(Numbers::default()),
                Value::String(_) => Self::Text(texts),
                Value::List(_) => Self::List(Box::default()),
                Value::Struct(_) => Self::Struct(Vec::new()),
                _ => Self::Nothing,
            };
        }
        match (self, value) {
            (_, Value::Null) | (Self::Boolean, Value::Boolean(_)) => true,
            (Self::Number(numbers), Value::Integer(_) | Value::Float(_)) => {
                *numbers = numbers.with(value);
                numbers.fit_together()
            }
            (Self::Text(texts), Value::String(text)) => {
                texts.see(text);
                true
            }
            (Self::List(of), Value::List(items)) => {
                let mut all = true;
                for item in items {
                    all &= of.see(item, texts);
                }
                all
            }
            (Self::Struct(known), Value::Struct(fields)) => {
                let mut all = true;
                for (name, value) in fields {
                    all &= field(known, name).see(value, texts);
                }
                all
            }
            _ => false,
        }
    }

    /// The type that holds them all.
    pub(super) fn data_type(&self) -> DataType {
        match self {
            Self::Nothing => DataType::Null,
            Self::Boolean => DataType::Boolean,
            Self::Number(numbers) => numbers.data_type(),
            Self::Text(texts) => texts.data_type(),
            Self::List(of) => DataType::List(Box::new(of.data_type())),
            // A struct of no fields is nothing that could be stored: it stays the text that it is.
            Self::Struct(fields) if fields.is_empty() => DataType::String,
            Self::Struct(fields) => DataType::Struct(
                fields.iter().map(|(name, shape)| Field::new(name.as_str(), shape.data_type())).collect(),
            ),
        }
    }

    /// How many columns and fields there are in this place.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::List(of) => of.width(),
            Self::Struct(fields) => fields.iter().map(|(_, shape)| shape.width()).sum::<usize>().max(1),
            _ => 1,
        }
    }
}

fn field<'a>(known: &'a mut Vec<(String, Shape)>, name: &str) -> &'a mut Shape {
    let position = known.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
        known.push((name.to_owned(), Shape::Nothing));
        known.len() - 1
    });
    &mut known[position].1
}
