//! URIs, and what of them is nobody's business.

/// What stands before the query, and the query. A question mark may also be a wildcard, with no
/// `name=` behind it.
pub(crate) fn split_query(rest: &str) -> (&str, Option<&str>) {
    match rest.split_once('?') {
        Some((before, after)) if after.split('/').next().is_some_and(|name| name.contains('=')) => {
            (before, Some(after))
        }
        _ => (rest, None),
    }
}

/// A URI without what may be a credential: user and password, and the query.
pub(crate) fn redacted(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://").filter(|(scheme, _)| *scheme != "file") else {
        return uri.to_owned();
    };
    let (rest, _) = split_query(rest);
    let rest = if scheme.starts_with("http") { rest.split(['?', '#']).next().unwrap_or(rest) } else { rest };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let shown = match authority.rsplit_once('@') {
        // `container@account` of Azure.
        Some((container, _)) if scheme.starts_with('a') && !container.contains(':') => authority,
        Some((_, host)) => host,
        None => authority,
    };
    format!("{scheme}://{shown}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        assert_eq!(redacted("s3://key:secret@bucket/a@v3?token=x"), "s3://bucket/a@v3");
        assert_eq!(redacted("lake/a@b"), "lake/a@b");
        assert_eq!(redacted("s3://bucket/d=2020-0?/x=1/*.parquet"), "s3://bucket/d=2020-0?/x=1/*.parquet");
        assert_eq!(redacted("https://me:pw@host/a?sig"), "https://host/a");
        assert_eq!(
            redacted("abfss://c@a.dfs.core.windows.net/t?sig=x"),
            "abfss://c@a.dfs.core.windows.net/t"
        );
    }
}
