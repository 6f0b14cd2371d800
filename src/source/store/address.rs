//! Parses a URI into the kind of its store, its bucket and its key.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::data::split_query;
use crate::document::user;

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cloud {
    S3,
    Azure,
    Google,
    /// A web server, which cannot list its files.
    Web,
}

impl Cloud {
    /// Returns the kind of store of a URI that [`Address::shown`] wrote.
    pub(super) fn of_shown(uri: &str) -> Option<Self> {
        let (scheme, _) = uri.split_once("://")?;
        match scheme {
            "s3" => Some(Self::S3),
            "az" | "abfss" => Some(Self::Azure),
            "gs" => Some(Self::Google),
            "http" | "https" => Some(Self::Web),
            _ => None,
        }
    }
}

/// The location of an object or a folder in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) cloud: Cloud,
    /// The bucket without credentials: `s3://bucket`, `az://container`, `https://host:8080`.
    pub(super) bucket: String,
    /// The key in the bucket, not percent-encoded, without a leading slash.
    pub(super) key: String,
    /// The credentials in the URI, which are never shown.
    pub(super) secret: Secret,
}

/// The credentials that a URI may hold; `Debug` does not print them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Secret {
    /// `user:password`
    pub(super) user: Option<String>,
    /// The query, which holds a signature.
    pub(super) query: Option<String>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The characters that must be percent-encoded in the path of a URL.
const IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

impl Address {
    /// Parses a URI into an address; returns `None` for a local path. The key is taken literally, except in
    /// an `http://` or `https://` URI, where it is percent-encoded.
    pub(super) fn parse(uri: &str) -> Result<Option<Self>, String> {
        let Some((scheme, rest)) = uri.split_once("://") else { return Ok(None) };
        let scheme = scheme.to_ascii_lowercase();
        let (rest, query) = split_query(rest);
        // A user or password with an unencoded slash is still split off, so that no part of it becomes a
        // bucket.
        let (user, rest) = match user(&scheme, rest).or_else(|| container(rest)) {
            Some(user) => (Some(user), &rest[user.len() + 1..]),
            None => (None, rest),
        };
        let (host, key) = rest.split_once('/').unwrap_or((rest, ""));
        let secret = Secret { user: user.map(str::to_owned), query: query.map(str::to_owned) };
        let named = |cloud, bucket: String| {
            let key = key.trim_start_matches('/').to_owned();
            Ok(Some(Self { cloud, bucket, key, secret: Secret { user: None, ..secret.clone() } }))
        };
        if host.is_empty() && scheme != "file" {
            let what = match scheme.as_str() {
                "http" | "https" => "host",
                "az" | "azure" | "adl" | "abfs" | "abfss" => "container",
                _ => "bucket",
            };
            return Err(format!("it names no {what}"));
        }
        match scheme.as_str() {
            "file" => Ok(None),
            "s3" | "s3a" | "s3n" | "gs" | "gcs" if user.is_some() => Err(NOT_FROM_URIS.to_owned()),
            "az" | "azure" | "adl" | "abfs" | "abfss" if user.is_some_and(|user| user.contains(':')) => {
                Err(NOT_FROM_URIS.to_owned())
            }
            "s3" | "s3a" | "s3n" => named(Cloud::S3, format!("s3://{host}")),
            "gs" | "gcs" => named(Cloud::Google, format!("gs://{host}")),
            "az" | "azure" | "adl" | "abfs" | "abfss" => match user {
                // In `container@account`, the part before the `@` is no secret.
                Some(container) => named(Cloud::Azure, format!("abfss://{container}@{host}")),
                None => named(Cloud::Azure, format!("az://{host}")),
            },
            "https" if is_azure(host) => {
                let (container, key) = key.split_once('/').unwrap_or((key, ""));
                let bucket = format!("abfss://{container}@{host}");
                Ok(Some(Self { cloud: Cloud::Azure, bucket, key: decoded(key), secret }))
            }
            "http" | "https" => {
                let bucket = format!("{scheme}://{host}");
                Ok(Some(Self { cloud: Cloud::Web, bucket, key: decoded(key), secret }))
            }
            _ => Err(format!("{scheme}:// is not read; {READ} are")),
        }
    }

    /// Returns the address of a URL whose key is percent-encoded.
    pub(super) fn of_url(url: &Url) -> Result<Option<Self>, String> {
        let address = Self::parse(url.as_str())?;
        let encoded = address.as_ref().is_some_and(|address| {
            address.cloud != Cloud::Web && !(url.scheme() == "https" && address.cloud == Cloud::Azure)
        });
        Ok(address.map(|address| Self {
            key: if encoded { decoded(&address.key) } else { address.key },
            ..address
        }))
    }

    /// Returns the URL of the address as a folder, with a trailing slash and a percent-encoded key.
    pub(super) fn folder_url(&self) -> Option<Url> {
        let key = utf8_percent_encode(self.key.trim_end_matches('/'), IN_PATHS);
        let slash = if self.key.trim_end_matches('/').is_empty() { "" } else { "/" };
        Url::parse(&format!("{}/{key}{slash}", self.bucket)).ok()
    }

    /// Returns whether the credentials for this address may be sent to another address: to any bucket of S3
    /// or Google, to a container of the same Azure account, or to the same web server.
    pub(super) fn is_same_provider(&self, other: &Self) -> bool {
        let account = |bucket: &'_ str| bucket.split_once('@').map(|(_, account)| account.to_owned());
        self.cloud == other.cloud
            && match self.cloud {
                Cloud::S3 | Cloud::Google => true,
                Cloud::Azure => account(&self.bucket) == account(&other.bucket),
                Cloud::Web => self.bucket == other.bucket,
            }
    }

    /// Returns the URI of the address, without secrets.
    pub(super) fn shown(&self) -> String {
        self.at(&self.key)
    }

    /// Returns the URI of a key in the same bucket, without secrets.
    pub(super) fn at(&self, key: &str) -> String {
        format!("{}/{key}", self.bucket)
    }
}

const NOT_FROM_URIS: &str =
    "credentials are not read from a URI: give them as environment variables or storage options";

/// Returns the part of the authority before its last `@`, which for Azure is the container.
fn container(rest: &str) -> Option<&str> {
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.rsplit_once('@').map(|(container, _)| container)
}

/// The kinds of locations that karat reads.
const READ: &str = "paths, file://, s3://, az://, abfss://, gs://, dbfs:/, http:// and https://";

fn decoded(key: &str) -> String {
    percent_decode_str(key.trim_start_matches('/')).decode_utf8_lossy().into_owned()
}

fn is_azure(host: &str) -> bool {
    const HOSTS: [&str; 4] = [
        ".blob.core.windows.net",
        ".dfs.core.windows.net",
        ".blob.fabric.microsoft.com",
        ".dfs.fabric.microsoft.com",
    ];
    HOSTS.iter().any(|azure| host.ends_with(azure))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(uri: &str) -> Address {
        Address::parse(uri).unwrap().unwrap()
    }

    #[test]
    fn an_address_shows_no_secret() {
        assert_eq!(format!("{:?}", address("https://me:pw@host/a?sig=x").secret), "Secret");
    }

    #[test]
    fn an_address_is_a_bucket_and_a_key() {
        let cases = [
            ("s3a://bucket/a b/c%20d", Cloud::S3, "s3://bucket", "a b/c%20d"),
            ("az://container/t", Cloud::Azure, "az://container", "t"),
            (
                "https://acc.blob.core.windows.net/c/t%20u?sv=1&sig=x",
                Cloud::Azure,
                "abfss://c@acc.blob.core.windows.net",
                "t u",
            ),
            ("http://host:80/t%20u/", Cloud::Web, "http://host:80", "t u/"),
            ("gs://bucket", Cloud::Google, "gs://bucket", ""),
        ];
        for (uri, cloud, bucket, key) in cases {
            let found = address(uri);
            assert_eq!((found.cloud, &*found.bucket, &*found.key), (cloud, bucket, key), "{uri}");
        }
        assert!(Address::parse("s3://key:secret@bucket/a").is_err());
        assert!(Address::parse("s3://key:sec/ret@bucket/a").is_err());
        assert!(Address::parse("ftp://host/a").is_err());
        assert_eq!(Address::parse("lake/orders"), Ok(None));
    }

    #[test]
    fn a_log_leads_to_nobody_else() {
        let leads = |from: &str, to: &str| address(from).is_same_provider(&address(to));
        assert!(leads("s3://a/t", "s3://b/t") && !leads("s3://a/t", "gs://a/t"));
        assert!(leads("az://a/t", "az://b/t") && !leads("az://a/t", "abfss://a@x.dfs.core.windows.net/t"));
        let (one, other) = ("abfss://a@x.dfs.core.windows.net/t", "abfss://a@y.dfs.core.windows.net/t");
        assert!(leads(one, "abfss://b@x.dfs.core.windows.net/t") && !leads(one, other));
        assert!(!leads("http://host/t", "http://host:8080/t"));
    }

    #[test]
    fn the_url_of_a_folder_leads_back_to_it() {
        for uri in ["s3://bucket/a b/c%20d", "http://host/t%20u", "abfss://c@acc.dfs.core.windows.net/x#y"] {
            let folder = Address::of_url(&address(uri).folder_url().unwrap()).unwrap().unwrap();
            assert_eq!(folder.key.trim_end_matches('/'), address(uri).key, "{uri}");
            assert_eq!(folder.bucket, address(uri).bucket);
        }
    }
}
