//! Measuring a profile.

use std::collections::BTreeMap;

use super::formats::formats;
use super::histogram::{Histogram, bounds, metrics};
use super::placeholders::suspicious;
use super::questions::{Asked, plan_of};
use super::remarks::{ColumnFacts, remarks};
use super::shapes::shape;
use super::{ColumnProfile, Distinct, FormatShare, Lengths, Profile, Questions, Values};
use crate::data::{ColumnPath, DataType, Exact, Value};
use crate::engine::{Control, Engine, EngineError, Execution, Measurements};
use crate::metric::{Measured, MetricId, PerMetric, Tallied};
use crate::predicate::Typed;
use crate::privacy::{Masked, Privacy, looks_personal};
use crate::source::{Opened, SourceError};

/// How to make a profile.
#[derive(Clone, Debug, Default)]
pub struct ProfileOptions {
    /// The columns whose values are personal.
    pub personal: Vec<ColumnPath>,
    /// Whether to show the values of columns that look personal and are not named so.
    pub show_personal: bool,
    /// Whether to tell how numbers and times are spread, for which the data may be scanned once more.
    pub histograms: bool,
}

/// Why there is no profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// What is known of the data before it is read cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The data cannot be read.
    #[error("the data could not be read")]
    Engine(#[from] EngineError),
    /// A column is named that there is not.
    #[error("{message}")]
    Column {
        /// What is wrong.
        message: String,
        /// The way out.
        help: Option<String>,
    },
}

impl ProfileError {
    /// The way out, where one is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Source(error) => error.help(),
            Self::Engine(_) => None,
            Self::Column { help, .. } => help.as_deref(),
        }
    }
}

/// Measures what the columns of opened data hold: all in one judging pass, and in a second, narrow scan how numbers and
/// times are spread of which there are too many different ones to count each.
///
/// # Errors
/// The data cannot be read. A column of which something cannot be measured says so itself.
pub fn profile(
    data: &dyn Opened,
    engine: &dyn Engine,
    options: &ProfileOptions,
    control: Control<'_>,
) -> Result<Profile, ProfileError> {
    for column in &options.personal {
        data.schema()
            .resolve(column)
            .map_err(|error| ProfileError::Column { message: error.message, help: error.help })?;
    }
    let details = data.details()?;
    let questions = Questions::of(data.schema());
    let none = BTreeMap::new();
    // Of text, every pass tells the readings by which it was opened.
    let transcription_scans = engine.strategy(&questions.plan, data, &none, control)?.transcription_scans;
    let found = engine.measure(&questions.plan, data, &none, control)?;
    let rows = found.of(questions.rows).ok().and_then(|rows| rows.count().ok()).unwrap_or_default();
    let mut columns: Vec<UnmaskedColumn> = questions
        .columns
        .iter()
        .map(|asked| Answers { found: &found, failed: Vec::new() }.column(asked, rows))
        .collect();
    let mut execution = found.execution;
    if options.histograms
        && let Some(more) = spread(&mut columns, data, engine, control)?
    {
        add(&mut execution, &more, transcription_scans);
    }
    let mut privacy = Privacy::default();
    for column in &options.personal {
        privacy.hide(column);
    }
    for UnmaskedColumn { column, .. } in &columns {
        if !options.show_personal && is_personal(column) {
            privacy.hide(&column.path);
        }
    }
    let columns = columns.into_iter().map(UnmaskedColumn::sealed).collect();
    Ok(Profile { details, rows, columns, privacy, engine: engine.name(), execution, transcription_scans })
}

/// Returns whether the values of a column look personal, by its name or by themselves.
fn is_personal(column: &ColumnProfile) -> bool {
    let of_values = column.formats.iter().any(|share| share.format.is_personal());
    of_values || (looks_personal(&column.path) && column.data_type != DataType::Boolean)
}

/// A column of which the values are not yet masked.
struct UnmaskedColumn {
    column: ColumnProfile,
    values: Values,
}

impl UnmaskedColumn {
    fn sealed(self) -> ColumnProfile {
        let values = Masked::of([&self.column.path], self.values);
        ColumnProfile { values, ..self.column }
    }
}

/// What was found, and what was not.
struct Answers<'a> {
    found: &'a Measurements,
    failed: Vec<String>,
}

impl Answers<'_> {
    fn of(&mut self, metric: Option<MetricId>) -> Option<&Measured> {
        let found = self.found.of(metric?).ok();
        // Why not, may quote values.
        if found.is_none() && self.failed.is_empty() {
            self.failed.push("a part of it could not be measured".to_owned());
        }
        found
    }

    fn value(&mut self, metric: Option<MetricId>) -> Value {
        self.of(metric).and_then(|found| found.value().ok()).unwrap_or_default()
    }

    fn count(&mut self, metric: Option<MetricId>) -> u64 {
        self.of(metric).and_then(|found| found.count().ok()).unwrap_or_default()
    }

    fn tally(&mut self, metric: Option<MetricId>) -> Option<Tallied> {
        self.of(metric).and_then(|found| found.tally().ok()).cloned()
    }

    fn column(mut self, asked: &Asked, rows: u64) -> UnmaskedColumn {
        let present = asked.present.map(|present| self.count(Some(present)));
        let tally = self.tally(asked.tally);
        let distinct = tally.as_ref().map(|tally| Distinct {
            count: tally.distinct(),
            exact: tally.is_whole(),
            counted: u64::try_from(tally.values.len()).unwrap_or(u64::MAX),
            singles: u64::try_from(tally.values.iter().filter(|(_, rows)| *rows == 1).count())
                .unwrap_or(u64::MAX),
        });
        let mut values = Values {
            least: self.value(asked.least),
            greatest: self.value(asked.greatest),
            median: self.value(asked.median),
            deviation: self.value(asked.deviation),
            tally: tally.unwrap_or_default(),
            ..Values::default()
        };
        let usual = self.tally(asked.placeholders).unwrap_or_default().values;
        values.placeholders = suspicious(usual, &values, distinct);
        let nans = self.count(asked.nans);
        let (sum, numbers) = (self.value(asked.sum), present.unwrap_or_default() - nans);
        values.mean = Exact::of(&sum)
            .and_then(|sum| sum.over(&Exact::integer(numbers)))
            .map_or(Value::Null, |mean| Value::float(mean.to_f64()));
        if values.median.is_null() && values.tally.is_whole() {
            values.median = median(&values.tally.values);
        }
        let is_text = asked.data_type == DataType::String;
        let of: u64 = values.tally.values.iter().map(|(_, rows)| rows).sum();
        let formats: Vec<FormatShare> = if is_text {
            let formats = formats(&values.tally.values).into_iter();
            formats.map(|(format, rows)| FormatShare { format, rows, of }).collect()
        } else {
            Vec::new()
        };
        let text = asked.text.as_ref();
        let lengths = text.and_then(|text| {
            let shortest = self.value(Some(text.shortest)).as_count()?;
            Some(Lengths { shortest, longest: self.value(Some(text.longest)).as_count()? })
        });
        let mut of_text = |metric: Option<MetricId>| if metric.is_some() { self.count(metric) } else { 0 };
        let known = ColumnFacts {
            data_type: &asked.data_type,
            rows,
            present: present.unwrap_or_default(),
            distinct,
            formats: &formats,
            values: &values,
            empty: of_text(text.map(|text| text.empty)),
            blank: of_text(text.map(|text| text.blank)),
            untrimmed: of_text(text.map(|text| text.untrimmed)),
            longest: lengths.map_or(0, |lengths| lengths.longest),
            nans,
        };
        let remarks = if present.is_some() { remarks(&known) } else { Vec::new() };
        let column = ColumnProfile {
            path: asked.path.clone(),
            data_type: asked.data_type.clone(),
            present,
            distinct,
            lengths,
            formats,
            shape: if is_text { shape(&values.tally.values) } else { None },
            remarks,
            values: Masked::default(),
            failed: self.failed,
        };
        UnmaskedColumn { column, values }
    }
}

/// The lower median of values that are all counted; null of what has no order.
fn median(values: &[(Value, u64)]) -> Value {
    let is_of_times = |(value, _): &(Value, u64)| {
        matches!(value, Value::Date(_) | Value::Timestamp { .. } | Value::Time(_) | Value::Duration(_))
    };
    if !values.first().is_some_and(is_of_times) {
        return Value::Null;
    }
    let mut ordered: Vec<&(Value, u64)> = values.iter().collect();
    ordered.sort_by(|left, right| left.0.compare(&right.0).unwrap_or(std::cmp::Ordering::Equal));
    let half = values.iter().map(|(_, rows)| rows).sum::<u64>().div_ceil(2);
    let mut before = 0;
    let reaches = ordered.into_iter().find(|(_, rows)| {
        before += rows;
        before >= half
    });
    reaches.map_or(Value::Null, |(value, _)| value.clone())
}

/// Tells how numbers and times are spread. Those of which not every value is counted are scanned once more.
fn spread(
    columns: &mut [UnmaskedColumn],
    data: &dyn Opened,
    engine: &dyn Engine,
    control: Control<'_>,
) -> Result<Option<Execution>, ProfileError> {
    let mut asked = PerMetric::default();
    let mut open: Vec<(usize, Vec<Value>, Vec<MetricId>)> = Vec::new();
    for (index, UnmaskedColumn { column, values }) in columns.iter_mut().enumerate() {
        let Some(bounds) = bounds(&values.least, &values.greatest) else { continue };
        if values.tally.is_whole() {
            values.histogram = Some(Histogram::of(&values.tally.values, bounds));
            continue;
        }
        let of = Typed::column(&column.path, &column.data_type);
        let ids = metrics(&of, &column.data_type, &bounds).map(|metric| asked.push(metric)).collect();
        open.push((index, bounds, ids));
    }
    if open.is_empty() {
        return Ok(None);
    }
    let found = engine.measure(&plan_of(asked), data, &BTreeMap::new(), control)?;
    for (index, bounds, ids) in open {
        let below: Option<Vec<u64>> =
            ids.into_iter().map(|id| found.of(id).ok().and_then(|found| found.count().ok())).collect();
        if let (Some(UnmaskedColumn { column, values }), Some(below)) = (columns.get_mut(index), below) {
            let nans = column.remarks.iter().find(|remark| remark.kind == super::RemarkKind::NotANumber);
            let all = column.present.unwrap_or_default() - nans.map_or(0, |remark| remark.count);
            values.histogram = Some(Histogram::of_below(&below, all, bounds));
        }
    }
    Ok(Some(found.execution))
}

/// Adds what a further pass took.
fn add(execution: &mut Execution, more: &Execution, transcription_scans: u64) {
    execution.scans += more.scans.saturating_sub(transcription_scans);
    execution.scans_for_memory += more.scans_for_memory;
    execution.rows_read += more.rows_read;
    execution.bytes_read = execution.bytes_read.zip(more.bytes_read).map(|(bytes, more)| bytes + more);
    execution.network = more.network.or(execution.network.take());
}
