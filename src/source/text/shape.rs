//! The shape of all values of a column, field or element, which determines its type.

use super::numbers::Numbers;
use super::raw::Raw;
use super::texts::{Place, TextRules, Texts};
use crate::data::{DataType, Field};

/// The common shape of the values seen so far.
#[derive(Clone, Debug, Default)]
pub(crate) enum Shape {
    /// No values but nulls.
    #[default]
    Nothing,
    /// The type that the suite gives.
    Given(DataType),
    Boolean,
    Number(Numbers),
    Text(Box<Texts>),
    List(Box<Shape>),
    Struct(Vec<(String, Shape)>),
}

impl Shape {
    /// Returns whether a value fits the shape.
    pub(crate) fn accepts(&self, value: &Raw) -> bool {
        match (self, value) {
            (_, Raw::Null) | (Self::Given(_), _) => true,
            (Self::Nothing, Raw::Number(text)) => Numbers::default().with(text).is_some(),
            (Self::Nothing, _) | (Self::Boolean, Raw::Boolean(_)) | (Self::Text(_), Raw::Text(_)) => true,
            (Self::Number(numbers), Raw::Number(text)) => numbers.with(text).is_some(),
            (Self::List(of), Raw::List(items)) => items.iter().all(|item| of.accepts(item)),
            (Self::Struct(known), Raw::Struct(fields)) => fields.iter().all(|(name, value)| {
                known.iter().find(|(other, _)| other == name).is_none_or(|(_, shape)| shape.accepts(value))
            }),
            _ => false,
        }
    }

    /// Adds a value, and returns whether the value fits the shape.
    pub(crate) fn add(&mut self, value: &Raw, rules: &TextRules, place: Place<'_>) -> bool {
        if matches!(self, Self::Nothing) {
            *self = match value {
                Raw::Null => Self::Nothing,
                Raw::Boolean(_) => Self::Boolean,
                Raw::Number(_) => Self::Number(Numbers::default()),
                Raw::Text(_) => Self::Text(Box::default()),
                Raw::List(_) => Self::List(Box::default()),
                Raw::Struct(_) => Self::Struct(Vec::new()),
            };
        }
        match (self, value) {
            (_, Raw::Null) | (Self::Given(_), _) | (Self::Boolean, Raw::Boolean(_)) => true,
            (Self::Number(numbers), Raw::Number(text)) => {
                let with = numbers.with(text);
                *numbers = with.unwrap_or(*numbers);
                with.is_some()
            }
            (Self::Text(texts), Raw::Text(text)) => {
                texts.add(text, rules, place);
                true
            }
            (Self::List(of), Raw::List(items)) => {
                let mut all = true;
                for item in items {
                    all &= of.add(item, rules, place);
                }
                all
            }
            (Self::Struct(known), Raw::Struct(fields)) => {
                let mut all = true;
                for (name, value) in fields {
                    all &= field(known, name).add(value, rules, place);
                }
                all
            }
            _ => false,
        }
    }

    /// Returns the type that holds all values.
    pub(crate) fn data_type(&self) -> DataType {
        match self {
            Self::Nothing => DataType::Null,
            Self::Given(data_type) => data_type.clone(),
            Self::Boolean => DataType::Boolean,
            Self::Number(numbers) => numbers.data_type(),
            Self::Text(texts) => texts.data_type(),
            Self::List(of) => DataType::List(Box::new(of.data_type())),
            // A struct without fields cannot be stored and stays text.
            Self::Struct(fields) if fields.is_empty() => DataType::String,
            Self::Struct(fields) => DataType::Struct(
                fields.iter().map(|(name, shape)| Field::new(name.as_str(), shape.data_type())).collect(),
            ),
        }
    }

    /// Returns the number of leaf columns within the shape.
    pub(crate) fn width(&self) -> usize {
        match self {
            Self::List(of) => of.width(),
            Self::Struct(fields) => fields.iter().map(|(_, shape)| shape.width()).sum::<usize>().max(1),
            _ => 1,
        }
    }
}

/// Returns the shape of a field, which is added if it is new.
pub(crate) fn field<'a>(known: &'a mut Vec<(String, Shape)>, name: &str) -> &'a mut Shape {
    let position = known.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
        known.push((name.to_owned(), Shape::Nothing));
        known.len() - 1
    });
    &mut known[position].1
}
