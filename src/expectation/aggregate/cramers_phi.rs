//! `cramers_phi`: two columns are associated at most weakly, by Cramér's phi.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::bins::{Bins, BoundBins};
use super::double;
use super::value_counts::ValueCounts;
use crate::data::{ColumnPath, Value};
use crate::document::Diagnostic;
use crate::metric::Grouping;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "cramers_phi",
    family: Family::Aggregate,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "two columns are associated at most weakly, by Cramér's phi",
    parameters: &[
        Parameter::required("left", ParameterKind::Column, "the one"),
        Parameter::required("right", ParameterKind::Column, "the other"),
        Parameter::optional("threshold", ParameterKind::Number, "the greatest association allowed"),
        Parameter::optional("left_bins", ParameterKind::Bins, "how the one's values are taken together"),
        Parameter::optional("right_bins", ParameterKind::Bins, "how the other's values are taken together"),
        Parameter::optional("left_bin_count", ParameterKind::Count, "in how many bins they are if not given"),
        Parameter::optional(
            "right_bin_count",
            ParameterKind::Count,
            "in how many bins they are if not given",
        ),
    ],
    bare: None,
    page: include_str!("../../../expectations/aggregate/cramers_phi.md"),
    read: |arguments| Ok(Box::new(CramersPhi::read(arguments)?)),
};

#[derive(Debug)]
struct CramersPhi {
    left: (ColumnPath, Bins),
    right: (ColumnPath, Bins),
    threshold: f64,
}

impl CramersPhi {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let threshold = arguments.number("threshold")?.unwrap_or(0.1);
        if !(0.0..=1.0).contains(&threshold) {
            return Err(arguments.required("threshold")?.expected_error("a number between 0 and 1"));
        }
        Ok(Self {
            left: (arguments.required_column("left")?, Bins::read(arguments, "left_bins", "left_bin_count")?),
            right: (
                arguments.required_column("right")?,
                Bins::read(arguments, "right_bins", "right_bin_count")?,
            ),
            threshold,
        })
    }
}

impl Expectation for CramersPhi {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let bind = |(path, bins): &(ColumnPath, Bins)| bins.bind(site.comparable(path)?);
        let (left, right) = (bind(&self.left)?, bind(&self.right)?);
        let keys = left.keys.iter().chain(&right.keys).cloned().collect();
        let metrics = ValueCounts::metrics(Grouping { keys, filter: site.filter.clone() });
        let demand = WeaklyAssociated { left, right, threshold: self.threshold };
        Ok(Lowered::Measured { metrics, demand: Demand::WeaklyAssociated(demand) })
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let subject = format!("phi of {:?} and {:?}", self.left, self.right);
        Some(Claim::whole(subject).needing("threshold", Need::AtMost(self.threshold)))
    }

    fn demand(&self) -> String {
        format!("of {} and {} at most {}", self.left.0, self.right.0, Value::float(self.threshold))
    }
}

/// The demand that two columns are associated at most weakly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeaklyAssociated {
    left: BoundBins,
    right: BoundBins,
    threshold: f64,
}

impl WeaklyAssociated {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Judgement {
        let counts = match ValueCounts::of(input) {
            Ok(counts) => counts,
            Err(judgement) => return *judgement,
        };
        match phi(&counts, &self.left, &self.right) {
            Some(phi) => Judgement::new(phi <= self.threshold, Value::float(phi)),
            None => Judgement::undefined().because("undefined: a column does not vary"),
        }
    }
}

/// Returns Cramér's phi of the bins of two columns, from 0 to 1; none if a column has a single bin.
fn phi(counts: &ValueCounts<'_>, left: &BoundBins, right: &BoundBins) -> Option<f64> {
    let (left_keys, right_keys) = counts.keys.split_at_checked(left.keys.len())?;
    let lefts = left.bins(left_keys, &counts.rows);
    let rights = right.bins(right_keys, &counts.rows);
    let mut cells: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let (mut in_left, mut in_right) = (HashMap::new(), HashMap::new());
    for ((left, right), rows) in lefts.into_iter().zip(rights).zip(&counts.rows) {
        *cells.entry((left, right)).or_default() += rows;
        *in_left.entry(left).or_insert(0.0) += rows;
        *in_right.entry(right).or_insert(0.0) += rows;
    }
    let all = double(counts.count);
    // A cell without rows adds its expected count to the statistic: (0 - expected)² / expected.
    let (mut statistic, mut unexpected) = (0.0, all);
    for ((left, right), found) in &cells {
        let expected = in_left[left] * in_right[right] / all;
        statistic += (found - expected).powi(2) / expected;
        unexpected -= expected;
    }
    let smaller = in_left.len().min(in_right.len());
    let phi = (statistic + unexpected.max(0.0)) / all / (double(smaller) - 1.0);
    (smaller > 1).then(|| phi.sqrt().min(1.0))
}
