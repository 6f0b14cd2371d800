//! `kl_divergence`: the values follow an expected distribution, by their relative entropy.

use serde::Serialize;

use super::super::bounds::{BoundBounds, Bounds, MAX, MIN};
use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::partition::{Partition, Parts, below, bound, share, with_holdout};
use super::shares::{of_bins, of_values};
use super::value_counts::ValueCounts;
use super::{distinct_groups, double, size};
use crate::data::{ColumnPath, DataType, Float, Value, as_floats};
use crate::document::Diagnostic;
use crate::metric::{Measured, Metric, Misshapen};
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "kl_divergence",
    family: Family::Aggregate,
    scope: Scope::Column,
    nature: Nature::Measured,
    summary: "the relative entropy of the values to an expected distribution is at most a threshold",
    parameters: &[
        Parameter::required("partition", ParameterKind::Partition, "the distribution expected"),
        Parameter::optional("threshold", ParameterKind::Number, "the greatest divergence allowed"),
        Parameter::optional(
            "tail_weight_holdout",
            ParameterKind::Number,
            "the share expected outside of the partition",
        ),
        Parameter::optional(
            "internal_weight_holdout",
            ParameterKind::Number,
            "the share expected in bins of weight 0",
        ),
        Parameter::optional(
            "bucketize_data",
            ParameterKind::Boolean,
            "whether values are sorted into the bins",
        ),
        MIN,
        MAX,
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/kl_divergence.md"),
    read: |arguments| Ok(Box::new(KlDivergence::read(arguments)?)),
};

/// The most distinct values that the details list with their shares.
const MOST_TOLD: usize = 1_000;

/// The observed and the expected weights, part by part, with the details that reports show.
struct Compared {
    found: Vec<f64>,
    expected: Vec<f64>,
    details: Value,
}

#[derive(Debug)]
struct KlDivergence {
    partition: Partition,
    threshold: Option<f64>,
    tail_holdout: f64,
    internal_holdout: f64,
    bounds: Option<Bounds>,
}

impl KlDivergence {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let refuse = |name: &str, message: &str| {
            let span = arguments.node(name).map_or(arguments.span, |node| node.span);
            Err(Diagnostic::new(span, message))
        };
        let threshold = arguments.number("threshold")?;
        if threshold.is_some_and(|threshold| threshold < 0.0) {
            return refuse("threshold", "no divergence is less than 0");
        }
        let bounded = ["min", "max"].iter().any(|name| arguments.node(name).is_some());
        let read = Self {
            partition: Partition::read(arguments)?,
            threshold,
            tail_holdout: share(arguments, "tail_weight_holdout")?,
            internal_holdout: share(arguments, "internal_weight_holdout")?,
            bounds: bounded.then(|| arguments.bounds()).transpose()?,
        };
        let buckets = arguments.flag("bucketize_data", true)?;
        match &read.partition.of {
            Parts::Values(_) if read.internal_holdout > 0.0 => {
                refuse("internal_weight_holdout", "internal_weight_holdout is for bins, not for values")
            }
            Parts::Bins { .. } if !buckets => {
                refuse("bucketize_data", "without buckets there is nothing to compare bins with")
            }
            Parts::Bins { tails: Some(_), .. } if read.tail_holdout > 0.0 => {
                refuse("tail_weight_holdout", "tail_weight_holdout beside tail_weights")
            }
            Parts::Bins { edges, .. } if read.tail_holdout > 0.0 && finite_ends(edges) == 0 => {
                refuse("tail_weight_holdout", "tail_weight_holdout beside bins without finite ends")
            }
            _ if read.tail_holdout + read.internal_holdout > 1.0 => {
                refuse("internal_weight_holdout", "the holdouts are more than 1 together")
            }
            _ => Ok(read),
        }
    }

    /// Returns the weights of the bins, with those of the tails beyond a first or last edge that is finite.
    fn expected(&self, edges: &[f64], tails: Option<[f64; 2]>) -> Vec<f64> {
        let empty = self.partition.weights.iter().filter(|weight| **weight == 0.0).count();
        let kept = 1.0 - self.tail_holdout - self.internal_holdout;
        let inner = self.partition.weights.iter().map(|weight| match self.internal_holdout {
            holdout if holdout > 0.0 && *weight == 0.0 => holdout / double(empty),
            _ => weight * kept,
        });
        let each = self.tail_holdout / double(finite_ends(edges).max(1));
        let [below, above] = tails.unwrap_or([each; 2]);
        let below = edges.first().filter(|edge| edge.is_finite()).map(|_| below);
        let above = edges.last().filter(|edge| edge.is_finite()).map(|_| above);
        below.into_iter().chain(inner).chain(above).collect()
    }

    /// Returns the demand that the divergence from the expected weights is small.
    fn small(&self, expected: Expected) -> Result<Demand, LowerError> {
        let bounds = self.bounds.as_ref().map(|bounds| bounds.bind(&DataType::FLOAT64)).transpose()?;
        Ok(Demand::SmallDivergence(SmallDivergence {
            expected,
            threshold: self.threshold.map(Float),
            bounds,
        }))
    }
}

impl Expectation for KlDivergence {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        match &self.partition.of {
            Parts::Values(values) => {
                let grouping = distinct_groups(site)?;
                let values = bound(values, &site.comparable_column()?.data_type)?;
                let expected = Expected::Values {
                    values,
                    weights: self.partition.weights.clone(),
                    holdout: self.tail_holdout,
                };
                Ok(Lowered::Measured {
                    metrics: ValueCounts::metrics(grouping),
                    demand: self.small(expected)?,
                })
            }
            Parts::Bins { edges, tails } => {
                let expected = Expected::Bins { edges: edges.clone(), weights: self.expected(edges, *tails) };
                Ok(Lowered::Measured {
                    metrics: cumulative_counts(site, edges)?,
                    demand: self.small(expected)?,
                })
            }
        }
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let Self { partition, tail_holdout, internal_holdout, .. } = self;
        let subject =
            format!("divergence of {} from {partition:?} {tail_holdout} {internal_holdout}", column?);
        let threshold = self.threshold.map(|most| ("threshold".to_owned(), Need::AtMost(most)));
        let bounds = self.bounds.as_ref().map(|bounds| ("value".to_owned(), Need::Within(bounds.clone())));
        Some(Claim::whole(subject).needing_all(threshold.into_iter().chain(bounds).collect()))
    }

    fn demand(&self) -> String {
        let limits = [
            self.threshold.map(|threshold| format!("at most {}", Value::float(threshold))),
            self.bounds.as_ref().map(Bounds::demand),
        ];
        let limits: Vec<_> = limits.into_iter().flatten().collect();
        let of = format!("of {}", self.partition.demand());
        if limits.is_empty() { of } else { format!("{of} {}", limits.join(", ")) }
    }
}

/// The demand that values diverge little from the expected weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SmallDivergence {
    expected: Expected,
    threshold: Option<Float>,
    bounds: Option<BoundBounds>,
}

/// The expected weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Expected {
    /// The weight of each value, and the weight that all other values share.
    Values { values: Vec<Value>, weights: Vec<f64>, holdout: f64 },
    /// The weight of each bin, and of the tails below the first and above the last edge where these are
    /// finite.
    Bins {
        #[serde(serialize_with = "as_floats")]
        edges: Vec<f64>,
        weights: Vec<f64>,
    },
}

impl SmallDivergence {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Judgement {
        let Compared { found, expected, details } = match self.expected.beside(input) {
            Ok(compared) => compared,
            Err(judgement) => return *judgement,
        };
        let divergence = relative_entropy(&found, &expected);
        let observed = Value::float(divergence);
        let met = self.threshold.is_none_or(|Float(threshold)| divergence <= threshold)
            && self.bounds.as_ref().is_none_or(|bounds| bounds.contain(&observed));
        let judgement = Judgement { details, ..Judgement::new(met, observed) };
        match (self.threshold, &self.bounds) {
            (None, None) => judgement.because("without a threshold nothing is demanded"),
            _ => judgement,
        }
    }
}

impl Expected {
    /// Returns the observed beside the expected weights, or a judgement if nothing can be compared.
    fn beside(&self, input: &JudgementInput<'_>) -> Result<Compared, Box<Judgement>> {
        match self {
            Self::Values { values, weights, holdout } => {
                let counts = ValueCounts::of(input)?;
                let (found, others) = counts.beside(values);
                let expected = with_holdout(weights, others, *holdout);
                let details = of_values(counts.named(values, MOST_TOLD), &found, &expected);
                Ok(Compared { found, expected, details })
            }
            Self::Bins { edges, weights } => {
                let ends =
                    [edges.first(), edges.last()].map(|edge| edge.is_some_and(|edge| edge.is_finite()));
                let found = in_bins(input, ends)?;
                let details = of_bins(edges, &found, weights);
                Ok(Compared { found, expected: weights.clone(), details })
            }
        }
    }
}

/// Returns the number of first and last edges that are finite: 0, 1 or 2.
fn finite_ends(edges: &[f64]) -> usize {
    [edges.first(), edges.last()].into_iter().flatten().filter(|edge| edge.is_finite()).count()
}

/// Returns metrics that count all values, then the values below each edge; for the last edge, up to and
/// including it.
fn cumulative_counts(site: &Site<'_>, edges: &[f64]) -> Result<Vec<Metric>, LowerError> {
    let column = site.numeric_column()?;
    let present = site.filter_not_null([&column]);
    let counts = below(&column, edges).into_iter().zip(edges).map(|(below, edge)| match edge {
        // NaN sorts above all numbers, so that a last bin which ends at infinity takes all values.
        edge if *edge == f64::INFINITY => Metric::Count(present.clone()),
        _ => Metric::Count(Typed::all([site.filter.clone(), below])),
    });
    Ok(std::iter::once(Metric::Count(present.clone())).chain(counts).collect())
}

/// Returns the number of values in each bin, with those in the tails below a finite first and above a finite
/// last edge.
fn in_bins(input: &JudgementInput<'_>, [start, end]: [bool; 2]) -> Result<Vec<f64>, Box<Judgement>> {
    let counts: Result<Vec<u64>, Misshapen> = input.measured.iter().map(Measured::count).collect();
    let counts: Vec<f64> = counts?.into_iter().map(|count| double(size(count))).collect();
    let [all, counts_up_to @ ..] = counts.as_slice() else {
        return Err(Box::new(Judgement::unknown("the values were not counted")));
    };
    if *all == 0.0 {
        return Err(Box::new(Judgement::undefined()));
    }
    let below = counts_up_to.first().filter(|_| start).copied();
    let above = counts_up_to.last().filter(|_| end).map(|up_to| all - up_to);
    Ok(below.into_iter().chain(counts_up_to.windows(2).map(|pair| pair[1] - pair[0])).chain(above).collect())
}

/// Returns the Kullback-Leibler divergence, in nats, of the observed from the expected weights, both scaled
/// to add up to 1. The divergence is infinite if a part occurs whose expected weight is 0.
fn relative_entropy(found: &[f64], expected: &[f64]) -> f64 {
    let (all, whole) = (found.iter().sum::<f64>(), expected.iter().sum::<f64>());
    let part = |(found, expected): (&f64, &f64)| match found / all {
        share if share > 0.0 => share * (share / (expected / whole)).ln(),
        _ => 0.0,
    };
    // Rounding can make the sum a little less than zero.
    found.iter().zip(expected).map(part).sum::<f64>().max(0.0)
}
