//! Hides credentials in texts before they are shown: the users and queries of URLs, signatures, and values of
//! secret options of object stores.

use std::ops::Range;

/// The text that replaces a hidden value.
const HIDDEN: &str = "…";

/// Returns the text with every possible credential replaced by `…`.
pub fn without_credentials(text: &str) -> String {
    replaced(text, |_| HIDDEN.to_owned())
}

/// Returns the text with every possible credential replaced by as many asterisks as it has bytes, so that
/// byte offsets stay valid.
pub fn masked_credentials(text: &str) -> String {
    replaced(text, |hidden| "*".repeat(hidden.len()))
}

fn replaced(text: &str, by: impl Fn(&str) -> String) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut next = 0;
    for place in places(text) {
        if place.start > next {
            shown.push_str(&text[next..place.start]);
        }
        if place.end > next {
            let start = place.start.max(next);
            shown.push_str(&by(&text[start..place.end]));
            next = place.end;
        }
    }
    shown.push_str(&text[next..]);
    shown
}

/// Returns the ranges of bytes that may hold credentials, ordered by their starts.
fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    for (at, _) in text.match_indices("://") {
        let scheme = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let start = at + 3;
        let url = &text[start..start + text[start..].find(ends_url).unwrap_or(text.len() - start)];
        if let Some(user) = user(scheme, url) {
            places.push(start..start + user.len());
        }
        if let Some(query) = query(scheme, url) {
            places.push(start + query..start + url.len());
        }
    }
    places.extend(signatures(text));
    places.extend(options(text));
    places.retain(|place| !place.is_empty());
    places.sort_by_key(|place| place.start);
    places
}

fn ends_url(letter: char) -> bool {
    // Only double quotes end a URL, because a password may hold other quotes.
    letter.is_whitespace() || letter.is_control() || letter == '"'
}

/// Returns the user of a URL, given the part after `://`. Returns nothing where the name of an Azure
/// container stands in the user's place.
pub fn user<'a>(scheme: &str, rest: &'a str) -> Option<&'a str> {
    let slash = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..slash];
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    // In `key:sec/ret@host`, no port follows the colon: the user has a password that was not encoded.
    let port = host.rsplit_once(':').map(|(_, port)| port.trim_end_matches(']'));
    if port.is_some_and(|port| !port.bytes().all(|digit| digit.is_ascii_digit() || digit == b':'))
        && !host.starts_with('[')
    {
        let is_version = |after: &str| {
            after.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        };
        let before = match rest.rsplit_once('@') {
            Some((before, after)) if is_version(after) => before.rsplit_once('@').map(|(user, _)| user),
            Some((before, _)) => Some(before),
            None => None,
        };
        return before;
    }
    // In `sec/ret@host:80/…`, the part before the slash has no dot, and the host after the `@` has a port.
    if user.is_empty() && !host.contains([':', '.', '[']) && host != "localhost" {
        let behind =
            rest.rsplit_once('@').map(|(before, after)| (before, after.split('/').next().unwrap_or(after)));
        let has_port = |host: &str| {
            host.rsplit_once(':')
                .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
        };
        if let Some((before, _)) = behind.filter(|(_, host)| has_port(host)) {
            return Some(before);
        }
    }
    let is_container = scheme.starts_with(['a', 'A']) && !user.contains(':');
    (!user.is_empty() && !is_container).then_some(user)
}

/// Returns the offset of a URL's query, after its question mark. Outside web servers, a question mark may be
/// a wildcard, so a query must hold `name=` there.
fn query(scheme: &str, rest: &str) -> Option<usize> {
    let at = if is_web(scheme) { rest.find(['?', '#'])? } else { rest.find('?')? };
    let is_query = is_web(scheme) || rest[at + 1..].split('/').next().is_some_and(|name| name.contains('='));
    is_query.then_some(at + 1)
}

/// Returns whether a scheme is that of web servers: `http` or `https`.
pub fn is_web(scheme: &str) -> bool {
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

/// The parameters that sign a request. Their values are hidden outside URLs, too.
const SIGNED: [&str; 8] = [
    "sig=",
    "signature=",
    "x-amz-signature=",
    "x-amz-security-token=",
    "x-amz-credential=",
    "x-goog-signature=",
    "x-goog-credential=",
    "awsaccesskeyid=",
];

fn signatures(text: &str) -> Vec<Range<usize>> {
    let folded = text.to_ascii_lowercase();
    let found = SIGNED.iter().flat_map(|name| folded.match_indices(name).map(|(at, name)| (at, name.len())));
    let signed = found.filter(|(at, _)| *at > 0 && matches!(text.as_bytes()[at - 1], b'?' | b'&'));
    signed
        .map(|(at, length)| {
            let start = at + length;
            let end = text[start..].find(|c: char| c == '&' || ends_url(c)).unwrap_or(text.len() - start);
            start..start + end
        })
        .collect()
}

/// Secret options of object stores. Options of a cloud may be written without the cloud's prefix.
const SECRET: [&str; 16] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_sse_customer_key_base64",
    "azure_client_secret",
    "azure_fabric_session_token",
    "azure_storage_access_key",
    "azure_storage_account_key",
    "azure_storage_client_secret",
    "azure_storage_master_key",
    "azure_storage_sas_key",
    "azure_storage_sas_token",
    "azure_storage_token",
    "google_service_account_key",
    "proxy_ca_certificate",
    "proxy_url",
];
const CLOUDS: [&str; 4] = ["aws_", "azure_storage_", "azure_", "google_"];

/// Returns the ranges of the values of secret options, in the forms `aws_x=value` and `aws_x: value`. A name
/// followed by a list or a mapping is no option of an object store.
fn options(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(at) = text[next..].find(['=', ':']) {
        let at = next + at;
        next = at + 1;
        let before = text[..at].trim_end_matches(['"', '\'', ' ']);
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = before.rsplit(|c: char| !is_of_name(c)).next().unwrap_or_default();
        if !is_secret(&name.replace(['-', '.'], "_")) {
            continue;
        }
        let behind = &text[next..];
        let gap = behind.len() - behind.trim_start_matches(' ').len();
        let line = behind[gap..].split(['\n', '\r']).next().unwrap_or_default();
        let is_given = text[at..].starts_with('=');
        if line.starts_with(['[', '{']) {
            continue;
        }
        // A value in a one-line mapping ends where the next entry begins.
        let end = match line.chars().next() {
            Some(quote @ ('"' | '\'')) => line[1..].find(quote).map_or(line.len(), |end| end + 2),
            _ if is_given => line.find(char::is_whitespace).unwrap_or(line.len()),
            _ => line.find(", ").unwrap_or(line.len()),
        };
        let value = line[..end].trim_end_matches(['}', ' ']);
        found.push(next + gap..next + gap + value.len());
        next += gap + value.len();
    }
    found
}

/// Returns whether a name is that of a secret option of an object store, or a near misspelling of one.
fn is_secret(name: &str) -> bool {
    const NEAR: f64 = 0.8;
    if name.len() < 7 || name.len() > 48 {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let near = |known: &str| {
        if !name.contains('_') {
            // A single word is near to many other words, so only an exact match counts.
            return known.replace('_', "") == name;
        }
        // Swapped letters count as well: in a short name they lower the similarity too much.
        strsim::normalized_damerau_levenshtein(&name, known) >= NEAR
            || (letters(known) == letters(&name) && strsim::damerau_levenshtein(&name, known) <= 2)
    };
    SECRET.iter().any(|known| {
        let bare = CLOUDS.iter().find_map(|cloud| known.strip_prefix(cloud));
        near(known) || bare.is_some_and(|bare| bare.contains('_') && near(bare))
    })
}

/// Returns the letters of a name, sorted.
fn letters(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        for (text, shown) in [
            ("see https://me:pw@host/a?sig=x&b=1 there", "see https://…@host/a?… there"),
            ("s3://KEY:se/cr@et@bucket/a@v3", "s3://…@bucket/a@v3"),
            ("s3://KEY:se/cret@bucket/a", "s3://…@bucket/a"),
            ("http://se/cret@127.0.0.1:1/x and a", "http://…@127.0.0.1:1/x and a"),
            ("{aws.secret.access.key: x/y}", "{aws.secret.access.key: …}"),
            ("http://[::1]:80/a@v3 and http://host:80/a@b", "http://[::1]:80/a@v3 and http://host:80/a@b"),
            ("abfss://c@a.dfs.core.windows.net/t?sv=1&sig=x", "abfss://c@a.dfs.core.windows.net/t?…"),
            ("s3://bucket/d=2020-0?/x=1/*.parquet", "s3://bucket/d=2020-0?/x=1/*.parquet"),
            ("lake/x.parquet?sv=1&sig=abc/d", "lake/x.parquet?sv=1&sig=…"),
            ("no aws_secret_acess_key=abc/d== there", "no aws_secret_acess_key=… there"),
            ("lake/aws_account=1/day_key=2/x.parquet", "lake/aws_account=1/day_key=2/x.parquet"),
            ("scret_access_key: a b", "scret_access_key: …"),
            (
                "{data: x, azure_storage_account_key: 'a, b', rows: 1}",
                "{data: x, azure_storage_account_key: …, rows: 1}",
            ),
            ("prxoy_url=abc and proxyurl=abc", "prxoy_url=… and proxyurl=…"),
            ("session_token: [not_null]", "session_token: [not_null]"),
            ("day=2026-01-01 and token: x", "day=2026-01-01 and token: x"),
        ] {
            assert_eq!(without_credentials(text), shown, "{text}");
            assert_eq!(masked_credentials(text).len(), text.len());
        }
    }
}
