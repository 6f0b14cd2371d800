//! Lower and upper bounds on the values of rows, or on one measured value.

use serde::Serialize;

use super::text_literals::refuse_bound;
use super::{Arguments, Judgement, LowerError, Parameter, ParameterKind};
use crate::data::{DataType, Decimal, Exact, Float, Literal, Value, grouped};
use crate::document::Diagnostic;
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Comparison, Typed, comparison};

/// The parameters of bounds that may be strict.
pub(super) const PARAMETERS: &[Parameter] = &[MIN, MAX, STRICT_MIN, STRICT_MAX];

pub(super) const MIN: Parameter =
    Parameter::optional("min", ParameterKind::Literal, "the least value allowed");
pub(super) const MAX: Parameter =
    Parameter::optional("max", ParameterKind::Literal, "the greatest value allowed");
pub(super) const STRICT_MIN: Parameter =
    Parameter::optional("strict_min", ParameterKind::Boolean, "whether min itself is not allowed");
pub(super) const STRICT_MAX: Parameter =
    Parameter::optional("strict_max", ParameterKind::Boolean, "whether max itself is not allowed");

/// A lower bound, an upper bound, or both. A bound is inclusive unless it is strict.
#[derive(Clone, Debug)]
pub struct Bounds {
    min: Option<Literal>,
    max: Option<Literal>,
    strict_min: bool,
    strict_max: bool,
}

impl Bounds {
    /// Returns bounds that allow one count.
    pub(super) fn exactly(count: u64) -> Self {
        let literal = Some(Literal::Plain(count.to_string()));
        Self::of(literal.clone(), literal)
    }

    /// Returns inclusive bounds, either of which may be missing.
    pub(super) fn of(min: Option<Literal>, max: Option<Literal>) -> Self {
        Self { min, max, strict_min: false, strict_max: false }
    }

    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let literal = |name| {
            let node = arguments.node(name);
            node.map(|node| node.scalar("a value").map(Literal::from_scalar)).transpose()
        };
        let bounds = Self {
            min: literal("min")?,
            max: literal("max")?,
            strict_min: arguments.flag("strict_min", false)?,
            strict_max: arguments.flag("strict_max", false)?,
        };
        if bounds.min.is_none() && bounds.max.is_none() {
            return Err(
                Diagnostic::new(arguments.span, "neither min nor max is given").help("{min: 0, max: 10}")
            );
        }
        Ok(bounds)
    }

    /// Reads bounds from `equal`, the one count allowed, or from `min` and `max`.
    pub(super) fn read_or_equal(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        match arguments.count("equal")? {
            Some(count) => {
                match PARAMETERS.iter().find_map(|bound| Some((bound.name, arguments.node(bound.name)?))) {
                    Some((name, node)) => {
                        let message = format!("{name} beside equal");
                        Err(Diagnostic::new(node.span, message).help("equal alone, or min and max"))
                    }
                    None => Ok(Self::exactly(count)),
                }
            }
            None => Self::read(arguments),
        }
    }

    /// Returns the bounds in words: `between 0 and 10`, `at least 0`, `more than 0 and less than 10`,
    /// `exactly 3`.
    pub(super) fn demand(&self) -> String {
        let low = |literal: &Literal| {
            format!("{} {}", if self.strict_min { "more than" } else { "at least" }, shown(literal))
        };
        let high = |literal: &Literal| {
            format!("{} {}", if self.strict_max { "less than" } else { "at most" }, shown(literal))
        };
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if min == max => format!("exactly {}", shown(min)),
            (Some(min), Some(max)) if !self.strict_min && !self.strict_max => {
                format!("between {} and {}", shown(min), shown(max))
            }
            (Some(min), Some(max)) => format!("{} and {}", low(min), high(max)),
            (Some(min), None) => low(min),
            (None, Some(max)) => high(max),
            (None, None) => String::new(),
        }
    }

    /// Returns the words that follow "between", `0 and 10`, or the full demand, `at least 0`.
    pub(super) fn ends(&self) -> String {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if !self.strict_min && !self.strict_max => {
                format!("{} and {}", shown(min), shown(max))
            }
            _ => self.demand(),
        }
    }

    /// The comparisons that they are, the lower bound first. What is written like a number is one: beside text, such a
    /// bound is refused.
    fn comparisons(&self) -> Vec<(Comparison, Literal)> {
        let written = |literal: &Literal| match literal {
            Literal::Plain(text) if literal.is_numeral() && refuse_bound(literal).is_err() => {
                Literal::Number(text.clone())
            }
            other => other.clone(),
        };
        let min = if self.strict_min { Comparison::Greater } else { Comparison::GreaterOrEqual };
        let max = if self.strict_max { Comparison::Less } else { Comparison::LessOrEqual };
        let sides = [(min, &self.min), (max, &self.max)];
        sides.into_iter().filter_map(|(how, literal)| Some((how, written(literal.as_ref()?)))).collect()
    }

    /// The formula that a value lies within.
    #[must_use]
    pub fn formula(&self, of: &Subject) -> Formula {
        Formula::All(
            self.comparisons().iter().map(|(how, literal)| Formula::compared(of, *how, literal)).collect(),
        )
    }

    /// Returns the condition that a value lies within the bounds.
    pub(super) fn hold_for(&self, of: &Typed) -> Result<Typed, LowerError> {
        self.bind(&of.data_type)?;
        let side = |literal: &Option<Literal>, how| {
            literal.as_ref().map(|literal| comparison(of.clone(), how, literal)).transpose()
        };
        let min =
            side(&self.min, if self.strict_min { Comparison::Greater } else { Comparison::GreaterOrEqual })?;
        let max = side(&self.max, if self.strict_max { Comparison::Less } else { Comparison::LessOrEqual })?;
        Ok(Typed::all([min, max].into_iter().flatten()))
    }

    /// Converts the bounds to values of a type, to judge one measured value.
    pub(super) fn bind(&self, data_type: &DataType) -> Result<BoundBounds, LowerError> {
        self.bind_as(|literal| {
            if *data_type == DataType::String {
                refuse_bound(literal)?;
            }
            literal_value(literal, data_type)
        })
    }

    /// Converts the bounds for a number that is computed from values of a type. A number computed from
    /// integers or decimals is exact, and so are its bounds; one computed from floats is a double, and so are
    /// its bounds.
    pub(super) fn bind_number(&self, of: &DataType) -> Result<BoundBounds, LowerError> {
        match of {
            DataType::Float { .. } => self.bind(&DataType::FLOAT64),
            _ => self.bind_as(|literal| written_number(literal, of)),
        }
    }

    fn bind_as(
        &self,
        value: impl Fn(&Literal) -> Result<Value, LowerError>,
    ) -> Result<BoundBounds, LowerError> {
        let bind = |literal: &Option<Literal>| literal.as_ref().map(&value).transpose();
        let bound = BoundBounds {
            min: bind(&self.min)?,
            max: bind(&self.max)?,
            strict_min: self.strict_min,
            strict_max: self.strict_max,
        };
        if let (Some(min), Some(max)) = (&bound.min, &bound.max)
            && min.compare(max).is_none_or(std::cmp::Ordering::is_gt)
        {
            let error = LowerError::new(format!("min {min} is above max {max}: nothing can meet that"));
            return Err(LowerError { help: Some("put the lower one under min".to_owned()), ..error });
        }
        Ok(bound)
    }
}

/// Converts a bound of a measured value, which need not be a value of the type: a mean lies between integers.
fn literal_value(literal: &Literal, data_type: &DataType) -> Result<Value, LowerError> {
    if data_type.is_numeric()
        && let Ok(value @ Value::Float(Float(number))) = literal.bind(&DataType::FLOAT64)
        && number.is_infinite()
    {
        return Ok(value);
    }
    Ok(literal.beside(data_type)?)
}

/// Converts a bound to the exact number that is written, of any size and number of digits.
fn written_number(literal: &Literal, of: &DataType) -> Result<Value, LowerError> {
    let ((Literal::Plain(text) | Literal::Number(text), _) | (Literal::Text(text), DataType::Decimal { .. })) =
        (literal, of)
    else {
        return literal_value(literal, &DataType::FLOAT64);
    };
    match Exact::parse(text) {
        Some(number) => Ok(number.value()),
        // Infinities, and the hexadecimal numbers of YAML.
        None => literal_value(literal, &DataType::INT128),
    }
}

/// Bounds that are converted to values of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct BoundBounds {
    min: Option<Value>,
    max: Option<Value>,
    strict_min: bool,
    strict_max: bool,
}

impl BoundBounds {
    /// Returns whether a measured value lies within the bounds. NaN lies within none.
    pub(super) fn contain(&self, value: &Value) -> bool {
        let above = self.min.as_ref().is_none_or(|min| {
            value
                .compare(min)
                .is_some_and(|order| if self.strict_min { order.is_gt() } else { order.is_ge() })
        });
        let below = self.max.as_ref().is_none_or(|max| {
            value
                .compare(max)
                .is_some_and(|order| if self.strict_max { order.is_lt() } else { order.is_le() })
        });
        above && below && !value.is_nan()
    }

    /// Returns whether a measured value lies at most a share of a bound away from that bound.
    pub(super) fn near(&self, value: &Value, share: f64) -> bool {
        let (Some(value), Some(share)) = (Exact::of(value), Exact::written(share)) else { return false };
        let mut bounds = [&self.min, &self.max].into_iter().flatten().filter_map(Exact::of);
        bounds.any(|bound| {
            let apart = value.minus(&bound).map(|apart| apart.magnitude());
            apart.zip(bound.magnitude().times(&share)).is_some_and(|(apart, most)| apart <= most)
        })
    }

    /// Judges a measured value. The judgement of null is undefined.
    pub(super) fn judge(&self, value: &Value) -> Judgement {
        match value {
            Value::Null => Judgement::undefined(),
            Value::Exact(_) => self.judge_number(value),
            _ => Judgement::new(self.contain(value), value.clone()),
        }
    }

    /// Judges a number. The number is shown rounded if the rounded number compares with the bounds in the
    /// same way.
    pub(super) fn judge_number(&self, value: &Value) -> Judgement {
        if value.is_null() {
            Judgement::undefined()
        } else {
            Judgement::new(self.contain(value), self.shown(value))
        }
    }

    /// Returns a measured number as reports show it.
    pub(super) fn shown(&self, value: &Value) -> Value {
        let exact = match value {
            Value::Integer(_) | Value::Decimal(_) | Value::Exact(_) => Exact::of(value),
            _ => None,
        };
        let bounds = || [&self.min, &self.max].into_iter().flatten();
        match exact {
            Some(exact) => {
                exact.shown(|shown| bounds().all(|bound| shown.compare(bound) == value.compare(bound)))
            }
            None => value.clone(),
        }
    }
}

/// Formats a literal for people: numbers of five and more digits get separators of thousands.
fn shown(literal: &Literal) -> String {
    match literal {
        Literal::Plain(text) | Literal::Number(text) if Decimal::parse(text).is_some() => grouped(text),
        other => other.to_string(),
    }
}
