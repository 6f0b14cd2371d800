//! Version 1 of the JSON of `karat profile`: types of their own, so that karat's may change without it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::{Value, counted};
use crate::document::identified;
use crate::profile::{ColumnProfile, FormatShare, Histogram, Profile, Remark, RemarkKind, Values};
use crate::report::Datum;
use crate::report::inert::inert_json;
use crate::report::numbers::{hundredths, timestamp};

/// How many of the most frequent values are shown.
const FREQUENT: usize = 10;

/// What the columns of a dataset hold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProfileReport {
    /// The version of this format: 1.
    pub schema_version: u32,
    /// Where it lies.
    pub uri: String,
    /// delta, parquet or another form.
    pub format: &'static str,
    /// The version of a table.
    pub version: Option<u64>,
    /// When that was committed, RFC 3339.
    pub timestamp: Option<String>,
    /// The digest of the files' names, sizes and footers.
    pub digest: Option<String>,
    /// Its rows.
    pub rows: u64,
    /// Its data files.
    pub files: Option<u64>,
    /// Their bytes.
    pub bytes: Option<u64>,
    /// Its columns in their order; fields of structs stand behind them.
    pub columns: Vec<ColumnProfileReport>,
    /// The engine that measured it.
    pub engine: String,
    /// How many times the data was read, at most in part.
    pub scans: u64,
    /// The rows that came out of all scans.
    pub rows_read: u64,
}

/// What a column holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ColumnProfileReport {
    /// Its name: that of a field behind those of what it is in.
    pub name: String,
    /// Its type, as a suite would write it.
    #[serde(rename = "type")]
    pub data_type: String,
    /// How many rows have a value; nothing where values of its type are not read.
    pub present: Option<u64>,
    /// How many rows have none.
    pub nulls: Option<u64>,
    /// How many of 100 rows have none.
    pub null_percent: Option<f64>,
    /// How many different values there are.
    pub distinct: Option<DistinctReport>,
    /// Of texts: how long they are.
    pub lengths: Option<LengthsReport>,
    /// Of texts: the formats that at least half of them have.
    pub formats: Vec<FormatReport>,
    /// Of texts that are built alike: a regular expression for them.
    pub shape: Option<String>,
    /// What is suspicious.
    pub remarks: Vec<RemarkReport>,
    /// Whether its values are personal, and not shown.
    pub masked: bool,
    /// What quotes values; nothing if they are personal.
    pub values: Option<ValuesReport>,
    /// What could not be measured.
    pub failed: Vec<String>,
}

/// How many different values there are.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DistinctReport {
    /// How many; roughly, unless it is exact.
    pub count: u64,
    /// Whether every different value was counted.
    pub exact: bool,
    /// Whether no two rows have the same value: nothing where that was not settled.
    pub unique: Option<bool>,
}

/// How long texts are, in characters.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LengthsReport {
    /// The shortest.
    pub shortest: u64,
    /// The longest.
    pub longest: u64,
}

/// A format that texts have.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FormatReport {
    /// Its name.
    pub name: &'static str,
    /// Of times: how they are written.
    pub pattern: Option<&'static str>,
    /// How many rows have it.
    pub rows: u64,
    /// Of so many that were looked at: all with a value, if every different value was counted.
    pub of: u64,
    /// How many of 100 of those.
    pub percent: f64,
}

/// Something suspicious.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemarkReport {
    /// What, as a word.
    pub kind: &'static str,
    /// How many rows, or values, are concerned.
    pub count: u64,
    /// What, as a sentence.
    pub text: String,
}

/// What quotes values of a column.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ValuesReport {
    /// The least, NaN aside.
    pub least: Option<Datum>,
    /// The median.
    pub median: Option<Datum>,
    /// The greatest, NaN aside.
    pub greatest: Option<Datum>,
    /// The mean.
    pub mean: Option<Datum>,
    /// The sample standard deviation.
    pub standard_deviation: Option<Datum>,
    /// The most frequent values; none where there are too many different ones to count each.
    pub frequent: Vec<CountedValue>,
    /// The values that often stand where there is none.
    pub placeholders: Vec<CountedValue>,
    /// How numbers and times are spread: classes of the same width.
    pub histogram: Vec<ClassReport>,
}

/// A value and how often it comes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CountedValue {
    /// The value.
    pub value: Datum,
    /// The rows with it.
    pub rows: u64,
    /// How many of 100 rows with a value those are.
    pub percent: f64,
}

/// A class of a histogram.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClassReport {
    /// Where it begins.
    pub from: Datum,
    /// Where the next one begins, which is outside of it; of the last one the greatest value.
    pub to: Datum,
    /// The rows in it.
    pub rows: u64,
    /// How many of 100 of the rows in the fullest class those are: how long its bar is.
    pub height: f64,
}

impl From<&Profile> for ProfileReport {
    fn from(profile: &Profile) -> Self {
        let identity = &profile.details.identity;
        Self {
            schema_version: 1,
            uri: identity.uri.clone(),
            format: identity.format.name(),
            version: identity.version,
            timestamp: identity.committed.map(timestamp),
            digest: identity.digest.clone(),
            rows: profile.rows,
            files: identity.files,
            bytes: identity.bytes,
            columns: profile.columns.iter().map(|column| of_column(column, profile)).collect(),
            engine: profile.engine.clone(),
            scans: profile.execution.scans,
            rows_read: profile.execution.rows_read,
        }
    }
}

fn of_column(column: &ColumnProfile, profile: &Profile) -> ColumnProfileReport {
    let nulls = column.present.map(|present| profile.rows.saturating_sub(present));
    let shown = profile.privacy.show(column.values.clone());
    let present = column.present.unwrap_or_default();
    ColumnProfileReport {
        name: column.path.to_string(),
        data_type: column.data_type.to_string(),
        present: column.present,
        nulls,
        null_percent: nulls.map(|nulls| percent(nulls, profile.rows)),
        distinct: column.distinct.map(|distinct| DistinctReport {
            count: distinct.count.min(present),
            exact: distinct.exact,
            unique: match (distinct.exact, column.may_be_unique()) {
                (true, unique) => Some(unique),
                // Among those that were counted, one comes twice.
                (false, false) => Some(false),
                (false, true) => None,
            },
        }),
        lengths: column
            .lengths
            .map(|lengths| LengthsReport { shortest: lengths.shortest, longest: lengths.longest }),
        formats: column.formats.iter().map(format).collect(),
        shape: column.shape.clone().filter(|_| shown.is_some()),
        remarks: column.remarks.iter().map(remark).collect(),
        masked: shown.is_none(),
        values: shown.map(|values| of_values(&values, present)),
        failed: column.failed.clone(),
    }
}

fn format(share: &FormatShare) -> FormatReport {
    let pattern = if let crate::profile::Format::Time(pattern) = share.format { Some(pattern) } else { None };
    FormatReport {
        name: share.format.name(),
        pattern,
        rows: share.rows,
        of: share.of,
        percent: percent(share.rows, share.of),
    }
}

fn of_values(values: &Values, present: u64) -> ValuesReport {
    let datum = |value: &Value| (!value.is_null()).then(|| Datum::of(value.clone()));
    let counted = |values: &[(Value, u64)]| -> Vec<CountedValue> {
        let first = values.iter().take(FREQUENT);
        first
            .map(|(value, rows)| CountedValue {
                value: Datum::of(value.clone()),
                rows: *rows,
                percent: percent(*rows, present),
            })
            .collect()
    };
    ValuesReport {
        least: datum(&values.least),
        median: datum(&values.median),
        greatest: datum(&values.greatest),
        mean: datum(&values.mean),
        standard_deviation: datum(&values.deviation),
        frequent: if values.tally.is_whole() { counted(&values.tally.values) } else { Vec::new() },
        placeholders: counted(&values.placeholders),
        histogram: values.histogram.as_ref().map(classes).unwrap_or_default(),
    }
}

fn classes(histogram: &Histogram) -> Vec<ClassReport> {
    let most = histogram.rows.iter().copied().max().unwrap_or_default();
    let bounds = histogram.bounds.windows(2).zip(&histogram.rows);
    let class = |(bounds, rows): (&[Value], &u64)| {
        let [from, to] = bounds else { return None };
        Some(ClassReport {
            from: Datum::of(from.clone()),
            to: Datum::of(to.clone()),
            rows: *rows,
            height: percent(*rows, most),
        })
    };
    bounds.filter_map(class).collect()
}

fn remark(remark: &Remark) -> RemarkReport {
    let Remark { kind, count } = *remark;
    let rows = |one: &str, many: &str| counted(count, &format!("row {one}"), &format!("rows {many}"));
    let text = match kind {
        RemarkKind::AllNull => "no row has a value".to_owned(),
        RemarkKind::Constant => "all rows have the same value".to_owned(),
        RemarkKind::NearlyUnique => {
            format!("nearly unique: {}", rows("shares its value", "share their values"))
        }
        RemarkKind::TextOf(format) => format!("text of which nearly all is a {}", format.name()),
        RemarkKind::Empty => rows("is the empty text", "are the empty text"),
        RemarkKind::Blank => rows("has nothing but blanks", "have nothing but blanks"),
        RemarkKind::Untrimmed => rows("has blanks around its text", "have blanks around their text"),
        RemarkKind::MixedCase => {
            format!("{} only in upper and lower case", counted(count, "value differs", "values differ"))
        }
        RemarkKind::Placeholders => {
            rows("has a value that often stands for none", "have values that often stand for none")
        }
        RemarkKind::NotANumber => rows("is not a number (NaN)", "are not a number (NaN)"),
        RemarkKind::Infinite => rows("is infinite", "are infinite"),
    };
    RemarkReport { kind: kind.name(), count, text }
}

#[expect(clippy::cast_precision_loss, reason = "a percent for people")]
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { hundredths(part as f64 * 100.0 / whole as f64) }
}

/// The profile as JSON, indented.
#[must_use]
pub fn profile_json(profile: &ProfileReport) -> String {
    inert_json(profile)
}

/// The JSON Schema of version 1 of the profile.
#[must_use]
pub fn profile_schema() -> serde_json::Value {
    identified("urn:karat:profile:v1", schemars::schema_for!(ProfileReport).to_value())
}
