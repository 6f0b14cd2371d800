//! Prints regular expressions from their parsed tree, in which classes, cases and dots are ranges of characters already:
//! what is left is the same in every system.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::printer::Printed;
use crate::engine::sql::{Dialect, NotPushable, RegexSyntax};

/// The most ranges of classes that a printed expression may have: a system takes long to compile more.
const MOST_RANGES: usize = 4_000;

/// Prints a regular expression of the `regex` crate.
pub(super) fn regex(of: &str, dialect: &dyn Dialect) -> Printed {
    let (system, syntax) = (dialect.name(), dialect.regexes());
    let mut writer = Writer { system, syntax, ranges: 0, text: String::new() };
    let hir = regex_syntax::parse(of).map_err(|_| writer.refuse("the regular expression is not read"))?;
    writer.write(&hir, 1)?;
    Ok(writer.text)
}

/// Returns the text that a regular expression finds, if it finds no other.
pub(super) fn literal(of: &str) -> Option<String> {
    match regex_syntax::parse(of).ok()?.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(str::to_owned),
        _ => None,
    }
}

struct Writer {
    /// The name of the system, for messages.
    system: &'static str,
    syntax: &'static RegexSyntax,
    /// Number of ranges so far.
    ranges: usize,
    text: String,
}

impl Writer {
    fn refuse(&self, what: &str) -> NotPushable {
        NotPushable::new(format!("{}: {what}", self.system))
    }

    /// Writes a tree that is repeated so often as a whole.
    fn write(&mut self, hir: &Hir, times: u32) -> Result<(), NotPushable> {
        match hir.kind() {
            HirKind::Empty => self.text.push_str("(?:)"),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0)
                    .map_err(|_| self.refuse("a regular expression of bytes is not written"))?;
                for character in text.chars() {
                    self.character(character)?;
                }
            }
            HirKind::Class(class) => self.class(class)?,
            HirKind::Look(look) => self.look(*look)?,
            HirKind::Repetition(repetition) => self.repetition(repetition, times)?,
            HirKind::Capture(capture) => self.group(&capture.sub, times)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    match part.kind() {
                        HirKind::Alternation(_) => self.group(part, times)?,
                        _ => self.write(part, times)?,
                    }
                }
            }
            HirKind::Alternation(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    if index > 0 {
                        self.text.push('|');
                    }
                    self.write(branch, times)?;
                }
            }
        }
        Ok(())
    }

    fn group(&mut self, hir: &Hir, times: u32) -> Result<(), NotPushable> {
        self.text.push_str("(?:");
        self.write(hir, times)?;
        self.text.push(')');
        Ok(())
    }

    fn character(&mut self, character: char) -> Result<(), NotPushable> {
        if character < self.syntax.least {
            return Err(self.refuse("no text there has the character NUL"));
        }
        if character.is_ascii_alphanumeric() {
            self.text.push(character);
        } else {
            self.text.push_str(&(self.syntax.character)(character));
        }
        Ok(())
    }

    fn class(&mut self, class: &Class) -> Result<(), NotPushable> {
        let ranges: Vec<(char, char)> = match class {
            Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
            Class::Bytes(class) => {
                if !class.is_ascii() {
                    return Err(self.refuse("a regular expression of bytes is not written"));
                }
                class.iter().map(|range| (char::from(range.start()), char::from(range.end()))).collect()
            }
        };
        let least = self.syntax.least;
        let ranges: Vec<_> = ranges
            .into_iter()
            .filter(|(_, end)| *end >= least)
            .map(|(start, end)| (start.max(least), end))
            .collect();
        self.ranges += ranges.len();
        if ranges.is_empty() {
            return Err(self.refuse("a class without characters is not written"));
        }
        if self.ranges > MOST_RANGES {
            return Err(self.refuse("the regular expression has classes of too many characters"));
        }
        self.text.push('[');
        for (start, end) in ranges {
            self.text.push_str(&(self.syntax.character)(start));
            if end > start {
                self.text.push('-');
                self.text.push_str(&(self.syntax.character)(end));
            }
        }
        self.text.push(']');
        Ok(())
    }

    fn look(&mut self, look: Look) -> Result<(), NotPushable> {
        let written = match (look, self.syntax.line) {
            (Look::Start, _) => self.syntax.text.0,
            (Look::End, _) => self.syntax.text.1,
            (Look::StartLF, Some((start, _))) => start,
            (Look::EndLF, Some((_, end))) => end,
            (Look::StartLF | Look::EndLF | Look::StartCRLF | Look::EndCRLF, _) => {
                return Err(self.refuse("ends of lines are others"));
            }
            _ => return Err(self.refuse("boundaries of words are others")),
        };
        self.text.push_str(written);
        Ok(())
    }

    fn repetition(&mut self, repetition: &Repetition, times: u32) -> Result<(), NotPushable> {
        let Repetition { min, max, sub, .. } = repetition;
        let most = max.unwrap_or(*min).max(*min).max(1);
        // Repetitions in each other multiply.
        let all = times.saturating_mul(most);
        if all > self.syntax.most_repetitions {
            return Err(self.refuse("a regular expression repeats something more often than is allowed"));
        }
        self.group(sub, all)?;
        let repeated = match (min, max) {
            (0, None) => "*".to_owned(),
            (1, None) => "+".to_owned(),
            (0, Some(1)) => "?".to_owned(),
            (least, None) => format!("{{{least},}}"),
            (least, Some(most)) => format!("{{{least},{most}}}"),
        };
        self.text.push_str(&repeated);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sql::{DuckDb, Postgres, Spark};

    #[test]
    fn classes_and_cases_are_spelled_out() {
        let duckdb = |text| regex(text, &DuckDb).map_err(|refused| refused.why);
        let postgres = |text| regex(text, &Postgres).map_err(|refused| refused.why);
        assert_eq!(duckdb("^a.b$").unwrap(), r"\Aa[\x{0}-\x{9}\x{b}-\x{10ffff}]b\z");
        assert_eq!(postgres("(?i)s+").unwrap(), r"(?:[\U00000053\U00000073\U0000017F])+");
        assert_eq!(
            postgres("a|(b|c){2,3}?").unwrap(),
            r"[\U00000061]|(?:(?:[\U00000062-\U00000063])){2,3}".replace(r"[\U00000061]", "a")
        );
        for refused in [r"\bword", "(?m)^a", r"a{256}", "\0"] {
            assert!(postgres(refused).is_err(), "{refused}");
        }
        assert!(duckdb("(?m)^a$").is_ok());
        assert!(duckdb("(a{100}){100}").is_err());
        let spark = |text| regex(text, &Spark::APACHE).map_err(|refused| refused.why);
        assert_eq!(spark("^(?i)k$").unwrap(), r"\A[\x{4b}\x{6b}\x{212a}]\z");
        assert_eq!(spark("(?m)^a$").unwrap(), r"(?:\A|(?<=\x{a}))a(?=\x{a}|\z)");
    }
}
