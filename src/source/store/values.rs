//! Validates the values of options of object stores before a store is opened, since the libraries report an
//! invalid value without the name of its option, or panic.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::HeaderValue;
use percent_encoding::percent_decode_str;
use url::Url;

/// The kind of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// Any text of one line.
    Text,
    /// Text for a header of a request.
    Head,
    /// The name of a region, which becomes a part of a host.
    Region,
    /// The name of an account, which becomes a part of a host.
    Account,
    /// A part of the path of a URL.
    UrlPart,
    /// A path below a host.
    UrlPath,
    /// The URL of a service.
    Endpoint,
    /// A proxy, perhaps with a user.
    Proxy,
    Boolean,
    Time,
    Count,
    /// The size of a frame of HTTP/2.
    Frame,
    Base64,
    /// The query of a shared access signature.
    Signature,
    /// A certificate, in PEM.
    Certificate,
    /// A JSON document.
    Json,
    /// A path to a file of this machine.
    File,
    /// One of the given words.
    OneOf(&'static [&'static str]),
    /// An option of writing, which karat never does.
    Unused,
}

impl ValueKind {
    /// Returns what the value must be, to complete "the option … must be", or `None` if the value is valid.
    /// The text never repeats the value.
    pub(super) fn violation(self, value: &str) -> Option<String> {
        let many_lines = matches!(self, Self::Certificate | Self::Json);
        if !many_lines && value.chars().any(char::is_control) {
            return Some("text of one line; a line break or another control character is in it".to_owned());
        }
        let demand = |holds: bool, demand: &str| (!holds).then(|| demand.to_owned());
        match self {
            Self::Text | Self::Unused => None,
            Self::Head => demand(is_head(value), "text of ASCII letters, digits and signs"),
            Self::Region => demand(is_region(value), "a region, such as eu-north-1"),
            Self::Account => demand(is_region(value), "the name of an account"),
            Self::UrlPart => demand(!value.is_empty() && is_of_url(value), "text as URLs have it"),
            Self::UrlPath => {
                demand(value.starts_with('/') && is_of_url(value), "a path, such as /v2/credentials")
            }
            Self::Endpoint => endpoint(value),
            Self::Proxy => {
                demand(is_proxy(value), "the URL of a proxy, such as http://proxy.example.org:3128")
            }
            Self::Boolean => demand(boolean(value).is_some(), "true or false"),
            Self::Time => demand(time(value).is_some(), "a time with a unit, such as 30s or 500ms"),
            Self::Count => demand(value.parse::<usize>().is_ok(), "a whole number"),
            Self::Frame => {
                // The range that HTTP/2 allows.
                let fits = value.parse::<u32>().is_ok_and(|size| (1 << 14..1 << 24).contains(&size));
                demand(fits, "a number of bytes between 16384 and 16777215")
            }
            Self::Base64 => {
                demand(!value.is_empty() && BASE64_STANDARD.decode(value).is_ok(), "a key in Base64")
            }
            Self::Signature => demand(is_signature(value), "a signature, such as sv=…&sig=…"),
            Self::Certificate => {
                demand(value.contains("-----BEGIN CERTIFICATE-----"), "a certificate in PEM")
            }
            Self::Json => demand(serde_json::from_str::<serde_json::Value>(value).is_ok(), "a JSON document"),
            Self::File => demand(!value.is_empty(), "the path of a file"),
            Self::OneOf(words) => {
                let is_one = words.contains(&value);
                demand(is_one, &words.join(" or "))
            }
        }
    }
}

fn is_head(value: &str) -> bool {
    HeaderValue::from_str(value).is_ok_and(|value| value.to_str().is_ok())
}

fn is_region(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Returns whether a text holds only characters that may stand in a URL.
fn is_of_url(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#?".contains(&byte))
}

fn endpoint(value: &str) -> Option<String> {
    let url = Url::parse(value).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match url.filter(|_| is_of_url(value) && value.contains("://")) {
        None => Some("a URL with http:// or https://, such as http://localhost:9000".to_owned()),
        Some(url) if !url.username().is_empty() || url.password().is_some() => {
            Some("a URL without a user: credentials are options of their own".to_owned())
        }
        Some(_) => None,
    }
}

fn is_proxy(value: &str) -> bool {
    const SCHEMES: [&str; 2] = ["http", "https"];
    Url::parse(value).is_ok_and(|url| SCHEMES.contains(&url.scheme()) && url.has_host())
        && value.contains("://")
}

fn is_signature(value: &str) -> bool {
    // Decoded first, as the store does.
    let decoded = percent_decode_str(value).decode_utf8();
    !value.is_empty()
        && is_head(value)
        && decoded.is_ok_and(|decoded| {
            let mut pairs = decoded.trim_start_matches('?').split('&').filter(|pair| !pair.trim().is_empty());
            pairs.all(|pair| pair.contains('='))
        })
}

/// Parses a boolean as the stores do.
pub(super) fn boolean(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "true" | "on" | "yes" | "y" => Some(true),
        "0" | "false" | "off" | "no" | "n" => Some(false),
        _ => None,
    }
}

/// Parses a time as the stores do; a time beyond a year is refused.
pub(super) fn time(value: &str) -> Option<Duration> {
    const MOST: Duration = Duration::from_hours(365 * 24);
    humantime::parse_duration(value).ok().filter(|time| *time <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_are_told_by_what_is_right() {
        let wrong = |kind: ValueKind, value: &str| kind.violation(value).is_some();
        for value in
            ["localhost:9000", "", "http://", "ftp://host", "http://a b", "http://me:pw@host", "//host"]
        {
            assert!(wrong(ValueKind::Endpoint, value), "{value}");
        }
        for value in ["http://localhost:9000", "https://host/account", "http://[::1]:9000/"] {
            assert!(!wrong(ValueKind::Endpoint, value), "{value}");
        }
        assert!(
            wrong(ValueKind::Time, "30")
                && wrong(ValueKind::Time, "abc")
                && !wrong(ValueKind::Time, "1m 30s")
        );
        assert!(wrong(ValueKind::Time, "900000000000 years"));
        assert!(wrong(ValueKind::Frame, "0") && !wrong(ValueKind::Frame, "16384"));
        assert!(
            wrong(ValueKind::Head, "key\n")
                && wrong(ValueKind::Head, "kéy")
                && !wrong(ValueKind::Head, "AKIA/+=")
        );
        assert!(wrong(ValueKind::Signature, "sig") && !wrong(ValueKind::Signature, "?sv=1&sig=x%3D"));
        assert!(wrong(ValueKind::OneOf(&["a", "b"]), "c") && !wrong(ValueKind::OneOf(&["a", "b"]), "b"));
    }
}
