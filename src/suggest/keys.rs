//! What is suggested of columns that name a row, or a row of another table.

use super::columns::Column;
use super::names::{has_word, names_a_thing, refers};
use super::suggest::OtherTable;
use super::suggestion::{Arguments, Suggestion};
use super::yaml;
use crate::data::{ColumnPath, DataType, Value};
use crate::profile::{ColumnProfile, Format};

/// How many columns may be parts of a composite key, and how many such keys are tried.
const PARTS: usize = 6;
const TRIED: usize = 16;
/// Fewer rows tell no key.
const FEWEST: u64 = 10;

/// Columns in which no value seems to come twice, and not by chance: those whose names say that they name a thing, the first
/// one, dense numbers, and texts of one shape or format.
pub(super) fn single(columns: &[Column<'_>], rows: u64) -> Vec<Suggestion> {
    let is_key = |(index, column): &(usize, &Column<'_>)| {
        rows >= FEWEST
            && column.profile.may_be_unique()
            && is_of_keys(column.profile)
            && (*index == 0
                || names_a_thing(&column.profile.path)
                || is_dense(column)
                || is_built(column.profile))
    };
    let found = columns.iter().enumerate().filter(is_key);
    found.map(|(_, column)| Suggestion::on(&column.profile.path, "unique", "")).collect()
}

/// Types whose values name things.
fn is_of_keys(column: &ColumnProfile) -> bool {
    match column.data_type {
        DataType::String => column.lengths.is_some_and(|lengths| lengths.longest <= 64),
        DataType::Integer { .. } | DataType::Binary => true,
        DataType::Decimal { scale, .. } => scale == 0,
        _ => false,
    }
}

/// Numbers without wide gaps.
fn is_dense(column: &Column<'_>) -> bool {
    let Some(values) = column.values else { return false };
    let (Value::Integer(least), Value::Integer(greatest)) = (&values.least, &values.greatest) else {
        return false;
    };
    greatest.saturating_sub(*least) < i128::from(column.present()).saturating_mul(2)
}

fn is_built(column: &ColumnProfile) -> bool {
    let whole = |format: Format| matches!(format, Format::Uuid | Format::Email | Format::Iban);
    column.shape.is_some() || column.formats.iter().any(|share| whole(share.format) && share.rows == share.of)
}

/// Pairs and triples of columns that may name a row together, where no column does: those whose names say that they name
/// things, days and numbers within others, and codes; never measures.
pub(super) fn composite(columns: &[Column<'_>], rows: u64) -> Vec<Suggestion> {
    if rows < FEWEST {
        return Vec::new();
    }
    let rank = |column: &&Column<'_>| {
        let path = &column.profile.path;
        (
            !names_a_thing(path),
            !has_word(path, &["date", "day", "month", "year", "line", "position", "seq", "version"]),
        )
    };
    let mut parts: Vec<&Column<'_>> = columns.iter().filter(|column| is_part(column, rows)).collect();
    parts.sort_by_key(rank);
    parts.truncate(PARTS);
    let distinct =
        |column: &Column<'_>| column.profile.distinct.map_or(1, |distinct| u128::from(distinct.count));
    let mut sets: Vec<Vec<&Column<'_>>> = Vec::new();
    for (index, first) in parts.iter().enumerate() {
        for (next, second) in parts.iter().enumerate().skip(index + 1) {
            sets.push(vec![first, second]);
            sets.extend(parts.iter().skip(next + 1).map(|third| vec![*first, *second, *third]));
        }
    }
    // Fewer combinations than rows cannot be enough; rough counts may be a little low.
    sets.retain(|set| {
        set.iter().map(|column| distinct(column)).product::<u128>() >= u128::from(rows) * 9 / 10
    });
    sets.sort_by_key(Vec::len);
    sets.truncate(TRIED);
    let place =
        |column: &Column<'_>| columns.iter().position(|other| other.profile.path == column.profile.path);
    let names = |set: &[&Column<'_>]| {
        let mut set = set.to_vec();
        set.sort_by_key(|column| place(column));
        let names: Vec<String> = set.iter().map(|column| yaml::name(&column.profile.path)).collect();
        format!("[{}]", names.join(", "))
    };
    sets.iter().map(|set| Suggestion::on_table("unique", names(set), "no column alone names a row")).collect()
}

fn is_part(column: &Column<'_>, rows: u64) -> bool {
    let profile = column.profile;
    let path = &profile.path;
    let is_code = profile.distinct.is_some_and(|distinct| distinct.exact && distinct.count * 20 <= rows);
    let is_day =
        profile.data_type == DataType::Date || matches!(profile.data_type, DataType::Timestamp { .. });
    let tells = names_a_thing(path)
        || is_day
        || has_word(path, &["line", "position", "seq", "version", "year", "month", "day"])
        || (is_code && profile.data_type == DataType::String);
    column.present() == rows
        && path.parts().len() == 1
        && tells
        && (is_day || is_of_keys(profile))
        && profile.distinct.is_some_and(|distinct| distinct.count > 1)
}

/// Those composite keys that hold of which no part is enough.
pub(super) fn least(found: Vec<Suggestion>) -> Vec<Suggestion> {
    let columns = |suggestion: &Suggestion| -> Vec<String> {
        match &suggestion.arguments {
            Some(Arguments::Inline(text)) => {
                text.trim_matches(['[', ']']).split(", ").map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    };
    let (keys, mut rest): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|suggestion| suggestion.column.is_none() && suggestion.check == "unique");
    // One is enough, and the first is the one whose columns tell most.
    rest.extend(keys.into_iter().min_by_key(|key| columns(key).len()));
    rest
}

/// Columns that may name rows of other tables, by the unique columns of those.
pub(super) fn foreign(columns: &[Column<'_>], others: &[OtherTable<'_>]) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for other in others {
        for key in other.profile.columns.iter().filter(|key| key.may_be_unique() && is_of_keys(key)) {
            let fits = |column: &&Column<'_>| {
                // A table's own key is that of others only by chance.
                column.present() > 0
                    && !column.profile.may_be_unique()
                    && alike(&column.profile.data_type, &key.data_type)
                    && refers(&column.profile.path, other.table, &key.path)
            };
            found.extend(columns.iter().filter(fits).map(|column| exists_in(column, other.name, &key.path)));
        }
    }
    found
}

fn exists_in(column: &Column<'_>, data: &str, key: &ColumnPath) -> Suggestion {
    let path = &column.profile.path;
    let data = crate::document::yaml_text(data);
    let arguments = if path == key { data } else { format!("{{data: {data}, column: {}}}", yaml::name(key)) };
    Suggestion::on(path, "exists_in", "").with(arguments).mostly()
}

fn alike(left: &DataType, right: &DataType) -> bool {
    left == right || matches!((left, right), (DataType::Integer { .. }, DataType::Integer { .. }))
}

/// A column whose values only grow in the order in which they are stored, which is the first key of a file that is not
/// rewritten.
pub(super) fn growing(columns: &[Column<'_>], rows: u64) -> Option<Suggestion> {
    const ENOUGH: u64 = 100;
    let column = columns.iter().find(|column| {
        let profile = column.profile;
        matches!(profile.data_type, DataType::Integer { .. })
            && profile.may_be_unique()
            && column.present() == rows
    })?;
    let growing = Suggestion::on(&column.profile.path, "increasing", "in the order of the files");
    (rows >= ENOUGH).then(|| growing.with("{strictly: true}").warning())
}
