//! The versions of a table of Delta.

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::engine::sql::Cell;

/// A version, and when it was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) number: u64,
    committed: Option<DateTime<Utc>>,
}

/// Reads the first two columns of `DESCRIBE HISTORY`.
pub(super) fn versions(rows: &[Vec<Cell>]) -> Vec<Version> {
    let version = |row: &Vec<Cell>| {
        let number = row.first()?.as_deref()?.parse().ok()?;
        Some(Version { number, committed: row.get(1).and_then(|cell| moment(cell.as_deref()?)) })
    };
    rows.iter().filter_map(version).collect()
}

/// Returns the newest version that was committed at or before a time.
pub(super) fn newest_at(versions: &[Version], time: DateTime<Utc>) -> Option<u64> {
    let committed = versions.iter().filter(|version| version.committed.is_some_and(|then| then <= time));
    committed.map(|version| version.number).max()
}

/// Reads an instant as it is shown in a session whose zone is UTC.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.replacen('T', " ", 1);
    let text = text.strip_suffix('Z').unwrap_or(&text);
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
    parsed.ok().map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_of_a_time_is_the_last_one_before() {
        let cells = |cells: [&str; 2]| cells.map(|cell| Some(cell.to_owned())).to_vec();
        let rows = [
            cells(["2", "2026-01-03T00:00:00.5Z"]),
            cells(["1", "2026-01-02 00:00:00"]),
            cells(["0", "2026-01-01 00:00:00"]),
        ];
        let versions = versions(&rows);
        let at = |time: &str| newest_at(&versions, time.parse().unwrap());
        assert_eq!(at("2026-01-02T12:00:00Z"), Some(1));
        assert_eq!(at("2026-01-03T00:00:01Z"), Some(2));
        assert_eq!(at("2025-12-31T00:00:00Z"), None);
    }
}
