//! Partitions: the shares expected of bins of numbers, or of values.

use super::super::other_types::OtherTypes;
use super::super::{Arguments, LowerError};
use crate::data::{DataType, Literal, LiteralError, Value};
use crate::document::{Diagnostic, Node, did_you_mean};
use crate::predicate::{Comparison, Term, Typed, comparison};

const WANTED: &str = "{bins: [0, 1, 2], weights: [0.5, 0.5]} or {values: [a, b], weights: [0.5, 0.5]}";
const KEYS: [&str; 4] = ["bins", "values", "weights", "tail_weights"];

/// The parts of a distribution with their expected weights.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) of: Parts,
    /// The weight of each part.
    pub(super) weights: Vec<f64>,
}

/// The parts that have weights.
#[derive(Clone, Debug)]
pub(super) enum Parts {
    /// Bins from each edge to the next. The last bin includes its end.
    Bins {
        edges: Vec<f64>,
        /// The weights of the tails below the first and above the last edge.
        tails: Option<[f64; 2]>,
    },
    /// Single values.
    Values(Vec<Literal>),
}

impl Partition {
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let node = arguments.required("partition")?;
        let (mut bins, mut values, mut weights, mut tails) = (None, None, None, None);
        for (key, value) in node.map(WANTED)? {
            match key.text.as_str() {
                "bins" => bins = Some(numbers(value)?),
                "values" => values = Some(literals(value)?),
                "weights" => weights = Some(shares(value)?),
                "tail_weights" => tails = Some((value, shares(value)?)),
                other => {
                    return Err(Diagnostic::new(key.span, format!("a partition has no {other:?}"))
                        .maybe_help(did_you_mean(other, KEYS)));
                }
            }
        }
        let tails = match tails {
            Some((node, tails)) => Some(
                <[f64; 2]>::try_from(tails).map_err(|_| node.expected_error("two weights, [0.1, 0.1]"))?,
            ),
            None => None,
        };
        let wrong = |message: &str| Diagnostic::new(node.span, message);
        let weights = weights.ok_or_else(|| wrong("a partition needs weights").help(WANTED))?;
        let of = match (bins, values) {
            (Some(edges), None) => Parts::Bins { edges, tails },
            (None, Some(_)) if tails.is_some() => return Err(wrong("tail_weights beside values")),
            (None, Some(values)) => Parts::Values(values),
            _ => return Err(wrong("a partition has either bins or values").help(WANTED)),
        };
        let partition = Self { of, weights };
        partition.mistake().map_or(Ok(partition), |message| Err(wrong(message)))
    }

    /// Returns the mistake in the parts and their weights, if there is one.
    fn mistake(&self) -> Option<&'static str> {
        // The tolerance within which Great Expectations takes numbers for equal.
        const CLOSE: f64 = 1e-5 + 1e-8;
        let mut sum: f64 = self.weights.iter().sum();
        let parts = match &self.of {
            Parts::Bins { edges, tails } => {
                if !edges.windows(2).all(|pair| pair[0] < pair[1]) {
                    return Some("the bins do not increase");
                }
                let endless =
                    edges.first() == Some(&f64::NEG_INFINITY) || edges.last() == Some(&f64::INFINITY);
                if endless && tails.is_some() {
                    return Some("tail_weights beside bins that reach to infinity");
                }
                sum += tails.iter().flatten().sum::<f64>();
                edges.len().saturating_sub(1)
            }
            Parts::Values(values) => {
                if values.iter().enumerate().any(|(index, value)| values[..index].contains(value)) {
                    return Some("a value is listed twice");
                }
                values.len()
            }
        };
        if parts == 0 {
            Some("an empty partition")
        } else if parts != self.weights.len() {
            Some("a partition needs one weight for each value, or between every two bins")
        } else if (sum - 1.0).abs() > CLOSE {
            Some("the weights do not add up to 1")
        } else {
            None
        }
    }

    /// Returns the number of parts in words: `4 bins`, `3 values`.
    pub(super) fn demand(&self) -> String {
        let what = if matches!(self.of, Parts::Bins { .. }) { "bins" } else { "values" };
        format!("{} {what}", self.weights.len())
    }
}

/// Converts the listed values to a type. A literal that no value of the type equals keeps its own value, and
/// does not occur.
pub(super) fn bound(values: &[Literal], data_type: &DataType) -> Result<Vec<Value>, LowerError> {
    let value = |literal: &Literal| match OtherTypes::Error.value(literal, data_type)? {
        Some(value) => Ok(value),
        None => literal.beside(data_type),
    };
    Ok(values.iter().map(value).collect::<Result<_, LiteralError>>()?)
}

/// Returns for each edge the condition that a number lies below the edge; for the last edge, below or at the
/// edge.
pub(super) fn below(column: &Typed, edges: &[f64]) -> Vec<Typed> {
    let double = |term| Typed { term, data_type: DataType::FLOAT64 };
    let number = match column.data_type {
        DataType::FLOAT64 => column.clone(),
        _ => double(Term::Cast(Box::new(column.clone()))),
    };
    let last = edges.len().saturating_sub(1);
    let comparisons = edges.iter().enumerate().map(|(index, edge)| {
        let how = if index == last { Comparison::LessOrEqual } else { Comparison::Less };
        // Integers and decimals are compared with the edge as written, if their type can hold the edge.
        let written = match column.data_type {
            DataType::Float { .. } => None,
            _ => comparison(column.clone(), how, &Literal::Number(edge.to_string())).ok(),
        };
        written.unwrap_or_else(|| {
            let edge = double(Term::Literal(Value::float(*edge)));
            Typed::boolean(Term::Compare(how, Box::new(number.clone()), Box::new(edge)))
        })
    });
    comparisons.collect()
}

/// Returns the expected shares of the listed values, then of the other values that occur. The holdout is
/// taken from the listed values and split evenly among the others.
pub(super) fn with_holdout(weights: &[f64], others: usize, holdout: f64) -> Vec<f64> {
    let listed = if others == 0 { 1.0 } else { 1.0 - holdout };
    let other = holdout / super::double(others);
    weights.iter().map(|weight| weight * listed).chain(std::iter::repeat_n(other, others)).collect()
}

/// Reads a share between 0 and 1; the default is 0.
pub(super) fn share(arguments: &Arguments<'_>, name: &str) -> Result<f64, Diagnostic> {
    match arguments.number(name)? {
        None => Ok(0.0),
        Some(share) if (0.0..=1.0).contains(&share) => Ok(share),
        Some(_) => Err(arguments.required(name)?.expected_error("a number between 0 and 1")),
    }
}

/// Reads the p-value at which a test rejects the distribution; the default is 0.05.
pub(super) fn level(arguments: &Arguments<'_>) -> Result<f64, Diagnostic> {
    match arguments.number("p_value")? {
        None => Ok(0.05),
        Some(level) if level > 0.0 && level < 1.0 => Ok(level),
        Some(_) => Err(arguments.required("p_value")?.expected_error("a number above 0 and below 1")),
    }
}

/// Reads numbers, which may be infinite.
pub(super) fn numbers(node: &Node) -> Result<Vec<f64>, Diagnostic> {
    let number = |node: &Node| {
        // JSON writes infinities only as texts.
        let literal = Literal::Plain(node.scalar("a number")?.text.clone());
        match literal.bind(&DataType::FLOAT64).map(|value| value.as_f64()) {
            Ok(Some(number)) if !number.is_nan() => Ok(number),
            _ => Err(node.expected_error("a number")),
        }
    };
    node.list("a list of numbers")?.iter().map(number).collect()
}

fn shares(node: &Node) -> Result<Vec<f64>, Diagnostic> {
    let weights = numbers(node)?;
    if weights.iter().all(|weight| (0.0..=1.0).contains(weight)) {
        Ok(weights)
    } else {
        Err(Diagnostic::new(node.span, "weights are numbers between 0 and 1"))
    }
}

/// Reads a list of values, none of which is null.
pub(super) fn literals(node: &Node) -> Result<Vec<Literal>, Diagnostic> {
    node.list("a list of values")?
        .iter()
        .map(|item| item.scalar("a value").map(Literal::from_scalar))
        .collect()
}
