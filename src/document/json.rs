//! Parses JSON with `jsonc-parser`, with all its leniencies off, and accepts the numbers that Python adds:
//! `NaN` and `Infinity`.

use std::borrow::Cow;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::parse::MAX_DEPTH;
use super::{Diagnostic, Key, Node, NodeKind, Scalar, Span};

pub(super) fn parse(text: &str) -> Result<Node, Diagnostic> {
    // The parser recurses, so a document that nests too deep is refused before the parser starts.
    if let Some(at) = too_deep(text) {
        return Err(Diagnostic::new(Span::new(at, at + 1), format!("nested more than {MAX_DEPTH} deep")));
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        ..ParseOptions::default()
    };
    let strictly_json = without_python(text);
    let parsed = parse_to_ast(&strictly_json, &CollectOptions::default(), &strict).map_err(|error| {
        let range = error.range();
        let message = error.kind().to_string();
        let mut letters = message.chars();
        let first = letters.next().map(|first| first.to_ascii_lowercase());
        Diagnostic::new(
            Span::new(range.start, range.end),
            first.into_iter().chain(letters).collect::<String>(),
        )
    })?;
    match parsed.value {
        Some(value) => node(&value, text),
        None => {
            Err(Diagnostic::new(Span::default(), "the file is empty").help("{\"suite\": \"silver/orders\"}"))
        }
    }
}

fn node(value: &Value<'_>, document: &str) -> Result<Node, Diagnostic> {
    let range = value.range();
    let span = Span::new(range.start, range.end);
    let spelling = document.get(range.start..range.end).unwrap_or_default();
    let scalar = |text: &str, quoted| NodeKind::Scalar(Scalar::new(text.to_owned(), quoted, spelling));
    let kind = match value {
        Value::StringLit(literal) => scalar(&literal.value, true),
        Value::NumberLit(_) | Value::BooleanLit(_) | Value::NullKeyword(_) => scalar(spelling, false),
        Value::Array(array) => {
            NodeKind::List(array.elements.iter().map(|item| node(item, document)).collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let mut entries: Vec<(Key, Node)> = Vec::with_capacity(object.properties.len());
            let mut seen = std::collections::HashSet::new();
            for property in &object.properties {
                let (text, range) = match &property.name {
                    ObjectPropName::String(literal) => (literal.value.as_ref(), literal.range),
                    ObjectPropName::Word(literal) => (literal.value, literal.range),
                };
                let key = Key { text: text.to_owned(), span: Span::new(range.start, range.end) };
                if !seen.insert(text.to_owned()) {
                    return Err(Diagnostic::new(key.span, format!("the key {text:?} stands twice")));
                }
                entries.push((key, node(&property.value, document)?));
            }
            NodeKind::Map(entries)
        }
    };
    Ok(Node { kind, span })
}

/// Returns the text with `NaN`, `Infinity` and `-Infinity` replaced by numbers of the same length, so that
/// byte offsets stay valid. Their values are read from the original text.
fn without_python(text: &str) -> Cow<'_, str> {
    const WORDS: [(&str, &str); 2] = [("Infinity", "10000000"), ("NaN", "100")];
    if !WORDS.iter().any(|(word, _)| text.contains(word)) {
        return Cow::Borrowed(text);
    }
    let mut json = String::with_capacity(text.len());
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = WORDS.iter().find(|(word, _)| !in_string && rest.starts_with(word));
        match (first, word) {
            (_, Some((_, number))) => json.push_str(number),
            _ if escaped => escaped = false,
            ('\\', _) if in_string => escaped = true,
            ('"', _) => in_string = !in_string,
            _ => {}
        }
        let length = word.map_or(first.len_utf8(), |(word, _)| word.len());
        if word.is_none() {
            json.push(first);
        }
        rest = &rest[length..];
    }
    Cow::Owned(json)
}

/// Returns the offset of the first bracket outside strings that exceeds the maximum depth.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_strict_and_keeps_numbers_as_text() {
        let node = parse(r#"{"a": [12345678901234567890, "x\ud83d\ude00", null]}"#).unwrap();
        let list = node.map("").unwrap()[0].1.list("").unwrap();
        assert_eq!(list[0].text("").unwrap(), "12345678901234567890");
        assert_eq!(list[1].text("").unwrap(), "x😀");
        assert!(list[2].is_null());
        let python = parse(r#"["NaN \"Infinity", NaN, -Infinity, {"é": Infinity}]"#).unwrap();
        let list = python.list("").unwrap();
        let texts: Vec<&str> = list[..3].iter().map(|item| item.text("").unwrap()).collect();
        assert_eq!(texts, ["NaN \"Infinity", "NaN", "-Infinity"]);
        assert_eq!(list[3].get("é").unwrap().text("").unwrap(), "Infinity");
        for bad in ["{a: 1}", "[1,]", "[1 2]", "// c\n1", "{\"a\":1,\"a\":2}", "", "'x'"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
