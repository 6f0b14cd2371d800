//! What is suggested of texts: one of a set, of a format, of a shape, or of some length.

use super::columns::Column;
use super::numbers::FEWEST;
use super::suggestion::Suggestion;
use super::yaml;
use crate::data::Value;
use crate::document::yaml_text;
use crate::profile::{Format, RemarkKind};

/// Each value of a set comes so often on average.
const OFTEN: u64 = 10;
/// The longest text in a set.
const LONGEST: u64 = 60;
/// A value is left out of a set, as a slip, if it comes in fewer rows of ten thousand than so many.
const SLIP: u64 = 10;
/// A value is a slip of another one in another case that comes so many times as often.
const TWIN: u64 = 50;
/// Of so many rows in a hundred at least, a format is that of the column.
const MOSTLY: u64 = 95;
/// The lengths to which the longest one is rounded up.
const LENGTHS: [u64; 16] = [1, 2, 3, 5, 10, 20, 30, 50, 100, 150, 200, 255, 500, 1_000, 2_000, 4_000];

/// What is suggested of a text.
pub(super) fn of_texts(column: &Column<'_>) -> Vec<Suggestion> {
    let path = &column.profile.path;
    if let Some(format) = format(column) {
        return vec![format];
    }
    if let Some(set) = set(column) {
        return vec![set];
    }
    // A shape is made of values.
    if let Some(shape) = column.profile.shape.as_ref().filter(|_| column.values.is_some()) {
        return vec![Suggestion::on(path, "matches", "").with(yaml_text(shape)).mostly()];
    }
    if let Some(number) = number(column) {
        return vec![number];
    }
    let mut found = Vec::new();
    let has = |kind: RemarkKind| column.profile.remarks.iter().any(|remark| remark.kind == kind);
    if !has(RemarkKind::Untrimmed) && !has(RemarkKind::Blank) {
        found.push(Suggestion::on(path, "trimmed", ""));
    }
    if let Some(lengths) = column.profile.lengths.filter(|_| column.present() >= FEWEST) {
        let (shortest, longest) = (lengths.shortest, lengths.longest);
        let most = LENGTHS.into_iter().find(|most| *most >= longest + longest / 4);
        let reason = format!("seen {shortest} to {longest}");
        let bounds = match (shortest, most) {
            (shortest, _) if shortest == longest && column.present() >= 100 => None,
            (0, Some(most)) => Some(format!("{{max: {most}}}")),
            (0, None) => None,
            (_, Some(most)) => Some(format!("{{min: 1, max: {most}}}")),
            (_, None) => Some("{min: 1}".to_owned()),
        };
        if shortest == longest && column.present() >= 100 {
            found.push(Suggestion::on(path, "length_equal", "").with(longest.to_string()));
        }
        found.extend(bounds.map(|bounds| Suggestion::on(path, "length_between", reason).with(bounds)));
    }
    found
}

/// The format that nearly all of the texts have.
fn format(column: &Column<'_>) -> Option<Suggestion> {
    let distinct = column.profile.distinct?;
    let path = &column.profile.path;
    let usual = column.profile.formats.iter().filter(|share| share.rows * 100 >= share.of * MOSTLY);
    // Codes could be words by chance, where there are few.
    let is_code =
        |format: Format| matches!(format, Format::CurrencyCode | Format::CountryCode2 | Format::CountryCode3);
    let enough = usual.filter(|share| !is_code(share.format) || distinct.counted >= 8);
    let made = enough.filter_map(|share| {
        let of = |check, arguments: Option<&str>| {
            let plain = Suggestion::on(path, check, "").mostly();
            Some(arguments.map_or_else(|| plain.clone(), |arguments| plain.clone().with(arguments)))
        };
        match share.format {
            Format::Uuid => of("uuid", None),
            Format::Email => of("email", None),
            Format::Url => of("url", None),
            Format::IpAddress => of("ip_address", None),
            Format::Iban => of("iban", None),
            Format::CardNumber => of("credit_card", None),
            Format::Json => of("json", None),
            Format::CurrencyCode => of("currency_code", None),
            Format::CountryCode2 => of("country_code", None),
            Format::CountryCode3 => of("country_code", Some("3")),
            Format::Time(format) => of("datetime_format", Some(&yaml_text(format))),
            Format::Boolean | Format::WholeNumber | Format::Number => None,
        }
    });
    made.into_iter().next()
}

/// Digits of any length, where they are not all of one shape.
fn number(column: &Column<'_>) -> Option<Suggestion> {
    column.values?;
    let share = |format: Format| {
        let share = column.profile.formats.iter().find(|share| share.format == format)?;
        (share.rows * 100 >= share.of * MOSTLY).then_some(())
    };
    let of = |regex: &str| {
        Suggestion::on(&column.profile.path, "matches", "numbers").with(yaml_text(regex)).mostly()
    };
    share(Format::WholeNumber).map(|()| of("^[+-]?[0-9]+$")).or_else(|| {
        share(Format::Number).map(|()| of(r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"))
    })
}

/// The values that there are, where these are few and each comes often: rare ones are left out as slips.
fn set(column: &Column<'_>) -> Option<Suggestion> {
    let values = column.values?;
    if !values.tally.is_whole() || column.profile.lengths?.longest > LONGEST {
        return None;
    }
    let present = column.present();
    let is_slip = |rows: u64| present >= 1_000 && rows * 10_000 < present * SLIP && rows < 5;
    let is_usual = |value: &Value| {
        values.placeholders.iter().any(|(usual, _)| {
        matches!((usual, value), (Value::String(usual), Value::String(text)) if *usual == text.trim().to_lowercase())
    })
    };
    let counted = &values.tally.values;
    // One that is the same as a far more frequent one but for its case is a slip too.
    let is_twin = |value: &Value, rows: u64| {
        let (Value::String(text), true) = (value, present >= 1_000) else { return false };
        counted.iter().any(|(other, more)| {
            matches!(other, Value::String(other) if other != text && other.to_lowercase() == text.to_lowercase())
                && *more >= rows * TWIN
        })
    };
    let is_kept = |(value, rows): &&(Value, u64)| !is_slip(*rows) && !is_twin(value, *rows);
    let kept: Vec<&(Value, u64)> = counted.iter().filter(is_kept).collect();
    let count = u64::try_from(kept.len()).unwrap_or(u64::MAX);
    // Where many values come once, as many were not seen at all.
    let once = kept.iter().filter(|(_, rows)| *rows == 1).count();
    let once = u64::try_from(once).unwrap_or(u64::MAX);
    if kept.is_empty()
        || present < FEWEST
        || kept.len() > column.longest_list
        || present < count.saturating_mul(OFTEN)
        || once * 200 > present
    {
        return None;
    }
    let left_out = counted.len() - kept.len();
    let mut reason = match left_out {
        0 => String::new(),
        1 => "1 rare value left out".to_owned(),
        many => format!("{many} rare values left out"),
    };
    if kept.iter().any(|(value, _)| is_usual(value)) {
        let hint = "is one of them no value?";
        reason = if reason.is_empty() { hint.to_owned() } else { format!("{reason}; {hint}") };
    }
    let mut kept: Vec<&Value> = kept.into_iter().map(|(value, _)| value).collect();
    kept.sort_by(|left, right| left.compare(right).unwrap_or(std::cmp::Ordering::Equal));
    let items = kept.into_iter().map(yaml::literal).collect();
    Some(Suggestion::on(&column.profile.path, "in_set", reason).with_list(items).mostly())
}
