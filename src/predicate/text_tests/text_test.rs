//! The text tests.

use std::collections::HashMap;
use std::fmt;

use serde::Serialize;

use super::card_number::is_card_number;
#[cfg(test)]
use super::closure::Closure;
use super::codes::{is_country, is_currency, is_language};
use super::ip_address::is_address;
use super::json::is_json;
use super::{BacktrackingRegex, IpVersion, JsonSchema, Letters, TimeFormat, dateutil};

/// A test that one text passes or fails.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextTest {
    /// The text is an IBAN whose check digits are right.
    Iban,
    /// The text is the number of a payment card whose check digit is right.
    CardNumber,
    /// The text is an ISO 3166-1 code of a country.
    CountryCode(Letters),
    /// The text is an ISO 4217 code of a currency.
    CurrencyCode,
    /// The text is an ISO 639 code of a language.
    LanguageCode(Letters),
    /// The text is an IP address.
    IpAddress(IpVersion),
    /// The text is a JSON document.
    Json,
    /// The text is a JSON document that a schema allows.
    JsonSchema(JsonSchema),
    /// Python's dateutil reads the text as a date, a time, or both.
    Dateutil,
    /// The text is a time in a format.
    Time(TimeFormat),
    /// A regular expression is found in the text, and the search is not given up.
    Found(BacktrackingRegex),
    /// A regular expression is not found in the text, and the search is not given up.
    Absent(BacktrackingRegex),
    /// A function, with which unit tests make an engine fail.
    #[cfg(test)]
    Closure(Closure),
}

impl TextTest {
    /// Returns whether a text passes the test.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Iban => text.parse::<iban::Iban>().is_ok(),
            Self::CardNumber => is_card_number(text),
            Self::CountryCode(letters) => is_country(*letters, text),
            Self::CurrencyCode => is_currency(text),
            Self::LanguageCode(letters) => is_language(*letters, text),
            Self::IpAddress(version) => is_address(*version, text),
            Self::Json => is_json(text),
            Self::JsonSchema(schema) => schema.allows(text),
            Self::Dateutil => dateutil::reads(text),
            Self::Time(format) => format.reads(text),
            Self::Found(regex) => regex.is_found_in(text) == Some(true),
            Self::Absent(regex) => regex.is_found_in(text) == Some(false),
            #[cfg(test)]
            Self::Closure(closure) => closure.holds(text),
        }
    }

    /// Returns whether each of many texts passes the test. The results of equal texts are cached, unless most
    /// texts differ: then the cache would cost more than the tests.
    pub(crate) fn holds_for_each<'a>(
        &self,
        texts: impl Iterator<Item = Option<&'a str>>,
    ) -> impl Iterator<Item = Option<bool>> {
        const ENOUGH_TO_TELL: usize = 1_000;
        let mut known = HashMap::new();
        let mut looked_up = 0;
        texts.map(move |text| {
            let text = text?;
            if known.len() > ENOUGH_TO_TELL + looked_up / 2 {
                return Some(self.holds(text));
            }
            looked_up += 1;
            Some(*known.entry(text).or_insert_with(|| self.holds(text)))
        })
    }
}

/// Writes the claim that the test makes of a text: `is an IBAN`.
impl fmt::Display for TextTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iban => f.write_str("is an IBAN"),
            Self::CardNumber => f.write_str("is a card number"),
            Self::CountryCode(letters) => write!(f, "is a country code of {letters} letters"),
            Self::CurrencyCode => f.write_str("is a currency code"),
            Self::LanguageCode(letters) => write!(f, "is a language code of {letters} letters"),
            Self::IpAddress(IpVersion::Any) => f.write_str("is an IP address"),
            Self::IpAddress(IpVersion::V4) => f.write_str("is an IPv4 address"),
            Self::IpAddress(IpVersion::V6) => f.write_str("is an IPv6 address"),
            Self::Json => f.write_str("is JSON"),
            Self::JsonSchema(schema) => write!(f, "is JSON as {}", schema.text()),
            Self::Dateutil => f.write_str("is read as a date"),
            Self::Time(format) => write!(f, "is a time as {}", format.text()),
            Self::Found(regex) => write!(f, "matches {}", regex.text()),
            Self::Absent(regex) => write!(f, "does not match {}", regex.text()),
            #[cfg(test)]
            Self::Closure(closure) => f.write_str(closure.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a test of each kind, with a text that passes and one that fails.
    fn tests() -> Vec<(TextTest, &'static str, &'static str)> {
        let schema = JsonSchema::compile(&serde_json::json!({"type": "object"})).unwrap();
        let other = JsonSchema::compile(&serde_json::json!({"type": "array"})).unwrap();
        let format = |text| TextTest::Time(TimeFormat::compile(text).unwrap());
        let regex = |text| BacktrackingRegex::compile(text, text).unwrap();
        vec![
            (TextTest::Iban, "DE89370400440532013000", "DE88370400440532013000"),
            (TextTest::CardNumber, "4111 1111 1111 1111", "4111 1111 1111 1112"),
            (TextTest::CountryCode(Letters::Two), "SE", "SWE"),
            (TextTest::CountryCode(Letters::Three), "SWE", "SE"),
            (TextTest::CurrencyCode, "SEK", "SE"),
            (TextTest::LanguageCode(Letters::Two), "sv", "swe"),
            (TextTest::LanguageCode(Letters::Three), "swe", "sv"),
            (TextTest::IpAddress(IpVersion::Any), "::1", "::x"),
            (TextTest::IpAddress(IpVersion::V4), "127.0.0.1", "::1"),
            (TextTest::IpAddress(IpVersion::V6), "::1", "127.0.0.1"),
            (TextTest::Json, "[]", "["),
            (TextTest::JsonSchema(schema), "{}", "[]"),
            (TextTest::JsonSchema(other), "[]", "{}"),
            (TextTest::Dateutil, "1 May 2026", "1 Mai 2026"),
            (format("%Y-%m-%d"), "2026-05-01", "2026-05"),
            (format("%Y-%m"), "2026-05", "2026-05-01"),
            (TextTest::Found(regex("a(?=b)")), "ab", "ac"),
            (TextTest::Absent(regex("a(?=b)")), "ac", "ab"),
            (TextTest::Absent(regex("a(?=c)")), "ab", "ac"),
        ]
    }

    #[test]
    fn each_passes_what_it_says_and_is_none_of_the_others() {
        let json = |test: &TextTest| serde_json::to_string(test).unwrap();
        for (index, (test, right, wrong)) in tests().into_iter().enumerate() {
            assert!(test.holds(right) && !test.holds(wrong), "{test}");
            // A test that is compiled again equals the first one.
            for (place, (other, ..)) in tests().into_iter().enumerate() {
                assert_eq!(test == other, index == place, "{test}, {other}");
                assert_eq!(test.to_string() == other.to_string(), index == place, "{test}, {other}");
                assert_eq!(json(&test) == json(&other), index == place, "{test}, {other}");
            }
        }
    }
}
