//! Writes a tree as YAML that is read as the same tree.

use super::{Node, NodeKind, Scalar};

/// Maximum width of a line before a list or mapping is split over several lines.
const WIDTH: usize = 100;

/// Writes a node after `indent` blanks and a lead (`- ` or `key: `) that is `used` wide: on the same line if
/// it fits, otherwise on lines of its own below.
#[must_use]
pub fn to_yaml(node: &Node, indent: usize, used: usize) -> String {
    let line = inline(node);
    if indent + used + line.chars().count() <= WIDTH {
        return line;
    }
    let margin = " ".repeat(indent + 2);
    match &node.kind {
        NodeKind::List(items) if !items.is_empty() => items
            .iter()
            .map(|item| format!("\n{margin}- {}", to_yaml(item, indent + 2, 2)))
            .collect::<Vec<_>>()
            .concat(),
        NodeKind::Map(entries) if !entries.is_empty() => entries
            .iter()
            .map(|(key, value)| {
                let key = text(&key.text);
                let value = to_yaml(value, indent + 2, key.chars().count() + 2);
                let blank = if value.starts_with('\n') { "" } else { " " };
                format!("\n{margin}{key}:{blank}{value}")
            })
            .collect::<Vec<_>>()
            .concat(),
        NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Map(_) => line,
    }
}

/// Returns a text as YAML, in quotes unless every reader takes it for a text.
#[must_use]
pub fn text(text: &str) -> String {
    const TAKEN: [&str; 12] =
        ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];
    let word = text.split(' ').all(|word| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-'))
    });
    if word && !TAKEN.contains(&text.to_lowercase().as_str()) {
        text.to_owned()
    } else if text
        .chars()
        .any(|c| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
        || text.contains("##")
    {
        // Quotes and escapes of JSON are valid in YAML.
        let escaped = serde_json::Value::from(text).to_string();
        let beyond = ['\u{7f}', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];
        let escaped =
            beyond.iter().fold(escaped, |all, c| all.replace(*c, &format!("\\u{:04x}", u32::from(*c))));
        // In the log of a build, two of them may begin a command.
        escaped.replace("##", "#\\u0023")
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

fn inline(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar(scalar) => self::scalar(scalar),
        NodeKind::List(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        NodeKind::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", text(&key.text), inline(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn scalar(scalar: &Scalar) -> String {
    if scalar.is_null() {
        "~".to_owned()
    } else if scalar.quoted {
        text(&scalar.text)
    } else {
        scalar.text.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    #[test]
    fn what_is_written_reads_as_it_was() {
        for json in [
            r###"{"a": ["x", "true", "1", 1, -1.5, true, null, "", " b ", "it's", "a: b", "- c", "# d", "é", "##[e]"]}"###,
            "{\"a b\": \"two\\nlines\\u2028and \\\"quotes\\\" and \\\\\", \"c\": [], \"d\": {}}",
            r#"[["2020-01-01", "0x1f", "null", "~", "y", "[x]", "{y}", "*z", "&w", "!v", "%u", "@t", "1e3"]]"#,
        ] {
            let node = parse(json, Syntax::Json).unwrap();
            for indent in [0, 2, WIDTH] {
                let yaml = to_yaml(&node, indent, 0);
                let read = parse(&yaml, Syntax::Yaml).unwrap_or_else(|error| panic!("{yaml}\n{error:?}"));
                assert_eq!(read.to_json(), node.to_json(), "{yaml}");
            }
        }
    }
}
