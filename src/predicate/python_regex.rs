//! Regular expressions in Python's dialect, in which suites write them, translated to that of the engines.

use super::{BacktrackingRegex, TextTest, Typed, check_regex};
use crate::document::{Diagnostic, Span};

/// A regular expression that is searched for in texts.
#[derive(Clone, Debug)]
pub struct PythonRegex {
    /// The expression in Python's dialect.
    text: String,
    engine: Engine,
}

#[derive(Clone, Debug)]
enum Engine {
    /// An engine that is linear in the text; the expression is in the engine's dialect.
    Linear(String),
    /// A backtracking engine, for lookaround, backreferences, and possessive or atomic groups.
    Backtracking(BacktrackingRegex),
}

impl PythonRegex {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong, and where in the expression.
    pub fn compile(text: &str) -> Result<Self, Diagnostic> {
        let Translated { regex, origins, backtracks, .. } = Translated::of(text);
        let whole = Span::new(0, text.len());
        let origin = |at: usize| origins.get(at).copied().unwrap_or(text.len());
        let engine = if backtracks {
            let compiled = BacktrackingRegex::compile(text, &regex).map_err(|error| {
                let (span, mut reason) = match &error {
                    fancy_regex::Error::ParseError(at, error) => {
                        (Span::new(origin(*at), origin(*at)), error.to_string())
                    }
                    fancy_regex::Error::CompileError(error) => (whole, error.to_string()),
                    other => (whole, other.to_string()),
                };
                if let Some(first) = reason.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                Diagnostic::new(span, format!("the regular expression does not compile: {reason}"))
            })?;
            Engine::Backtracking(compiled)
        } else {
            check_regex(&regex).map_err(|error| Diagnostic {
                span: Span::new(origin(error.span.start), origin(error.span.end)),
                ..error
            })?;
            Engine::Linear(regex)
        };
        Ok(Self { text: text.to_owned(), engine })
    }

    /// Returns the expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the expression needs a backtracking engine.
    #[must_use]
    pub fn backtracks(&self) -> bool {
        matches!(self.engine, Engine::Backtracking(_))
    }

    /// Returns the condition that the expression is found in a text. The condition is false if the search is
    /// given up.
    #[must_use]
    pub fn found_in(&self, of: Typed) -> Typed {
        match &self.engine {
            Engine::Linear(regex) => of.matches(regex.clone()),
            Engine::Backtracking(regex) => of.passes(TextTest::Found(regex.clone())),
        }
    }

    /// Returns the condition that the expression is not found in a text. The condition is false if the search
    /// is given up.
    #[must_use]
    pub fn absent_from(&self, of: Typed) -> Typed {
        match &self.engine {
            Engine::Linear(_) => self.found_in(of).negated(),
            Engine::Backtracking(regex) => of.passes(TextTest::Absent(regex.clone())),
        }
    }
}

/// An expression in the dialect of the engines, which differs from Python's in a few signs.
struct Translated<'a> {
    /// The rest of Python's text.
    rest: &'a str,
    /// Number of bytes of Python's text that are translated.
    done: usize,
    regex: String,
    /// For each byte of `regex`, the byte of Python's text from which it comes.
    origins: Vec<usize>,
    backtracks: bool,
}

impl<'a> Translated<'a> {
    fn of(text: &'a str) -> Self {
        let mut translated =
            Self { rest: text, done: 0, regex: String::new(), origins: Vec::new(), backtracks: false };
        // True after a quantifier, which one more `+` makes possessive.
        let mut quantified = false;
        while let Some(sign) = translated.rest.chars().next() {
            translated.backtracks |= quantified && sign == '+';
            quantified = translated.sign(sign) && !quantified;
        }
        translated
    }

    /// Translates the next sign, which may be a whole class, and returns whether it is a quantifier.
    fn sign(&mut self, sign: char) -> bool {
        const BACKTRACKING: [&str; 7] = ["(?=", "(?!", "(?<=", "(?<!", "(?P=", "(?>", "(?("];
        match sign {
            '\\' => self.escape(),
            '[' => self.class(),
            '(' if self.rest.starts_with("(?#") => {
                self.replace(self.rest.find(')').map_or(self.rest.len(), |end| end + 1), "");
            }
            '(' => {
                self.backtracks |= BACKTRACKING.iter().any(|group| self.rest.starts_with(group));
                // The question mark of a group is no quantifier.
                self.copy(if self.rest.starts_with("(?") { 2 } else { 1 });
            }
            '{' => match (repetition(self.rest), self.rest.starts_with("{,")) {
                (Some(length), true) => {
                    self.replace(1, "{0");
                    self.copy(length - 1);
                    return true;
                }
                (Some(length), false) => {
                    self.copy(length);
                    return true;
                }
                // An unfinished repetition is left for the engine to refuse; any other brace is literal.
                (None, _) if self.rest[1..].starts_with(|sign: char| sign.is_ascii_digit()) => self.copy(1),
                (None, _) => self.replace(1, "\\{"),
            },
            other => {
                self.copy(other.len_utf8());
                return matches!(other, '*' | '+' | '?');
            }
        }
        false
    }

    /// Translates a backslash and the signs that it escapes.
    fn escape(&mut self) {
        let mut after = self.rest.chars().skip(1);
        match after.next() {
            Some('Z') => self.replace(2, "\\z"),
            // The engines take `\<` and `\>` for the boundaries of words.
            Some(sign @ ('<' | '>')) => self.replace(2, sign.encode_utf8(&mut [0; 4])),
            Some('p' | 'P' | 'x' | 'u' | 'U' | 'b') if after.next() == Some('{') => {
                self.copy(self.rest.find('}').map_or(self.rest.len(), |end| end + 1));
            }
            Some(digit @ '1'..='9') => {
                self.backtracks = true;
                self.copy(1 + digit.len_utf8());
            }
            Some(other) => self.copy(1 + other.len_utf8()),
            None => self.copy(1),
        }
    }

    /// Translates a class up to its end. The engines support nested classes and differences of classes, so
    /// that a hyphen that makes no range is escaped, lest two of them be a difference.
    fn class(&mut self) {
        self.copy(if self.rest.starts_with("[^") { 2 } else { 1 });
        let (mut first, mut range) = (true, Range::None);
        while let Some(sign) = self.rest.chars().next() {
            match sign {
                ']' if !first => return self.copy(1),
                '-' if range == Range::Begun && !self.rest.starts_with("-]") => {
                    self.copy(1);
                    range = Range::Open;
                    continue;
                }
                '-' => self.replace(1, "\\-"),
                '[' => match named_class(self.rest) {
                    Some(length) => self.copy(length),
                    None => self.replace(1, "\\["),
                },
                '&' => self.replace(1, "\\&"),
                '~' => self.replace(1, "\\~"),
                '\\' if self.rest.starts_with("\\b") => self.replace(2, "\\x08"),
                '\\' => {
                    let backtracks = self.backtracks;
                    self.escape();
                    self.backtracks = backtracks;
                }
                other => self.copy(other.len_utf8()),
            }
            range = if range == Range::Open { Range::None } else { Range::Begun };
            first = false;
        }
    }

    fn copy(&mut self, length: usize) {
        let (part, rest) = self.rest.split_at(length);
        self.regex.push_str(part);
        self.origins.extend(self.done..self.done + length);
        (self.rest, self.done) = (rest, self.done + length);
    }

    fn replace(&mut self, length: usize, with: &str) {
        self.regex.push_str(with);
        self.origins.extend(std::iter::repeat_n(self.done, with.len()));
        (self.rest, self.done) = (&self.rest[length..], self.done + length);
    }
}

/// The state of a range such as `a-z` in a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    None,
    /// The last sign may begin a range.
    Begun,
    /// The next sign ends the range.
    Open,
}

/// Returns the length of the named class with which a text begins: `[:alpha:]`.
fn named_class(text: &str) -> Option<usize> {
    let name = text.strip_prefix("[:")?.split_once(":]")?.0;
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'^').then_some(name.len() + 4)
}

/// Returns the length of the repetition with which a text begins: `{2}`, `{2,}`, `{,3}`, `{2,3}`.
fn repetition(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?.split_once('}')?.0;
    let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (number(least) && number(most) && !inner.is_empty()).then_some(inner.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ColumnPath, DataType};
    use crate::predicate::Term;

    fn found(regex: &str, text: &str) -> bool {
        match PythonRegex::compile(regex).unwrap().engine {
            Engine::Linear(regex) => regex::Regex::new(&regex).unwrap().is_match(text),
            Engine::Backtracking(regex) => regex.is_found_in(text).unwrap(),
        }
    }

    #[test]
    fn signs_mean_what_they_mean_in_python() {
        for (regex, right, wrong) in [
            (r"(?P<a>x)\Z", "ax", "xa"),
            (r"^\<b\>$", "<b>", "b"),
            (r"^{[a-z]+}$", "{a}", "a"),
            (r"^a{,2}$", "aa", "aaa"),
            (r"^a{2}{x}$", "aa{x}", "aa"),
            (r"^[[a]$", "[", "]"),
            (r"^[^[\]]+$", "a", "["),
            (r"^[]a]+$", "]a", "b"),
            (r"^[a&&b]+$", "&a", "c"),
            (r"^[+--]$", ",", "."),
            (r"^[--0]$", ".", "1"),
            (r"^[0-9--A]$", "<", "!"),
            (r"^[[:alpha:]]$", "a", "1"),
            (r"a(?#nothing [ of note)b", "ab", "a"),
            (r"^\d+$", "٣", "a"),
            (r"^\p{L}\x{41}$", "éA", "1A"),
            (r"^(.)\1$", "aa", "ab"),
            (r"^(?P<q>['`]).*(?P=q)$", "'a'", "'a`"),
            (r"^(?!x).*(?<=y)$", "ay", "xy"),
            (r"^(a)?(?(1)b|c)$", "ab", "b"),
            (r"^a++b$", "aab", "aa"),
            (r"^(?>a+)b\Z", "ab", "a"),
        ] {
            assert!(found(regex, right), "{regex} in {right:?}");
            assert!(!found(regex, wrong), "{regex} in {wrong:?}");
        }
        assert!(!found("^a++a$", "aaa"), "a possessive repetition gives nothing back");
    }

    #[test]
    fn only_what_must_backtracks() {
        let backtracks = |regex: &str| PythonRegex::compile(regex).unwrap().backtracks();
        for regex in ["^(?:a|b)+?$", "[(?=)]+", r"\(?=?", "(?P<n>a)", "(?i)a+", "(?:a+)+", r"\++", r"\\+"] {
            assert!(!backtracks(regex), "{regex}");
        }
        for regex in ["a(?=b)", "(?<!a)b", r"(a)\1", "a*+", "a{1,2}+"] {
            assert!(backtracks(regex), "{regex}");
        }
    }

    #[test]
    fn errors_have_the_place_of_what_was_written() {
        let place = |regex: &str| {
            let span = PythonRegex::compile(regex).unwrap_err().span;
            regex.get(span.start..).unwrap().to_owned()
        };
        assert_eq!(place("{x}a**("), "(");
        assert_eq!(place("[[a(?P<n>"), "[[a(?P<n>");
        assert!(place(r"(?=a)\Z(").len() <= 1);
    }

    #[test]
    fn a_search_that_is_given_up_neither_finds_nor_misses() {
        let regex = PythonRegex::compile(r"^((a*)\2?a*)*b\2$").unwrap();
        let of = Typed::column(&ColumnPath::column("a"), &DataType::String);
        let text = "a".repeat(40) + "!";
        for typed in [regex.found_in(of.clone()), regex.absent_from(of)] {
            let Term::Test(_, test) = typed.term else { panic!("{typed}") };
            assert!(!test.holds(&text), "{test}");
        }
    }
}
