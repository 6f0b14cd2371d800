//! Parts that the expectations on patterns of text share.

use super::super::{Arguments, Parameter, ParameterKind};
use crate::document::Diagnostic;
use crate::predicate::{LIKE_ESCAPE, PythonRegex, Typed, like_to_regex};

pub(in crate::expectation) const MATCH_ON: Parameter = Parameter::optional(
    "match_on",
    ParameterKind::Choice(&["any", "all"]),
    "whether one of several must match, or all",
);
pub(in crate::expectation) const PATTERN: Parameter =
    Parameter::required("pattern", ParameterKind::Texts, "the pattern of LIKE, or several");
pub(in crate::expectation) const ESCAPE: Parameter = Parameter::optional(
    "escape",
    ParameterKind::Text,
    "the sign after which % and _ are themselves; '' for none",
);

/// The number of patterns that a value must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expectation) enum MatchOn {
    Any,
    All,
}

impl MatchOn {
    pub(in crate::expectation) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        arguments.choice("match_on", &[("any", Self::Any), ("all", Self::All)])
    }

    /// Returns the condition that one of these conditions holds, or that all do.
    pub(in crate::expectation) fn of(self, conditions: Vec<Typed>) -> Typed {
        match self {
            Self::Any => Typed::any(conditions),
            Self::All => Typed::all(conditions),
        }
    }
}

/// The regular expressions of a check.
#[derive(Debug)]
pub(in crate::expectation) struct Regexes(Vec<PythonRegex>);

impl Regexes {
    pub(in crate::expectation) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let read = |(node, text): (&crate::document::Node, &str)| {
            PythonRegex::compile(text).map_err(|error| error.inside(node))
        };
        arguments.texts("regex")?.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    pub(in crate::expectation) fn found_in(&self, of: &Typed) -> Vec<Typed> {
        self.0.iter().map(|regex| regex.found_in(of.clone())).collect()
    }

    pub(in crate::expectation) fn absent_from(&self, of: &Typed) -> Vec<Typed> {
        self.0.iter().map(|regex| regex.absent_from(of.clone())).collect()
    }

    pub(in crate::expectation) fn judged_by(&self) -> &'static str {
        if self.0.iter().any(PythonRegex::backtracks) {
            "a backtracking regular expression"
        } else {
            "a linear-time regular expression"
        }
    }

    pub(in crate::expectation) fn demand(&self) -> String {
        listed(self.0.iter().map(PythonRegex::text))
    }
}

/// The `LIKE` patterns of a check.
#[derive(Debug)]
pub(in crate::expectation) struct Likes {
    patterns: Vec<String>,
    escape: Option<char>,
}

impl Likes {
    pub(in crate::expectation) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let escape = match arguments.node("escape") {
            None => Some(LIKE_ESCAPE),
            Some(node) => {
                let mut characters = node.text("one character, or ''")?.chars();
                let escape = characters.next();
                if characters.next().is_some() {
                    return Err(node.expected_error("one character, or ''"));
                }
                escape
            }
        };
        let patterns = arguments.texts("pattern")?.into_iter().map(|(_, text)| text.to_owned()).collect();
        Ok(Self { patterns, escape })
    }

    pub(in crate::expectation) fn found_in(&self, of: &Typed) -> Vec<Typed> {
        let regexes = self.patterns.iter().map(|pattern| like_to_regex(pattern, self.escape));
        regexes.map(|regex| of.clone().matches(regex)).collect()
    }

    pub(in crate::expectation) fn demand(&self) -> String {
        listed(self.patterns.iter().map(String::as_str))
    }
}

/// Formats patterns: `a%` or `[a%, b%]`.
fn listed<'a>(patterns: impl ExactSizeIterator<Item = &'a str>) -> String {
    let one = patterns.len() == 1;
    let all = patterns.collect::<Vec<_>>().join(", ");
    if one { all } else { format!("[{all}]") }
}
