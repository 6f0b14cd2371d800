//! Making a draft.

use chrono::{DateTime, Utc};

use super::columns::{Column, of_column};
use super::draft::{Draft, Head, draft, personal};
use super::prove::{Opening, Proved, prove};
use super::suggestion::{Arguments, Suggestion};
use super::{declared, keys, times, yaml};
use crate::data::{ColumnPath, counted};
use crate::profile::{Profile, RemarkKind};
use crate::run::{CheckOptions, now};
use crate::source::Format;

/// How to make a draft.
#[derive(Clone, Debug)]
pub struct SuggestOptions<'a> {
    /// The name of the suite.
    pub suite: &'a str,
    /// The layer of the dataset.
    pub layer: Option<&'a str>,
    /// Where the suite is to say that the dataset lies.
    pub data: &'a str,
    /// Where an editor finds the schema of suites.
    pub schema: &'a str,
    /// How long a list of allowed values may be.
    pub longest_list: usize,
    /// Other tables, whose rows this one may name.
    pub others: &'a [OtherTable<'a>],
    /// How checks are run.
    pub check: &'a CheckOptions,
}

/// Another table.
#[derive(Clone, Copy, Debug)]
pub struct OtherTable<'a> {
    /// What a suite calls it.
    pub name: &'a str,
    /// Its own name.
    pub table: &'a str,
    /// What is known of it.
    pub profile: &'a Profile,
}

/// Makes the draft of a suite for data of which the profile is known. Every check of it has passed on the data, which is
/// read once more for that.
///
/// # Errors
/// The data has no columns, or could not be read that once: why.
pub fn suggest(profile: &Profile, data: Opening<'_>, options: &SuggestOptions<'_>) -> Result<Draft, String> {
    if profile.columns.is_empty() {
        return Err("the data has no columns".to_owned());
    }
    let at = options.check.now.unwrap_or_else(now);
    let shown: Vec<_> =
        profile.columns.iter().map(|column| profile.privacy.show(column.values.clone())).collect();
    let columns: Vec<Column<'_>> = profile
        .columns
        .iter()
        .zip(&shown)
        .map(|(column, values)| Column {
            profile: column,
            values: values.as_deref(),
            rows: profile.rows,
            longest_list: options.longest_list,
        })
        .collect();
    let personal = personal(profile.privacy.columns());
    let thought = thought(profile, &columns, at, options);
    let count = thought.len();
    let Proved { held, execution, error } = prove(thought, &personal, data, options.check);
    if let Some(error) = error {
        return Err(error);
    }
    let suggestions = ordered(keys::least(held), profile);
    let key = key_of(&suggestions, profile);
    let table = profile.details.identity.table.as_deref();
    let comments = table.map(|table| &table.comments);
    let remarks =
        |path: &ColumnPath| remarks(profile, path, comments.and_then(|comments| comments.get(path.parts())));
    let head = Head {
        schema: options.schema,
        suite: options.suite,
        layer: options.layer,
        data: options.data,
        description: table
            .and_then(|table| table.description.as_deref())
            .filter(|text| !text.trim().is_empty()),
        origin: &origin(profile),
        key: &key,
        personal: &personal,
    };
    Ok(Draft {
        yaml: draft(&head, &suggestions, &remarks),
        checks: suggestions.len(),
        dropped: count - suggestions.len(),
        scans: profile.execution.scans
            + execution.map_or(0, |execution| execution.scans.saturating_sub(profile.transcription_scans)),
    })
}

/// All that is worth a try.
fn thought(
    profile: &Profile,
    columns: &[Column<'_>],
    at: DateTime<Utc>,
    options: &SuggestOptions<'_>,
) -> Vec<Suggestion> {
    let now = i128::from(at.timestamp()) * 1_000_000_000;
    let mut thought: Vec<Suggestion> = columns.iter().flat_map(|column| of_column(column, now)).collect();
    let single = keys::single(columns, profile.rows);
    let has_key = !single.is_empty();
    thought.extend(single);
    thought.extend(keys::foreign(columns, options.others));
    let identity = &profile.details.identity;
    // The order of rows is no promise of a table that may be rewritten.
    if identity.format != Format::Delta {
        thought.extend(keys::growing(columns, profile.rows));
    }
    if profile.rows > 0 {
        let least = fewest(profile.rows);
        let reason = format!("{} now", counted(profile.rows, "row", "rows"));
        thought.push(Suggestion::on_table("row_count", format!("{{min: {least}}}"), reason));
    }
    if !has_key {
        thought.extend(keys::composite(columns, profile.rows));
    }
    thought.extend(times::fresh(columns, now));
    thought.extend(declared::rules(identity.table.as_deref()));
    thought
}

/// Half of the rows, cut to one digit.
fn fewest(rows: u64) -> u64 {
    let half = rows.div_ceil(2);
    let unit = 10_u64.saturating_pow(half.ilog10());
    half / unit * unit
}

/// The checks by the order of their columns, and of a column in the order in which they are read.
fn ordered(mut suggestions: Vec<Suggestion>, profile: &Profile) -> Vec<Suggestion> {
    const ORDER: [&str; 6] = ["type", "not_null", "unique", "exists_in", "in_set", "between"];
    let place = |suggestion: &Suggestion| {
        let column = suggestion.column.as_ref();
        let column = column.and_then(|path| profile.columns.iter().position(|column| column.path == *path));
        let check = ORDER.iter().position(|check| *check == suggestion.check);
        (column.unwrap_or(usize::MAX), check.unwrap_or(ORDER.len()))
    };
    suggestions.sort_by_cached_key(place);
    // Of a kind, one is enough: the first that held.
    suggestions
        .dedup_by(|next, kept| (&next.column, next.check, &next.id) == (&kept.column, kept.check, &kept.id));
    suggestions
}

/// The columns that name a row: the one whose name says so, or those of a composite key.
fn key_of(suggestions: &[Suggestion], profile: &Profile) -> Vec<String> {
    let unique = |suggestion: &&Suggestion| suggestion.check == "unique";
    let personal = |path: &ColumnPath| profile.privacy.hides(path);
    let single = suggestions.iter().filter(unique).filter_map(|suggestion| suggestion.column.as_ref());
    let single = single.filter(|path| !personal(path));
    let best = single.min_by_key(|path| !super::names::names_a_thing(path));
    if let Some(best) = best {
        return vec![yaml::name(best)];
    }
    let composite = suggestions.iter().filter(unique).find(|suggestion| suggestion.column.is_none());
    match composite.and_then(|suggestion| suggestion.arguments.as_ref()) {
        Some(Arguments::Inline(text)) => {
            text.trim_matches(['[', ']']).split(", ").map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// What the draft was made of.
fn origin(profile: &Profile) -> String {
    let identity = &profile.details.identity;
    let version = identity.version.map_or_else(String::new, |version| format!(" @ v{version}"));
    format!("{}{version}, {}", identity.uri, counted(profile.rows, "row", "rows"))
}

/// What stands behind a column: its comment in the table, and what is suspicious and no check says.
fn remarks(profile: &Profile, path: &ColumnPath, comment: Option<&String>) -> Option<String> {
    let column = profile.columns.iter().find(|column| column.path == *path)?;
    let mut remarks: Vec<String> = comment.cloned().into_iter().collect();
    for remark in &column.remarks {
        let text = match remark.kind {
            RemarkKind::AllNull => "no row has a value".to_owned(),
            RemarkKind::Constant => "all rows have the same value".to_owned(),
            RemarkKind::NearlyUnique => {
                format!("nearly unique: {}", counted(remark.count, "row repeats", "rows repeat"))
            }
            RemarkKind::TextOf(format) => format!("text that is a {}", format.name()),
            RemarkKind::MixedCase => {
                format!("{} only in case", counted(remark.count, "value differs", "values differ"))
            }
            RemarkKind::Placeholders => {
                format!("{} with what may stand for no value", counted(remark.count, "row", "rows"))
            }
            RemarkKind::Empty | RemarkKind::Blank => {
                format!("{} without text", counted(remark.count, "row", "rows"))
            }
            RemarkKind::Untrimmed => format!("{} with blanks around", counted(remark.count, "row", "rows")),
            RemarkKind::NotANumber => format!("{} NaN", counted(remark.count, "row", "rows")),
            RemarkKind::Infinite => format!("{} infinite", counted(remark.count, "row", "rows")),
        };
        remarks.push(text);
    }
    (!remarks.is_empty()).then(|| remarks.join("; "))
}
