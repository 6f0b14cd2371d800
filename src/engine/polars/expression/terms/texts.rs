//! Expressions of texts that karat computes itself.

use memchr::memmem::Finder;
use polars::prelude::{
    BooleanChunked, BooleanType, DataType as PlType, Expr, Int64Type, IntoColumn as _, lit,
};
use polars_core::prelude::arity::unary_elementwise_values;
use regex_syntax::hir::HirKind;

use crate::engine::polars::expression::computed;
use crate::predicate::TextTest;

/// Returns an expression that is true if a regular expression matches somewhere in a text.
pub(super) fn matches(of: Expr, regex: &str) -> Expr {
    match literal(regex) {
        Some(text) => contains(of, &text),
        None => of.str().contains(lit(regex), true),
    }
}

/// Returns the text that a regular expression matches, if it matches no other.
fn literal(regex: &str) -> Option<String> {
    let HirKind::Literal(text) = regex_syntax::parse(regex).ok()?.into_kind() else { return None };
    String::from_utf8(text.0.into_vec()).ok()
}

/// Returns an expression that is true if a text contains another one. The engine would ask a regular expression, which takes
/// longer.
pub(super) fn contains(of: Expr, wanted: &str) -> Expr {
    let finder = Finder::new(wanted).into_owned();
    computed(of, PlType::Boolean, move |texts| {
        let is_in = |text: &str| finder.find(text.as_bytes()).is_some();
        Ok(unary_elementwise_values::<_, BooleanType, _>(texts.str()?, is_in).into_column())
    })
}

/// Returns an expression for the number of characters of texts. Most texts are ASCII, where it equals the
/// number of bytes, and testing for ASCII is cheaper than counting.
pub(super) fn characters(of: Expr) -> Expr {
    let count = |text: &str| if text.is_ascii() { text.len() } else { text.chars().count() };
    computed(of, PlType::Int64, move |texts| {
        let length = |text: &str| i64::try_from(count(text)).unwrap_or(i64::MAX);
        Ok(unary_elementwise_values::<_, Int64Type, _>(texts.str()?, length).into_column())
    })
}

pub(super) fn passes(of: Expr, test: TextTest) -> Expr {
    computed(of, PlType::Boolean, move |texts| {
        Ok(test.holds_for_each(texts.str()?.iter()).collect::<BooleanChunked>().into_column())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matches_one_text_alone_is_literal() {
        let literals = [("a b", "a b"), (r"1\.5", "1.5"), (r"\x41é", "Aé"), ("(?:ab)c", "abc")];
        for (regex, text) in literals {
            assert_eq!(literal(regex).as_deref(), Some(text), "{regex}");
        }
        for regex in ["", "^a", "a$", "(?i)a", "a|b", "a.", "a?", "[ab]", r"\ba"] {
            assert_eq!(literal(regex), None, "{regex}");
        }
    }
}
