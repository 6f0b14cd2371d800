//! Text for people: a few lines a column.

use anstyle::{AnsiColor, Style};

use super::model::{ClassReport, ColumnProfileReport, CountedValue, ProfileReport, ValuesReport};
use crate::data::counted;
use crate::report::Datum;
use crate::report::numbers::{count, percent};
use crate::report::text::line;
use crate::report::visible::{brief, visible};
use crate::report::wrapped;

/// How many frequent values are shown, and how much of each.
const FREQUENT: usize = 5;
const LENGTH: usize = 40;
/// The percent of rows that the most frequent value has, if frequent values are worth a line.
const WORTH: f64 = 1.0;
/// The percent of rows from which on a format is told.
const MOSTLY: f64 = 90.0;

/// The profile as text with ANSI styles, wrapped where the terminal has so many columns.
#[must_use]
pub fn profile_text(profile: &ProfileReport, width: Option<usize>) -> String {
    let mut out = String::new();
    let bold = Style::new().bold();
    let version = profile.version.map_or_else(String::new, |version| format!(" @ v{version}"));
    let columns = u64::try_from(profile.columns.len()).unwrap_or(u64::MAX);
    line(
        &mut out,
        format_args!(
            "{bold}{}{bold:#}{version}  {}, {}\n",
            visible(&profile.uri),
            counted(profile.rows, "row", "rows"),
            counted(columns, "column", "columns")
        ),
    );
    let names = profile.columns.iter().map(|column| brief(&column.name, LENGTH).chars().count());
    let indent = names.max().unwrap_or_default() + 4;
    for column in &profile.columns {
        of_column(&mut out, column, indent, width);
    }
    line(&mut out, format_args!("{}", footing(profile)));
    out
}

/// What the profile took, and what the words in it mean.
fn footing(profile: &ProfileReport) -> String {
    let masked = profile.columns.iter().filter(|column| column.masked).count();
    let masked = match masked {
        0 => String::new(),
        1 => "; the values of 1 personal column are masked".to_owned(),
        many => format!("; the values of {many} personal columns are masked"),
    };
    format!("{}{masked}", counted(profile.scans, "scan", "scans"))
}

fn of_column(out: &mut String, column: &ColumnProfileReport, indent: usize, width: Option<usize>) {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into()));
    let name = brief(&column.name, LENGTH);
    let head = [Some(brief(&column.data_type, LENGTH)), nulls(column), distinct(column), lengths(column)];
    let head = head.into_iter().flatten().collect::<Vec<_>>().join("  ");
    let between = " ".repeat(indent.saturating_sub(name.chars().count() + 2));
    line(out, format_args!("  {bold}{name}{bold:#}{between}{head}"));
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent + 2).max(24));
    let space = " ".repeat(indent);
    let mut detail = |style: Style, sign: &str, text: &str| {
        for (index, part) in wrapped(text, room).iter().enumerate() {
            let sign = if index == 0 { sign.to_owned() } else { " ".repeat(sign.chars().count()) };
            line(out, format_args!("{space}{style}{sign}{style:#}{part}"));
        }
    };
    if let Some(values) = &column.values {
        let often = values.frequent.first().is_some_and(|first| first.rows > 1 && first.percent >= WORTH);
        let frequent = if often { frequent(&values.frequent) } else { None };
        for text in [range(values), frequent].into_iter().flatten() {
            detail(Style::new(), "", &text);
        }
    } else {
        detail(dim, "", "values are masked: they look personal, or are named so");
    }
    let formats = column.formats.iter().filter(|format| format.percent >= MOSTLY).map(|format| {
        let pattern = format.pattern.map_or_else(String::new, |pattern| format!(" ({pattern})"));
        format!("{} {}{pattern}", percent(format.percent), format.name)
    });
    let formats: Vec<String> = formats.take(3).collect();
    if !formats.is_empty() {
        detail(dim, "", &formats.join(", "));
    }
    if let Some(shape) = &column.shape {
        detail(dim, "", &format!("all match {}", visible(shape)));
    }
    for remark in &column.remarks {
        let placeholders = column.values.as_ref().filter(|_| remark.kind == "placeholders");
        let placeholders = placeholders.and_then(|values| frequent(&values.placeholders));
        let quoted = placeholders.map_or_else(String::new, |values| format!(": {values}"));
        detail(yellow, "! ", &format!("{}{quoted}", remark.text));
    }
    for failed in &column.failed {
        detail(yellow, "? ", failed);
    }
    out.push('\n');
}

fn nulls(column: &ColumnProfileReport) -> Option<String> {
    let (nulls, share) = (column.nulls?, column.null_percent?);
    Some(match nulls {
        0 => "no nulls".to_owned(),
        _ => format!("{} ({})", counted(nulls, "null", "nulls"), percent(share)),
    })
}

fn distinct(column: &ColumnProfileReport) -> Option<String> {
    let distinct = column.distinct.as_ref()?;
    if column.present == Some(0) {
        return None;
    }
    Some(match (distinct.exact, distinct.unique) {
        (true, Some(true)) => "all different".to_owned(),
        (true, _) => format!("{} different", count(distinct.count)),
        (false, Some(_)) => format!("about {} different", rough(distinct.count)),
        (false, None) => format!("about {} different, perhaps all", rough(distinct.count)),
    })
}

/// A rough number to two digits: `1,500,000`.
fn rough(number: u64) -> String {
    let digits = u32::try_from(number.to_string().len()).unwrap_or(1);
    let unit = 10_u64.saturating_pow(digits.saturating_sub(2));
    count((number + unit / 2) / unit * unit)
}

fn lengths(column: &ColumnProfileReport) -> Option<String> {
    let lengths = column.lengths.as_ref()?;
    Some(if lengths.shortest == lengths.longest {
        counted(lengths.longest, "character", "characters")
    } else {
        format!("{} to {}", count(lengths.shortest), counted(lengths.longest, "character", "characters"))
    })
}

/// From where to where values go, and how they are spread.
fn range(values: &ValuesReport) -> Option<String> {
    let (least, greatest) = (values.least.as_ref()?, values.greatest.as_ref()?);
    let (from, to) = (least.brief(LENGTH), greatest.brief(LENGTH));
    let mut text = if from == to { from } else { format!("{from} … {to}") };
    let mut tell = |what: &str, value: &Option<Datum>| {
        if let Some(value) = value {
            text = format!("{text}, {what} {}", short(value));
        }
    };
    tell("median", &values.median);
    tell("mean", &values.mean);
    tell("sd", &values.standard_deviation);
    if !values.histogram.is_empty() {
        text = format!("{text}  {}", spark(&values.histogram));
    }
    Some(text)
}

/// A number to five digits that matter.
fn short(value: &Datum) -> String {
    let exact = value.brief(LENGTH);
    match exact.replace(',', "").parse::<f64>() {
        Ok(number) if number.is_finite() && exact.contains('.') => {
            let whole = format!("{:.0}", number.abs()).len();
            let text = format!("{number:.*}", 5_usize.saturating_sub(whole));
            let text =
                if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
            if text.trim_start_matches('-') == "0" { exact } else { crate::data::grouped(text) }
        }
        _ => exact,
    }
}

/// A histogram in one line.
fn spark(classes: &[ClassReport]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |class: &ClassReport| {
        let reached =
            BARS.iter().zip(1_u32..).take_while(|(_, step)| f64::from(*step) * 12.5 <= class.height + 6.25);
        if class.rows == 0 { ' ' } else { reached.last().map_or(BARS[0], |(bar, _)| *bar) }
    };
    format!("|{}|", classes.iter().map(bar).collect::<String>())
}

/// Values with how often they come; nothing without values.
fn frequent(values: &[CountedValue]) -> Option<String> {
    let shown: Vec<String> = values
        .iter()
        .take(FREQUENT)
        .map(|value| {
            format!("{} ×{} ({})", value.value.brief(LENGTH), count(value.rows), percent(value.percent))
        })
        .collect();
    let more = if values.len() > FREQUENT { ", …" } else { "" };
    (!shown.is_empty()).then(|| format!("{}{more}", shown.join(", ")))
}
