//! Statistics of a file whose rows are not all there any more: they hold, and are no longer tight.

use serde::de::IgnoredAny;
use serde_json::{Deserializer, Value as Json};

/// Returns the statistics of all rows of a file, for a file of which some are deleted: in the words of the log, but that their bounds
/// need not be met. Of statistics that are not there, or make no sense, the number of rows is left.
pub(super) fn wide(statistics: Option<&str>, rows: u64) -> String {
    let kept = statistics.and_then(members).filter(|members| {
        members.iter().any(|(name, value)| name == "numRecords" && value.parse::<u64>().ok() == Some(rows))
    });
    let mut members = kept.unwrap_or_else(|| vec![("numRecords".to_owned(), rows.to_string())]);
    members.retain(|(name, _)| name != "tightBounds");
    members.push(("tightBounds".to_owned(), "false".to_owned()));
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("{}:{value}", Json::from(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// Returns the names and the values of an object, the values in their very words: a number that is read and written is another one.
fn members(text: &str) -> Option<Vec<(String, String)>> {
    let mut rest = text.trim().strip_prefix('{')?.trim_start();
    let mut members = Vec::new();
    while !rest.starts_with('}') {
        let mut names = Deserializer::from_str(rest).into_iter::<String>();
        let name = names.next()?.ok()?;
        rest = rest.get(names.byte_offset()..)?.trim_start().strip_prefix(':')?.trim_start();
        let mut values = Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        values.next()?.ok()?;
        let end = values.byte_offset();
        members.push((name, rest.get(..end)?.trim_end().to_owned()));
        rest = rest.get(end..)?.trim_start();
        match rest.strip_prefix(',') {
            Some(further) => rest = further.trim_start(),
            None if rest.starts_with('}') => {}
            None => return None,
        }
    }
    (rest == "}").then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_log_stay() {
        let text = r#" { "numRecords" :3, "minValues":{"a":1.0E10,"tightBounds":"}"},"maxValues":{"d":12345678901234567890.123000},
            "nullCount":{"a":0} , "tightBounds":true}"#;
        let wanted = r#"{"numRecords":3,"minValues":{"a":1.0E10,"tightBounds":"}"},"maxValues":{"d":12345678901234567890.123000},"nullCount":{"a":0},"tightBounds":false}"#;
        assert_eq!(wide(Some(text), 3), wanted);
        assert_eq!(wide(Some(wanted), 3), wanted);
    }

    #[test]
    fn what_makes_no_sense_goes() {
        let least = r#"{"numRecords":3,"tightBounds":false}"#;
        for text in
            [None, Some(""), Some("[]"), Some("{"), Some(r#"{"numRecords":3"#), Some(r#"{"numRecords":4}"#)]
        {
            assert_eq!(wide(text, 3), least, "{text:?}");
        }
        assert_eq!(wide(Some("{}"), 0), r#"{"numRecords":0,"tightBounds":false}"#);
    }
}
