//! Pieces of YAML.

use crate::data::{ColumnPath, Value};
use crate::document::yaml_text;

/// The longest line of a list.
const WIDTH: usize = 100;
/// The longest comment.
const COMMENT: usize = 160;

/// A value as a literal.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => yaml_text(text),
        other => other.to_string(),
    }
}

/// The name of a column, as a key or in a list.
pub(super) fn name(column: &ColumnPath) -> String {
    yaml_text(&column.to_string())
}

/// `{min: 1, max: 5}`
pub(super) fn bounds(min: Option<&Value>, max: Option<&Value>) -> String {
    let min = min.map(|min| format!("min: {}", literal(min)));
    let max = max.map(|max| format!("max: {}", literal(max)));
    format!("{{{}}}", [min, max].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// A list behind such a start, on as many lines as it takes.
pub(super) fn wrapped(start: &str, items: &[String]) -> String {
    let (mut text, mut used) = (format!("{start}["), start.chars().count() + 1);
    let margin = " ".repeat(used.min(WIDTH / 2));
    for (index, item) in items.iter().enumerate() {
        let more = index + 1 < items.len();
        let length = item.chars().count() + usize::from(more) + 1;
        if index > 0 && used + length > WIDTH {
            text.push('\n');
            text.push_str(&margin);
            used = margin.len();
        } else if index > 0 {
            text.push(' ');
        }
        text.push_str(item);
        text.push_str(if more { "," } else { "" });
        used += length;
    }
    text.push(']');
    text
}

/// A comment behind something, on one line whatever its text holds; nothing of no text.
pub(super) fn comment(text: &str) -> String {
    let plain =
        |c: char| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}');
    let text: String = text.chars().map(|c| if plain(c) { ' ' } else { c }).collect();
    let text = text.trim();
    if text.chars().count() > COMMENT {
        return format!("  # {}…", text.chars().take(COMMENT).collect::<String>());
    }
    if text.is_empty() { String::new() } else { format!("  # {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_wrapped_and_comments_stay_on_their_line() {
        let items: Vec<String> = (0..40).map(|item| format!("item {item}")).collect();
        let list = wrapped("    - in_set: ", &items);
        assert!(list.lines().count() > 2 && list.lines().all(|line| line.chars().count() <= WIDTH), "{list}");
        assert_eq!(comment("a\nb: c"), "  # a b: c");
        assert_eq!(literal(&Value::String("yes\n".into())), "\"yes\\n\"");
    }
}
