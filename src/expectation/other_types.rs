//! The parameter `other_types`: a literal of another type than the column's is an error, or equals no value.

use super::text_literals::{refuse_excluded, refuse_value};
use super::{Arguments, Parameter, ParameterKind};
use crate::data::{DataType, Literal, LiteralError, Value};
use crate::document::Diagnostic;
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Term, Typed};

/// The treatment of a literal whose type is not the column's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherTypes {
    /// An error in the suite.
    Error,
    /// A literal that equals no value of the column.
    Unequal,
}

/// Literals that are converted to values of a type.
pub(super) struct Bound {
    /// The converted values.
    pub(super) values: Vec<Value>,
    /// The literals that equal no value of the type.
    pub(super) unequal: Vec<Literal>,
}

impl OtherTypes {
    /// The parameter `other_types`.
    pub(super) const PARAMETER: Parameter = Parameter::optional(
        "other_types",
        ParameterKind::Choice(&["error", "unequal"]),
        "what a value of another type than the column's is",
    );

    /// Reads the parameter.
    ///
    /// # Errors
    /// Another word.
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        arguments.choice("other_types", &[("error", Self::Error), ("unequal", Self::Unequal)])
    }

    /// What a claim depends on.
    pub(super) const fn manner(self) -> &'static str {
        match self {
            Self::Error => "",
            Self::Unequal => "values of other types are unequal",
        }
    }

    /// The formula that a value is one of a set.
    pub(super) fn among(self, of: &Subject, literals: &[Literal]) -> Formula {
        match self {
            Self::Error => Formula::among(of, literals),
            // Which values equal such a literal, its spelling tells alone.
            Self::Unequal => Formula::Any(
                literals
                    .iter()
                    .map(|literal| Formula::opaque(format!("{} equals {literal:?}", of.text)))
                    .collect(),
            ),
        }
    }

    /// Converts literals to values of a type.
    ///
    /// # Errors
    /// One of them does not fit, and that is a mistake.
    pub(super) fn bind(self, literals: &[Literal], data_type: &DataType) -> Result<Bound, LiteralError> {
        let mut bound = Bound { values: Vec::with_capacity(literals.len()), unequal: Vec::new() };
        for literal in literals {
            match self.value(literal, data_type)? {
                Some(value) => bound.values.push(value),
                None => bound.unequal.push(literal.clone()),
            }
        }
        Ok(bound)
    }

    /// Converts literals that no value may equal to values of a type.
    ///
    /// # Errors
    /// One of them does not fit, or is beside text no text, and that is a mistake.
    pub(super) fn bind_excluded(
        self,
        literals: &[Literal],
        data_type: &DataType,
    ) -> Result<Bound, LiteralError> {
        if self == Self::Error && *data_type == DataType::String {
            literals.iter().try_for_each(refuse_excluded)?;
        }
        self.bind(literals, data_type)
    }

    /// Returns the value of a type that equals a literal, if there is one.
    ///
    /// # Errors
    /// The literal is of another type, and that is a mistake.
    pub(super) fn value(
        self,
        literal: &Literal,
        data_type: &DataType,
    ) -> Result<Option<Value>, LiteralError> {
        match self {
            Self::Error => {
                if *data_type == DataType::String {
                    refuse_value(literal)?;
                }
                literal.member(data_type)
            }
            Self::Unequal => Ok(literal.equal_value(data_type)),
        }
    }

    /// Prepares two columns for a comparison. If other types are no error, a boolean beside numbers becomes 1
    /// or 0, as in Python.
    pub(super) fn beside(self, left: Typed, right: Typed) -> (Typed, Typed) {
        let number = |of: Typed, beside: &DataType| {
            if self == Self::Unequal && of.data_type == DataType::Boolean && beside.is_numeric() {
                Typed { term: Term::Cast(Box::new(of)), data_type: DataType::INT64 }
            } else {
                of
            }
        };
        let types = (left.data_type.clone(), right.data_type.clone());
        (number(left, &types.1), number(right, &types.0))
    }
}
