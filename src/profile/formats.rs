//! Formats that texts have.

use std::sync::LazyLock;

use regex::Regex;

use crate::data::Value;
use crate::predicate::{IpVersion, Letters, TextTest, TimeFormat};

/// A format of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// A UUID.
    Uuid,
    /// An e-mail address.
    Email,
    /// A URL.
    Url,
    /// An IP address.
    IpAddress,
    /// An IBAN.
    Iban,
    /// The number of a payment card.
    CardNumber,
    /// A JSON object or array.
    Json,
    /// `true`, `false`, `yes`, `no`.
    Boolean,
    /// Digits alone.
    WholeNumber,
    /// A number.
    Number,
    /// A time in one of some formats.
    Time(&'static str),
    /// An ISO 4217 code.
    CurrencyCode,
    /// An ISO 3166-1 code of two letters.
    CountryCode2,
    /// An ISO 3166-1 code of three letters.
    CountryCode3,
}

/// The formats of times that are tried.
const TIMES: [(&str, &str); 12] = [
    ("%Y-%m-%d", "date"),
    ("%d.%m.%Y", "date"),
    ("%m/%d/%Y", "date"),
    ("%d/%m/%Y", "date"),
    ("%Y/%m/%d", "date"),
    ("%Y-%m-%dT%H:%M:%S", "timestamp"),
    ("%Y-%m-%d %H:%M:%S", "timestamp"),
    ("%Y-%m-%dT%H:%M:%SZ", "timestamp"),
    ("%Y-%m-%dT%H:%M:%S.%f", "timestamp"),
    ("%Y-%m-%d %H:%M:%S.%f", "timestamp"),
    ("%H:%M:%S", "time"),
    ("%H:%M", "time"),
];

static TIME_FORMATS: LazyLock<Vec<(&str, TextTest)>> = LazyLock::new(|| {
    let compiled =
        TIMES.iter().map(|(text, _)| Some((*text, TextTest::Time(TimeFormat::compile(text).ok()?))));
    compiled.flatten().collect()
});

/// What may be an e-mail address, a URL, a UUID: the checks of these names decide.
static EMAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$").ok());
static URL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?i)(https?|ftp)://[^\s/]+(/\S*)?$").ok());
static UUID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?i)[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$").ok());

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

impl Format {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uuid => "UUID",
            Self::Email => "e-mail address",
            Self::Url => "URL",
            Self::IpAddress => "IP address",
            Self::Iban => "IBAN",
            Self::CardNumber => "card number",
            Self::Json => "JSON",
            Self::Boolean => "truth value",
            Self::WholeNumber => "whole number",
            Self::Number => "number",
            Self::Time(format) => {
                TIMES.iter().find(|(text, _)| *text == format).map_or("time", |(_, name)| *name)
            }
            Self::CurrencyCode => "currency code",
            Self::CountryCode2 => "country code of two letters",
            Self::CountryCode3 => "country code of three letters",
        }
    }

    /// Returns whether values of it are personal whatever their column is called.
    #[must_use]
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Email | Self::Iban | Self::CardNumber)
    }

    /// All formats.
    fn all() -> impl Iterator<Item = Self> {
        [
            Self::Uuid,
            Self::Email,
            Self::Url,
            Self::IpAddress,
            Self::Iban,
            Self::CardNumber,
            Self::Json,
            Self::Boolean,
            Self::WholeNumber,
            Self::Number,
            Self::CurrencyCode,
            Self::CountryCode2,
            Self::CountryCode3,
        ]
        .into_iter()
        .chain(TIMES.iter().map(|(text, _)| Self::Time(text)))
    }

    /// Returns whether a text has it.
    fn holds(self, text: &str) -> bool {
        match self {
            Self::Uuid => matches(&UUID, text),
            Self::Email => text.contains('@') && matches(&EMAIL, text),
            Self::Url => text.contains("://") && matches(&URL, text),
            Self::IpAddress => TextTest::IpAddress(IpVersion::Any).holds(text),
            Self::Iban => text.len() >= 15 && TextTest::Iban.holds(text),
            Self::CardNumber => text.len() >= 13 && TextTest::CardNumber.holds(text),
            Self::Json => text.trim_start().starts_with(['{', '[']) && TextTest::Json.holds(text),
            Self::Boolean => {
                ["true", "false", "yes", "no", "t", "f", "y", "n"].contains(&text.to_lowercase().as_str())
            }
            Self::WholeNumber => {
                let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
                !digits.is_empty() && digits.len() < 19 && digits.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::Number => is_number(text),
            Self::Time(format) => {
                text.starts_with(|first: char| first.is_ascii_digit())
                    && TIME_FORMATS.iter().any(|(text_of, test)| *text_of == format && test.holds(text))
            }
            Self::CurrencyCode => text.len() == 3 && TextTest::CurrencyCode.holds(text),
            Self::CountryCode2 => text.len() == 2 && TextTest::CountryCode(Letters::Two).holds(text),
            Self::CountryCode3 => text.len() == 3 && TextTest::CountryCode(Letters::Three).holds(text),
        }
    }
}

/// `-12.50`, `.5`, `1e3`
fn is_number(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    number.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && number.len() < 32
        && number.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
        && number.parse::<f64>().is_ok()
}

/// The formats that at least half of the rows of some values have, each with those rows, the most frequent first.
pub(super) fn formats(values: &[(Value, u64)]) -> Vec<(Format, u64)> {
    /// So many values are looked at for every format, the others for those that some of these have.
    const FIRST: usize = 200;
    let all: u64 = values.iter().map(|(_, rows)| rows).sum();
    let rows_of = |format: Format, values: &[(Value, u64)]| -> u64 {
        let has = |(value, _): &&(Value, u64)| matches!(value, Value::String(text) if format.holds(text));
        values.iter().filter(has).map(|(_, rows)| rows).sum()
    };
    let first = &values[..values.len().min(FIRST)];
    let candidates = Format::all().filter(|format| rows_of(*format, first) > 0);
    let mut found: Vec<(Format, u64)> = candidates
        .map(|format| (format, rows_of(format, values)))
        .filter(|(_, rows)| *rows * 2 >= all.max(1))
        .collect();
    found.sort_by_key(|(format, rows)| (std::cmp::Reverse(*rows), *format));
    found
}
