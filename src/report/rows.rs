//! Failing rows of a report, a line each.

use super::failing::SampleReport;
use super::model::CheckReport;
use super::numbers::count;
use super::visible::brief;

/// `order_id=7 status="X" (part-0.parquet, row 3)`
pub(super) fn line(sample: &SampleReport) -> String {
    match place(sample) {
        Some(place) => format!("{} ({place})", values(sample)),
        None => values(sample),
    }
}

/// `order_id=7 status="X"`: each column once.
pub(super) fn values(sample: &SampleReport) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (name, value) in sample.key.iter().chain(sample.values.iter()) {
        let part = format!("{}={}", brief(name, 40), value.brief(60));
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join(" ")
}

/// `part-0.parquet, row 3`; of a group of rows, or what a query made of them, nothing.
pub(super) fn place(sample: &SampleReport) -> Option<String> {
    let row = sample.row?;
    let file = sample.file.as_deref().map_or_else(String::new, |file| format!("{}, ", brief(file, 200)));
    // A text is opened in an editor, which counts lines.
    Some(match sample.line {
        Some(line) => format!("{file}line {}", count(line)),
        None => format!("{file}row {}", count(row)),
    })
}

/// `and 8 more`, where more rows fail, or groups of rows, than are shown.
pub(super) fn more(check: &CheckReport) -> Option<String> {
    let shown = u64::try_from(check.samples.len()).ok().filter(|shown| *shown > 0)?;
    let of_groups = || check.observed.get("failing").and_then(serde_json::Value::as_u64);
    let failing = check.counts.as_ref().map(|counts| counts.failing).or_else(of_groups)?;
    let more = failing.checked_sub(shown).filter(|more| *more > 0)?;
    Some(format!("and {} more", count(more)))
}
