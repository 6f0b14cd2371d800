//! Codes of ISO standards.

use std::fmt;

use iso_currency::Currency;
use isolang::Language;
use serde::Serialize;

/// The number of letters of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Letters {
    /// Two letters.
    Two,
    /// Three letters.
    Three,
}

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Two => "2",
            Self::Three => "3",
        })
    }
}

/// Returns whether a text is an ISO 3166-1 code of a country.
pub(super) fn is_country(letters: Letters, text: &str) -> bool {
    match letters {
        Letters::Two => rust_iso3166::from_alpha2(text).is_some(),
        Letters::Three => rust_iso3166::from_alpha3(text).is_some(),
    }
}

/// Returns whether a text is an ISO 639 code of a language.
pub(super) fn is_language(letters: Letters, text: &str) -> bool {
    match letters {
        Letters::Two => Language::from_639_1(text).is_some(),
        Letters::Three => Language::from_639_3(text).is_some(),
    }
}

/// Returns whether a text is an ISO 4217 code of a currency.
pub(super) fn is_currency(text: &str) -> bool {
    Currency::from_code(text).is_some()
}
