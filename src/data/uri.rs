//! Splits URIs and removes credentials from them.

use crate::document::{is_web, user, without_credentials};

/// Splits a URI into the part before the query, and the query. A question mark may also be a wildcard, with
/// no `name=` after it.
pub(crate) fn split_query(rest: &str) -> (&str, Option<&str>) {
    match rest.split_once('?') {
        Some((before, after)) if after.split('/').next().is_some_and(|name| name.contains('=')) => {
            (before, Some(after))
        }
        _ => (rest, None),
    }
}

/// Returns a URI without parts that may hold a credential: user and password, and the query. A store option
/// that is given in place of a URI is redacted, too.
pub(crate) fn redacted(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://").filter(|(scheme, _)| *scheme != "file") else {
        return without_credentials(uri);
    };
    let (rest, _) = split_query(rest);
    let rest = if is_web(scheme) { rest.split(['?', '#']).next().unwrap_or(rest) } else { rest };
    let shown = match user(scheme, rest) {
        Some(user) => &rest[user.len() + 1..],
        None => rest,
    };
    format!("{scheme}://{shown}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        assert_eq!(redacted("s3://key:secret@bucket/a@v3?token=x"), "s3://bucket/a@v3");
        assert_eq!(redacted("s3://key:se/cr@et@bucket/a@v3"), "s3://bucket/a@v3");
        assert_eq!(redacted("lake/a@b"), "lake/a@b");
        assert_eq!(redacted("lake/a.csv?sig=x"), "lake/a.csv?sig=…");
        assert_eq!(redacted("aws_secret_access_key=x"), "aws_secret_access_key=…");
        assert_eq!(redacted("s3://bucket/d=2020-0?/x=1/*.parquet"), "s3://bucket/d=2020-0?/x=1/*.parquet");
        assert_eq!(redacted("https://me:pw@host/a?sig"), "https://host/a");
        assert_eq!(
            redacted("abfss://c@a.dfs.core.windows.net/t?sig=x"),
            "abfss://c@a.dfs.core.windows.net/t"
        );
    }
}
