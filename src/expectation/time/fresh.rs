//! `fresh`: the newest value, or the snapshot itself, is recent.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::super::duration::Period;
use super::super::{
    Arguments, Claim, Definition, Demand, Expectation, Family, Judgement, JudgementInput, LowerError,
    Lowered, Nature, Need, Parameter, ParameterKind, Scope, Site,
};
use crate::data::{ColumnPath, DataType, Value, thousands};
use crate::document::Diagnostic;
use crate::metric::{Aggregate, Metric, Misshapen};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "fresh",
    family: Family::Time,
    scope: Scope::Either,
    nature: Nature::Measured,
    summary: "the newest value of a column, or the snapshot's commit, is recent",
    parameters: &[
        Parameter::required("within", ParameterKind::Duration, "the greatest age"),
        Parameter::optional("column", ParameterKind::Column, "the column; the commit unless given")
            .on_table(),
        Parameter::optional(
            "skew",
            ParameterKind::Duration,
            "how far ahead of this one the clock may be that wrote the newest value",
        ),
        Parameter::optional(
            "future",
            ParameterKind::Choice(&["fail", "pass"]),
            "what a newest value is that lies further in the future",
        ),
    ],
    bare: Some("within"),
    page: include_str!("../../../expectations/time/fresh.md"),
    read: |arguments| Ok(Box::new(Fresh::read(arguments)?)),
};

/// The clocks of two machines rarely differ by more.
const SKEW: Period = Period::minutes(5);

#[derive(Debug)]
struct Fresh {
    column: Option<ColumnPath>,
    ages: Ages,
}

/// The range of ages that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Ages {
    within: Period,
    skew: Period,
    /// True if any time in the future is allowed.
    future: bool,
}

impl Fresh {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let ages = Ages {
            within: arguments.period("within")?,
            skew: arguments.node("skew").map_or(Ok(SKEW), Period::read)?,
            future: arguments.choice("future", &[("fail", false), ("pass", true)])?,
        };
        Ok(Self { column: arguments.column("column")?, ages })
    }
}

impl Expectation for Fresh {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let ages = self.ages;
        let Some(path) = self.column.as_ref().or(site.column) else {
            if !site.filter.is_always() {
                return Err(LowerError::new("a commit has no rows to filter")
                    .help("leave where out, or name a column"));
            }
            let demand = Demand::Recent(Recent { of: Newest::Commit, ages });
            return Ok(Lowered::Measured { metrics: Vec::new(), demand });
        };
        let of = site.named(path)?;
        if !matches!(of.data_type, DataType::Date | DataType::Timestamp { .. }) {
            let message = format!("needs a date or a timestamp, and column \"{path}\" is {}", of.data_type);
            return Err(LowerError::new(message));
        }
        let metrics = vec![Metric::Aggregate { function: Aggregate::Max, of, filter: site.filter.clone() }];
        Ok(Lowered::Measured { metrics, demand: Demand::Recent(Recent { of: Newest::Value, ages }) })
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let of = self.column.as_ref().or(column);
        let subject = of.map_or_else(|| "age of the commit".to_owned(), |path| format!("age of {path}"));
        let Ages { within, skew, future } = self.ages;
        let claim = Claim::whole(subject).needing("within", Need::AtMost(within.seconds()));
        Some(if future { claim } else { claim.needing("skew", Need::AtMost(skew.seconds())) })
    }

    fn demand(&self) -> String {
        let of = self.column.as_ref().map_or_else(String::new, |column| format!("{column} "));
        let Ages { within, skew, future } = self.ages;
        let future = if future {
            ", or in the future".to_owned()
        } else if skew == SKEW {
            String::new()
        } else {
            format!(", at most {skew} in the future")
        };
        format!("{of}within {within}{future}")
    }
}

/// The demand that the newest value or the commit is recent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recent {
    of: Newest,
    ages: Ages,
}

/// The time whose age is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Newest {
    /// The commit time of the snapshot.
    Commit,
    /// The greatest value of the column.
    Value,
}

impl Recent {
    pub(in crate::expectation) fn judge(&self, input: &JudgementInput<'_>) -> Result<Judgement, Misshapen> {
        Ok(match self.of {
            Newest::Commit => match input.committed {
                Some(committed) => self.ages.judge(nanoseconds(committed), input.now),
                None => Judgement::unknown("the snapshot has no commit time; name a column"),
            },
            Newest::Value => match input.value(0)? {
                Value::Timestamp { nanoseconds, .. } => self.ages.judge(nanoseconds, input.now),
                Value::Date(days) => self.ages.judge(i128::from(days) * 86_400_000_000_000, input.now),
                _ => Judgement::undefined(),
            },
        })
    }
}

impl Ages {
    fn judge(self, newest: i128, now: DateTime<Utc>) -> Judgement {
        let age = nanoseconds(now) - newest;
        let ahead = age < -self.skew.nanoseconds();
        let met = age <= self.within.nanoseconds() && (self.future || !ahead);
        let judgement = Judgement::new(met, Value::Timestamp { nanoseconds: newest, instant: true });
        judgement.because(Age(age).to_string())
    }
}

fn nanoseconds(time: DateTime<Utc>) -> i128 {
    i128::from(time.timestamp()) * 1_000_000_000 + i128::from(time.timestamp_subsec_nanos())
}

/// An age, formatted in its two greatest units: `3 d 4 h old`, `5 min 0 s in the future`.
struct Age(i128);

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let way = if self.0 < 0 { "in the future" } else { "old" };
        let seconds = self.0.abs() / 1_000_000_000;
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        match (days, hours) {
            (1.., _) => write!(f, "{} d {hours} h {way}", thousands(&days.to_string())),
            (0, 1..) => write!(f, "{hours} h {minutes} min {way}"),
            _ if minutes > 0 => write!(f, "{minutes} min {} s {way}", seconds % 60),
            _ => write!(f, "{} s {way}", seconds % 60),
        }
    }
}
