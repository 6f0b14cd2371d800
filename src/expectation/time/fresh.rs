//! `fresh`: the newest value, or the snapshot itself, is recent.

use chrono::{DateTime, Utc};

use super::super::duration::Period;
use super::super::{
    Arguments, Definition, Expectation, Facts, Family, Judgement, LowerError, Lowered, Nature, Parameter,
    ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, DataType, Value};
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Metric};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "fresh",
    great_expectations: &[],
    family: Family::Time,
    scope: Scope::Either,
    nature: Nature::Measured,
    summary: "the newest value of a column, or the snapshot's commit, is recent",
    parameters: &[
        Parameter::required("within", ParameterKind::Duration, "the greatest age"),
        Parameter::optional("column", ParameterKind::Column, "the column; the commit unless given")
            .on_table(),
    ],
    bare: Some("within"),
    page: include_str!("../../../expectations/time/fresh.md"),
    read: |arguments| Ok(Box::new(Fresh::read(arguments)?)),
};

#[derive(Debug)]
struct Fresh {
    column: Option<ColumnPath>,
    within: Period,
}

impl Fresh {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        Ok(Self { column: arguments.column("column")?, within: arguments.period("within")? })
    }
}

impl Expectation for Fresh {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let within = self.within;
        let Some(path) = self.column.as_ref().or(site.column) else {
            if !site.filter.is_always() {
                return Err(LowerError::new("a commit has no rows to filter")
                    .help("leave where out, or name a column"));
            }
            let judge = move |facts: &Facts<'_>| match facts.committed {
                Some(committed) => judge(nanoseconds(committed), facts.now, within),
                None => Judgement::unknown("the snapshot has no commit time; name a column"),
            };
            return Ok(Lowered::Measured { metrics: Vec::new(), judge: Box::new(judge) });
        };
        let of = site.named(path)?;
        if !matches!(of.data_type, DataType::Date | DataType::Timestamp { .. }) {
            let message = format!("needs a date or a timestamp, and column \"{path}\" is {}", of.data_type);
            return Err(LowerError::new(message));
        }
        let metrics = vec![Metric::Aggregate { function: Aggregate::Max, of, filter: site.filter.clone() }];
        let judge = move |facts: &Facts<'_>| match &facts.values[0] {
            Value::Timestamp { nanoseconds, .. } => judge(*nanoseconds, facts.now, within),
            Value::Date(days) => judge(i128::from(*days) * 86_400_000_000_000, facts.now, within),
            _ => Judgement::undefined(),
        };
        Ok(Lowered::Measured { metrics, judge: Box::new(judge) })
    }

    fn demand(&self) -> String {
        let of = self.column.as_ref().map_or_else(String::new, |column| format!("{column} "));
        format!("{of}within {}", self.within)
    }
}

fn judge(newest: i128, now: DateTime<Utc>, within: Period) -> Judgement {
    let age = nanoseconds(now) - newest;
    let judgement =
        Judgement::new(age <= within.nanoseconds(), Value::Timestamp { nanoseconds: newest, instant: true });
    judgement.because(Age(age).to_string())
}

fn nanoseconds(time: DateTime<Utc>) -> i128 {
    i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos())
}

/// An age in its two greatest units: `3 d 4 h old`.
struct Age(i128);

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0 < 0 {
            return f.write_str("in the future");
        }
        let seconds = self.0 / 1_000_000_000;
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        match (days, hours) {
            (1.., _) => write!(f, "{days} d {hours} h old"),
            (0, 1..) => write!(f, "{hours} h {minutes} min old"),
            _ if minutes > 0 => write!(f, "{minutes} min {} s old", seconds % 60),
            _ => write!(f, "{} s old", seconds % 60),
        }
    }
}
