//! Continuous distributions, named and parametrized as in scipy.

use serde::Serialize;
use statrs::distribution::{Beta, ChiSquared, ContinuousCDF, Gamma, Normal};

use super::super::Arguments;
use super::partition::numbers;
use crate::data::Value;
use crate::document::{Diagnostic, Node, NodeKind, did_you_mean};

/// The names of the supported distributions.
pub(super) const NAMES: &[&str] = &["norm", "uniform", "expon", "beta", "gamma", "chi2"];

const CHOICES: [(&str, Kind); 6] = [
    ("norm", Kind::Normal),
    ("uniform", Kind::Uniform),
    ("expon", Kind::Exponential),
    ("beta", Kind::Beta),
    ("gamma", Kind::Gamma),
    ("chi2", Kind::ChiSquared),
];

#[derive(Clone, Copy, Debug)]
enum Kind {
    Normal,
    Uniform,
    Exponential,
    Beta,
    Gamma,
    ChiSquared,
}

impl Kind {
    /// Returns the number of parameters without a default, and the names of all parameters in scipy's order.
    fn parameters(self) -> (usize, &'static [&'static str]) {
        match self {
            Self::Normal => (0, &["mean", "std_dev"]),
            Self::Uniform | Self::Exponential => (0, &["loc", "scale"]),
            Self::Beta => (2, &["alpha", "beta", "loc", "scale"]),
            Self::Gamma => (1, &["alpha", "loc", "scale"]),
            Self::ChiSquared => (1, &["df", "loc", "scale"]),
        }
    }
}

/// A distribution in its standard form.
#[derive(Clone, Debug, PartialEq)]
enum Standard {
    Normal(Normal),
    Uniform,
    Exponential,
    Beta(Beta),
    Gamma(Gamma),
    ChiSquared(ChiSquared),
}

/// A distribution with its parameters. Only the written form is serialized: the other fields follow from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Distribution {
    written: String,
    #[serde(skip)]
    standard: Standard,
    #[serde(skip)]
    location: f64,
    #[serde(skip)]
    scale: f64,
}

impl Distribution {
    /// Reads `distribution` and its `params`.
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let kind = arguments.choice("distribution", &CHOICES)?;
        let name = arguments.text("distribution")?;
        let (required, names) = kind.parameters();
        let node = arguments.node("params");
        let span = node.map_or(arguments.span, |node| node.span);
        let given = node.map_or(Ok(Vec::new()), |node| parameters(name, names, node))?;
        let wrong = |message: String| {
            Diagnostic::new(span, message).help(format!("{name} takes {}", names.join(", ")))
        };
        if let Some(missing) =
            names.iter().zip(0..required).find(|(_, place)| !matches!(given.get(*place), Some(Some(_))))
        {
            return Err(wrong(format!("{name} needs {:?}", missing.0)));
        }
        let parameter = |place: usize, default| given.get(place).copied().flatten().unwrap_or(default);
        let (location, scale) = (parameter(required, 0.0), parameter(required + 1, 1.0));
        let not_positive = |_| wrong(format!("the shape of {name} must be positive"));
        if scale <= 0.0 {
            return Err(wrong(format!("{:?} must be positive", names[required + 1])));
        }
        let (first, second) = (parameter(0, 0.0), parameter(1, 0.0));
        let standard = match kind {
            Kind::Normal => Standard::Normal(Normal::standard()),
            Kind::Uniform => Standard::Uniform,
            Kind::Exponential => Standard::Exponential,
            Kind::Beta => {
                Standard::Beta(Beta::new(first, second).map_err(|error| not_positive(error.to_string()))?)
            }
            Kind::Gamma => {
                Standard::Gamma(Gamma::new(first, 1.0).map_err(|error| not_positive(error.to_string()))?)
            }
            Kind::ChiSquared => {
                Standard::ChiSquared(ChiSquared::new(first).map_err(|error| not_positive(error.to_string()))?)
            }
        };
        let values: Vec<_> = given
            .iter()
            .zip(names)
            .filter_map(|(value, name)| Some(format!("{name} {}", Value::float((*value)?))))
            .collect();
        let written =
            if values.is_empty() { name.to_owned() } else { format!("{name} ({})", values.join(", ")) };
        Ok(Self { written, standard, location, scale })
    }

    /// Returns the cumulative distribution function at a number.
    pub(super) fn up_to(&self, number: f64) -> f64 {
        let standard = (number - self.location) / self.scale;
        if standard.is_infinite() {
            return if standard > 0.0 { 1.0 } else { 0.0 };
        }
        match &self.standard {
            Standard::Normal(normal) => normal.cdf(standard),
            Standard::Uniform => standard.clamp(0.0, 1.0),
            Standard::Exponential => -(-standard.max(0.0)).exp_m1(),
            Standard::Beta(beta) => beta.cdf(standard.clamp(0.0, 1.0)),
            Standard::Gamma(gamma) => gamma.cdf(standard.max(0.0)),
            Standard::ChiSquared(chi_squared) => chi_squared.cdf(standard.max(0.0)),
        }
    }

    /// Returns the distribution as written in reports: `norm (mean 0, std_dev 2)`.
    pub(super) fn written(&self) -> &str {
        &self.written
    }
}

/// Reads parameters by name, or in scipy's order.
fn parameters(name: &str, names: &[&str], node: &Node) -> Result<Vec<Option<f64>>, Diagnostic> {
    let NodeKind::Map(entries) = &node.kind else {
        let list = numbers(node)?;
        if list.len() > names.len() {
            return Err(node.expected_error(&format!(
                "at most {} numbers: {}",
                names.len(),
                names.join(", ")
            )));
        }
        return Ok(list.into_iter().map(Some).collect());
    };
    let mut given = vec![None; names.len()];
    for (key, value) in entries {
        match names.iter().position(|name| *name == key.text) {
            Some(place) => given[place] = Some(value.number("a number")?),
            None if name == "uniform" && matches!(key.text.as_str(), "min" | "max") => {
                return Err(Diagnostic::new(key.span, "uniform takes loc and scale").help(
                    "Great Expectations reads min as loc, the least value, and max as scale, the width",
                ));
            }
            None => {
                return Err(Diagnostic::new(key.span, format!("{name} has no {:?}", key.text)).help(
                    did_you_mean(&key.text, names.iter().copied())
                        .unwrap_or_else(|| format!("{name} takes {}", names.join(", "))),
                ));
            }
        }
    }
    Ok(given)
}
