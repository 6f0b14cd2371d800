//! What texts that are built alike have in common: digits, letters and signs in the same places.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::data::Value;

/// A kind of character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Digit,
    Upper,
    Lower,
    /// Itself.
    Sign(char),
}

/// Characters of one kind that stand together.
#[derive(Clone, Copy, Debug)]
struct Part {
    kind: Kind,
    least: usize,
    most: usize,
}

/// The fewest different values that tell a shape, and the most parts that one has.
const FEWEST: usize = 10;
const MOST_PARTS: usize = 12;

/// A regular expression for texts that are built alike; nothing if they are not, or are too few to tell.
pub(super) fn shape(values: &[(Value, u64)]) -> Option<String> {
    if values.len() < FEWEST {
        return None;
    }
    let mut texts =
        values.iter().map(|(value, _)| if let Value::String(text) = value { Some(text) } else { None });
    let mut common = parts(texts.next()??)?;
    // What is the same in all texts is written as it is.
    let mut letters: Vec<BTreeSet<String>> = vec![BTreeSet::new(); common.len()];
    for text in values.iter().map(|(value, _)| value) {
        let Value::String(text) = text else { return None };
        let found = parts(text)?;
        if found.len() != common.len() || found.iter().zip(&common).any(|(new, old)| new.kind != old.kind) {
            return None;
        }
        let mut rest = text.as_str();
        for ((part, new), known) in common.iter_mut().zip(&found).zip(&mut letters) {
            part.least = part.least.min(new.least);
            part.most = part.most.max(new.most);
            let (own, behind) =
                rest.split_at(rest.char_indices().nth(new.most).map_or(rest.len(), |(at, _)| at));
            if known.len() < 2 {
                known.insert(own.to_owned());
            }
            rest = behind;
        }
    }
    // Words and numbers of any length are no shape: some part must be of a fixed length, or be a sign.
    let tells = |part: &Part| matches!(part.kind, Kind::Sign(sign) if sign != ' ') || part.least == part.most;
    if !common.iter().any(tells) || common.iter().all(|part| matches!(part.kind, Kind::Sign(_))) {
        return None;
    }
    let mut regex = String::from("^");
    for (part, known) in common.iter().zip(&letters) {
        match (part.kind, known.first()) {
            (Kind::Upper | Kind::Lower, Some(same)) if known.len() == 1 => regex.push_str(same),
            _ => part.write(&mut regex),
        }
    }
    regex.push('$');
    Some(regex)
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    for character in text.chars() {
        let kind = match character {
            '0'..='9' => Kind::Digit,
            'A'..='Z' => Kind::Upper,
            'a'..='z' => Kind::Lower,
            sign if sign.is_ascii_punctuation() || sign == ' ' => Kind::Sign(sign),
            _ => return None,
        };
        match parts.last_mut() {
            Some(last) if last.kind == kind => {
                last.least += 1;
                last.most += 1;
            }
            _ => parts.push(Part { kind, least: 1, most: 1 }),
        }
        if parts.len() > MOST_PARTS {
            return None;
        }
    }
    (!parts.is_empty()).then_some(parts)
}

impl Part {
    fn write(&self, regex: &mut String) {
        match self.kind {
            Kind::Digit => regex.push_str("[0-9]"),
            Kind::Upper => regex.push_str("[A-Z]"),
            Kind::Lower => regex.push_str("[a-z]"),
            Kind::Sign(sign) => {
                if r"\.+*?()|[]{}^$".contains(sign) {
                    regex.push('\\');
                }
                regex.push(sign);
            }
        }
        // Writing to a string cannot fail.
        let _ = match (self.least, self.most) {
            (1, 1) => Ok(()),
            (least, most) if least == most => write!(regex, "{{{least}}}"),
            _ => regex.write_str("+"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: impl IntoIterator<Item = String>) -> Option<String> {
        shape(&texts.into_iter().map(|text| (Value::String(text), 1)).collect::<Vec<_>>())
    }

    #[test]
    fn texts_that_are_built_alike_have_a_shape() {
        assert_eq!(of((0..20).map(|n| format!("Clerk#{n:09}"))).as_deref(), Some("^Clerk#[0-9]{9}$"));
        assert_eq!(of((5..20).map(|n| format!("{n}-AB.x"))).as_deref(), Some("^[0-9]+-AB\\.x$"));
        assert_eq!(of((100..120).map(|n| n.to_string())).as_deref(), Some("^[0-9]{3}$"));
        assert_eq!(of((0..20).map(|n| "word".repeat(n + 1))), None);
        assert_eq!(of((0..5).map(|n| format!("a{n}"))), None);
        assert_eq!(of(["ä", "ö"].into_iter().cycle().take(20).map(str::to_owned)), None);
    }
}
