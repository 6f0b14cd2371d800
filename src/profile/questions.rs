//! What is measured of each column.

use super::columns::columns;
use super::placeholders::placeholders;
use crate::data::{ColumnPath, DataType, Float, Schema, Value};
use crate::metric::{Aggregate, Interpolation, Metric, MetricId, PerMetric, Tally};
use crate::plan::Plan;
use crate::predicate::{Comparison, Function, Term, Typed};
use crate::privacy::Privacy;

/// How many different values are counted of all columns together, and of one: at most, and at least.
const VALUES: usize = 1_000_000;
const MOST_VALUES: usize = 10_000;
const LEAST_VALUES: usize = 500;
/// How many placeholders are counted.
const MOST_PLACEHOLDERS: usize = 32;
/// The middle value, or the mean of the two middle ones.
const MEDIAN: Aggregate = Aggregate::Quantile { at: Float(0.5), interpolation: Interpolation::Linear };

/// What is measured of a table: a plan without checks, and what each of its metrics is for.
#[derive(Debug)]
pub struct Questions {
    /// The plan.
    pub plan: Plan,
    pub(super) rows: MetricId,
    pub(super) columns: Vec<Asked>,
}

/// What is measured of a column.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) path: ColumnPath,
    pub(super) data_type: DataType,
    /// How many values there are; nothing where nothing is read.
    pub(super) present: Option<MetricId>,
    pub(super) tally: Option<MetricId>,
    pub(super) least: Option<MetricId>,
    pub(super) greatest: Option<MetricId>,
    pub(super) sum: Option<MetricId>,
    pub(super) deviation: Option<MetricId>,
    pub(super) median: Option<MetricId>,
    pub(super) nans: Option<MetricId>,
    pub(super) placeholders: Option<MetricId>,
    pub(super) text: Option<OfText>,
}

/// What is measured of a text beside that.
#[derive(Debug)]
pub(super) struct OfText {
    pub(super) shortest: MetricId,
    pub(super) longest: MetricId,
    pub(super) empty: MetricId,
    pub(super) blank: MetricId,
    pub(super) untrimmed: MetricId,
}

impl Questions {
    /// Returns what is measured of the columns of a schema.
    #[must_use]
    pub fn of(schema: &Schema) -> Self {
        let columns = columns(schema);
        let most = (VALUES / columns.len().max(1)).clamp(LEAST_VALUES, MOST_VALUES);
        let mut metrics = PerMetric::default();
        let rows = metrics.push(Metric::Count(Typed::always()));
        let columns = columns.into_iter().map(|(path, data_type)| ask(path, data_type, most, &mut metrics));
        let columns = columns.collect();
        Self { plan: plan_of(metrics), rows, columns }
    }
}

/// A plan of metrics alone.
pub(super) fn plan_of(metrics: PerMetric<Metric>) -> Plan {
    Plan {
        checks: Vec::new(),
        metrics,
        dependent: Vec::new(),
        privacy: Privacy::default(),
        finds_all_rows: false,
    }
}

fn ask(path: ColumnPath, data_type: DataType, most: usize, metrics: &mut PerMetric<Metric>) -> Asked {
    let column = Typed::column(&path, &data_type);
    let mut asked = Asked {
        path,
        data_type,
        present: None,
        tally: None,
        least: None,
        greatest: None,
        sum: None,
        deviation: None,
        median: None,
        nans: None,
        placeholders: None,
        text: None,
    };
    let data_type = &asked.data_type;
    if matches!(data_type, DataType::Unread { .. }) {
        return asked;
    }
    asked.present = Some(metrics.push(Metric::Count(column.clone().is_not_null())));
    if !data_type.is_comparable() || *data_type == DataType::Null {
        return asked;
    }
    let tally = |of: Typed, filter: Typed, most| Metric::Tally(Box::new(Tally { of, filter, most }));
    asked.tally = Some(metrics.push(tally(column.clone(), Typed::always(), most)));
    let is_float = matches!(data_type, DataType::Float { .. });
    let filter = if is_float { below_nan(&column) } else { Typed::always() };
    let aggregate =
        |function, of: &Typed| Metric::Aggregate { function, of: of.clone(), filter: filter.clone() };
    if data_type.is_ordered() {
        asked.least = Some(metrics.push(aggregate(Aggregate::Min, &column)));
        asked.greatest = Some(metrics.push(aggregate(Aggregate::Max, &column)));
    }
    if data_type.is_numeric() {
        asked.sum = Some(metrics.push(aggregate(Aggregate::Sum, &column)));
        asked.deviation = Some(metrics.push(aggregate(Aggregate::StandardDeviation, &column)));
        asked.median = Some(metrics.push(aggregate(MEDIAN, &column)));
    }
    if is_float {
        asked.nans =
            Some(metrics.push(Metric::Count(Typed::all([column.clone().is_not_null(), filter.negated()]))));
    }
    let is_text = *data_type == DataType::String;
    let usual = placeholders(data_type);
    if !usual.is_empty() {
        let of = if is_text {
            call(Function::Lower, call(Function::Trim, column.clone()))
        } else {
            column.clone()
        };
        let is_usual = Typed::boolean(Term::InSet(Box::new(of.clone()), usual)).is_true();
        asked.placeholders = Some(metrics.push(tally(of, is_usual, MOST_PLACEHOLDERS)));
    }
    if is_text {
        let length =
            Typed { term: Term::Call(Function::Length, vec![column.clone()]), data_type: DataType::INT64 };
        let trimmed = call(Function::Trim, column.clone());
        let mut count = |condition: Typed| metrics.push(Metric::Count(condition));
        let empty = count(compare(Comparison::Equal, &column, &text("")));
        let blank = Typed::all([
            compare(Comparison::NotEqual, &column, &text("")),
            compare(Comparison::Equal, &trimmed, &text("")),
        ]);
        let blank = count(blank);
        let untrimmed = count(compare(Comparison::NotEqual, &column, &trimmed));
        let always = Typed::always();
        let mut extreme = |function| {
            metrics.push(Metric::Aggregate { function, of: length.clone(), filter: always.clone() })
        };
        let (shortest, longest) = (extreme(Aggregate::Min), extreme(Aggregate::Max));
        asked.text = Some(OfText { shortest, longest, empty, blank, untrimmed });
    }
    asked
}

/// The values of a float that are numbers: NaN is above all of them.
fn below_nan(column: &Typed) -> Typed {
    let nan = Typed { term: Term::Literal(Value::float(f64::NAN)), data_type: column.data_type.clone() };
    compare(Comparison::Less, column, &nan).is_true()
}

pub(super) fn compare(how: Comparison, left: &Typed, right: &Typed) -> Typed {
    Typed::boolean(Term::Compare(how, Box::new(left.clone()), Box::new(right.clone())))
}

fn call(function: Function, of: Typed) -> Typed {
    Typed { term: Term::Call(function, vec![of]), data_type: DataType::String }
}

fn text(text: &str) -> Typed {
    Typed { term: Term::Literal(Value::String(text.to_owned())), data_type: DataType::String }
}
