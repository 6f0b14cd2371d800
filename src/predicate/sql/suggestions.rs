//! Suggestions for text that is not SQL of this language.

use crate::document::did_you_mean;

/// Suggests a correction of a text that the parser refused with this message.
pub(super) fn of_message(message: &str, text: &str) -> Option<String> {
    const PARTS: [(&str, &str); 8] = [
        (
            "nterminated string",
            "a text begins and ends with a single quote, and one within it stands twice: 'it''s'",
        ),
        ("close delimiter", "a backtick is left open: a name stands between two of them"),
        ("INTERVAL requires a unit", "the unit stands behind the number: INTERVAL 1 DAY"),
        ("NULL | TRUE | FALSE", "IS stands before NULL, NOT NULL, TRUE or FALSE"),
        ("infix parser for token Overlap", "write AND"),
        ("(, found: [", "a list stands in parentheses: IN ('a', 'b')"),
        ("AND, found: ,", "write BETWEEN 1 AND 2"),
        ("found: EOF", "something is missing there"),
    ];
    let known = PARTS.iter().find(|(part, _)| message.contains(part)).map(|(_, help)| (*help).to_owned());
    known.or_else(|| of_names(text))
}

/// Suggests a correction where further text follows a whole predicate.
pub(super) fn of_rest(rest: &str, text: &str) -> Option<String> {
    let begins = |word: &str| {
        text.trim_start().get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    let known = match rest {
        _ if begins("select ") => {
            "a predicate is what stands behind WHERE; a whole query stands in unexpected_rows"
        }
        _ if begins("where ") => "take WHERE out",
        "=>" => "write >=",
        "=<" => "write <=",
        ";" => "take it out",
        _ => {
            let joint = || did_you_mean(rest, ["and", "or", "in", "is", "like", "between"]);
            return of_names(text).or_else(joint);
        }
    };
    Some(known.to_owned())
}

/// Suggests a replacement for an operator of another dialect.
pub(super) fn of_operator(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "~" | "~*" => "write a RLIKE '^x'",
        "!~" | "!~*" => "write NOT a RLIKE '^x'",
        "^" | "**" => "a power is a product: a * a",
        "&" => "write AND between conditions",
        "|" => "write OR between conditions, || between texts",
        "<=>" => "write a IS NOT DISTINCT FROM b",
        _ => return None,
    })
}

/// Suggests backticks if a text has letters beyond ASCII.
fn of_names(text: &str) -> Option<String> {
    (!text.is_ascii()).then(|| "names with letters beyond ASCII stand in backticks".to_owned())
}
