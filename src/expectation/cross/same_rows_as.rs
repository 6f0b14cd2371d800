//! `same_rows_as`: another dataset has the same rows, matched by their keys.

use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use super::counterparts::Counterparts;
use crate::data::{ColumnPath, Dataset, Float, Value, thousands};
use crate::document::Diagnostic;
use crate::metric::{Correspondence, Differences, GroupStatistic, Grouping, Metric, Misshapen};
use crate::predicate::Typed;

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "same_rows_as",
    family: Family::Cross,
    scope: Scope::Table,
    nature: Nature::Measured,
    summary: "another dataset has the same rows, by their keys",
    parameters: &[
        Parameter::required("data", ParameterKind::Dataset, "where the other dataset lies"),
        Parameter::required(
            "key",
            ParameterKind::Counterparts,
            "the columns that tell which rows belong together",
        ),
        Parameter::optional(
            "columns",
            ParameterKind::Counterparts,
            "the columns that must be equal; all common ones unless given",
        ),
        Parameter::optional("tolerance", ParameterKind::Number, "how far two numbers may be apart"),
    ],
    bare: None,
    page: include_str!("../../../expectations/cross/same_rows_as.md"),
    read: |arguments| Ok(Box::new(SameRowsAs::read(arguments)?)),
};

#[derive(Debug)]
struct SameRowsAs {
    data: String,
    key: Counterparts,
    columns: Option<Counterparts>,
    tolerance: f64,
}

impl SameRowsAs {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let tolerance = match arguments.node("tolerance") {
            Some(node) => match node.number::<f64>("a number that is not negative")? {
                tolerance if tolerance >= 0.0 && tolerance.is_finite() => tolerance,
                _ => return Err(node.expected_error("a number that is not negative")),
            },
            None => 0.0,
        };
        Ok(Self {
            data: arguments.dataset("data")?,
            key: Counterparts::read(arguments, "key")?,
            columns: Counterparts::read_optional(arguments, "columns")?,
            tolerance,
        })
    }

    fn dataset(&self) -> Dataset {
        Dataset::Named(self.data.clone())
    }
}

/// Returns the metric that counts the rows whose key another row has too.
fn repeated(keys: Vec<Typed>, filter: Typed) -> Metric {
    let grouping = Grouping { keys, filter };
    Metric::Group { grouping, statistic: GroupStatistic::DuplicatedRows }
}

impl Expectation for SameRowsAs {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let schema = site.others.schema(&self.dataset())?;
        let keys = self.key.resolve(site, schema)?;
        let common = || Counterparts::common(site.schema, schema, &self.key).resolve(site, schema);
        let values = self.columns.as_ref().map_or_else(common, |columns| columns.resolve(site, schema))?;
        let there = site.filter_in(schema)?;
        let (here_keys, there_keys) = keys.iter().cloned().unzip();
        let metrics = vec![
            Metric::Differences(Box::new(Correspondence {
                filter: site.filter.clone(),
                dataset: self.dataset(),
                there: there.clone(),
                keys,
                values,
                tolerance: Float(self.tolerance),
            })),
            repeated(here_keys, site.filter.clone()),
            Metric::OtherDataset { dataset: self.dataset(), metric: Box::new(repeated(there_keys, there)) },
        ];
        Ok(Lowered::Measured { metrics, demand: Demand::SameRows })
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![self.dataset()]
    }

    fn claim(&self, _: Option<&ColumnPath>) -> Option<Claim> {
        let columns = self.columns.as_ref().map_or_else(|| "*".to_owned(), Counterparts::demand);
        let subject = format!("rows beside {} by {} in {columns}", self.data, self.key.demand());
        Some(Claim::whole(subject).needing("tolerance", Need::AtMost(self.tolerance)))
    }

    fn demand(&self) -> String {
        let columns =
            self.columns.as_ref().map_or_else(String::new, |columns| format!(", in {}", columns.demand()));
        format!("{} by {}{columns}", self.data, self.key.demand())
    }
}

/// Judges the differences between two datasets. Keys that several rows share make the result unknown.
pub(in crate::expectation) fn judge(input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
    let Differences { only_here, only_there, different } = input.of(0)?.differences()?;
    for (repeated, whose) in [(input.count(1)?, "here"), (input.count(2)?, "in the other dataset")] {
        if repeated > 0 {
            let repeated = thousands(&repeated.to_string());
            return Ok(Judgement::unknown(format!("{repeated} rows share their keys {whose}")));
        }
    }
    let met = only_here == 0 && only_there == 0 && different == 0;
    let observed = [("only here", only_here), ("only there", only_there), ("different", different)];
    Ok(Judgement::new(met, Value::of_counts(observed)))
}
