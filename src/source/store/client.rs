//! The HTTP client of all stores. It sends credentials only to the host they are meant for, and trusts the
//! certificate authorities of the machine and those that the options name.

use std::collections::hash_map::RandomState;
use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _};
use std::net::ToSocketAddrs as _;

use async_trait::async_trait;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use object_store::{ClientConfigKey as Key, ClientOptions, Error as StoreError};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy};
use url::Url;

use super::values::{boolean, time};

/// The redirects that a client follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RedirectPolicy {
    /// Redirects to the same host only, since every request bears credentials.
    SameHost,
    /// Redirects to other hosts too, as web servers use them; those hosts get neither user nor signature.
    AnyHost,
}

/// The store name in errors of the client itself.
pub(super) const CLIENT: &str = "HTTP client";

/// Makes the HTTP clients.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    pub(super) follow: RedirectPolicy,
    /// The certificate authorities that are trusted in addition to those of the machine.
    pub(super) trusted: Vec<Certificate>,
}

/// A redirect that was not followed, with the reason.
#[derive(Debug)]
pub(super) struct RefusedRedirect {
    /// The scheme, host and port, without secrets.
    to: String,
    why: &'static str,
}

impl fmt::Display for RefusedRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its server leads to {}, {}", self.to, self.why)
    }
}

impl Error for RefusedRedirect {}

/// The error of a request without a valid URL, at which the HTTP library would panic.
#[derive(Debug, thiserror::Error)]
#[error("its address is no URL")]
struct NoUrl;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = self.builder(options).and_then(|builder| builder.build().map_err(|error| text(&error)));
        client
            .map(|client| HttpClient::new(UrlCheckedClient(client)))
            .map_err(|reason| StoreError::Generic { store: CLIENT, source: reason.into() })
    }
}

fn text(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

impl Connector {
    /// Returns a client builder with the options applied. The values were validated before; an option without
    /// a value keeps its default.
    fn builder(&self, options: &ClientOptions) -> Result<ClientBuilder, String> {
        let get = |key: Key| options.get_config_value(&key);
        let is = |key: Key| get(key).and_then(|value| boolean(&value)).unwrap_or_default();
        let lasts = |key: Key| get(key).and_then(|value| time(&value));
        let agent =
            get(Key::UserAgent).unwrap_or_else(|| concat!("karat/", env!("CARGO_PKG_VERSION")).to_owned());
        let mut builder = Client::builder()
            .user_agent(agent)
            .default_headers(options.get_default_headers().cloned().unwrap_or_default())
            .redirect(self.policy())
            // The URL of a server that redirects may hold a signature.
            .referer(false)
            .https_only(!is(Key::AllowHttp))
            .danger_accept_invalid_certs(is(Key::AllowInvalidCertificates))
            // Sizes must be those of the stored objects, not of compressed answers.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .http2_keep_alive_interval(lasts(Key::Http2KeepAliveInterval))
            .http2_keep_alive_while_idle(is(Key::Http2KeepAliveWhileIdle))
            .http2_max_frame_size(get(Key::Http2MaxFrameSize).and_then(|size| size.parse().ok()));
        for (key, set) in [
            (Key::Timeout, ClientBuilder::timeout as fn(ClientBuilder, _) -> ClientBuilder),
            (Key::ConnectTimeout, ClientBuilder::connect_timeout),
            (Key::Http2KeepAliveTimeout, ClientBuilder::http2_keep_alive_timeout),
        ] {
            if let Some(time) = lasts(key) {
                builder = set(builder, time);
            }
        }
        if let Some(time) = lasts(Key::PoolIdleTimeout) {
            builder = builder.pool_idle_timeout(time);
        }
        if let Some(most) = get(Key::PoolMaxIdlePerHost).and_then(|most| most.parse().ok()) {
            builder = builder.pool_max_idle_per_host(most);
        }
        // If both are set, HTTP/2 wins, since HTTP/1 is the default.
        builder = match (is(Key::Http2Only), is(Key::Http1Only)) {
            (true, _) => builder.http2_prior_knowledge(),
            (false, true) => builder.http1_only(),
            (false, false) => builder,
        };
        if let Some(proxy) = get(Key::ProxyUrl) {
            let excludes = get(Key::ProxyExcludes).and_then(|excludes| NoProxy::from_string(&excludes));
            let proxy = Proxy::all(proxy).map_err(|_| "the proxy is no URL".to_owned())?;
            builder = builder.proxy(proxy.no_proxy(excludes));
            if let Some(certificate) = get(Key::ProxyCaCertificate) {
                let certificate = Certificate::from_pem(certificate.as_bytes())
                    .map_err(|_| "proxy_ca_certificate is no certificate in PEM".to_owned())?;
                builder = builder.add_root_certificate(certificate);
            }
        }
        for certificate in &self.trusted {
            builder = builder.add_root_certificate(certificate.clone());
        }
        if is(Key::RandomizeAddresses) {
            builder = builder.dns_resolver(std::sync::Arc::new(AnyAddress));
        }
        Ok(builder)
    }

    fn policy(&self) -> Policy {
        let follow = self.follow;
        Policy::custom(move |attempt| match refused(follow, &attempt) {
            Some(refused) => attempt.error(refused),
            None => attempt.follow(),
        })
    }
}

/// Returns why a redirect is not followed, or `None` if the redirect may be followed.
fn refused(follow: RedirectPolicy, attempt: &Attempt<'_>) -> Option<RefusedRedirect> {
    const MOST: usize = 10;
    let (first, next) = (attempt.previous().first()?, attempt.url());
    let because = |why| Some(RefusedRedirect { to: host(next), why });
    if attempt.previous().len() > MOST {
        return because("and so on, without an end");
    }
    if first.scheme() == "https" && next.scheme() != "https" {
        return because("without encryption, which is not followed");
    }
    let is_same = first.host_str() == next.host_str();
    if follow == RedirectPolicy::SameHost
        && !(is_same && first.port_or_known_default() == next.port_or_known_default())
    {
        return because(
            "which is not followed: credentials go to the configured endpoint only; \
             if the data lies there, name it as the endpoint",
        );
    }
    let repeats = first.query().is_some_and(|query| next.as_str().contains(query));
    if !is_same && repeats {
        return because("with the signature of the URI, which is for the host in the URI only");
    }
    None
}

/// Returns the scheme, host and port of a URL, without secrets.
fn host(url: &Url) -> String {
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// A client that refuses a request without a valid URL.
#[derive(Debug)]
struct UrlCheckedClient(Client);

#[async_trait]
impl HttpService for UrlCheckedClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !Url::parse(&request.uri().to_string()).is_ok_and(|url| url.has_host()) {
            return Err(HttpError::new(HttpErrorKind::Unknown, NoUrl));
        }
        // An untrusted certificate must not be retried: the kind `Unknown` prevents that.
        self.0.call(request).await.map_err(|error| match refused_certificate(&error) {
            Some(refused) => HttpError::new(HttpErrorKind::Unknown, refused),
            None => error,
        })
    }
}

/// The error of a server whose certificate is not trusted.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct UntrustedCertificate(String);

fn refused_certificate(error: &HttpError) -> Option<UntrustedCertificate> {
    const REFUSED: &str = "invalid peer certificate: ";
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let (None, Some((_, why))) = (inner.source(), inner.to_string().split_once(REFUSED)) {
            return Some(UntrustedCertificate(lacking(why)));
        }
        cause = inner.source();
    }
    None
}

/// Describes why a certificate is refused, given the words of rustls.
fn lacking(why: &str) -> String {
    const KNOWN: [(&str, &str); 6] = [
        (
            "CaUsedAsEndEntity",
            "is that of an authority (basicConstraints CA:TRUE), as which no server may be; make one with \
             basicConstraints=CA:FALSE and a subjectAltName (openssl req -addext), or one that is signed by it",
        ),
        ("UnsupportedCertVersion", "is of X.509 version 1; make one of version 3, with a subjectAltName"),
        ("not valid for", "is not for this host: its subjectAltName lacks the name or address of it"),
        ("not valid yet", "is not valid yet, by the clock of this machine"),
        ("expired", "has expired, by the clock of this machine"),
        (
            "UnknownIssuer",
            "is of no authority that is trusted here; SSL_CERT_FILE, and for S3 AWS_CA_BUNDLE, name a file with \
             the certificates of those that are",
        ),
    ];
    let known = KNOWN.iter().find(|(name, _)| why.contains(name));
    let what = known.map_or_else(|| format!("is not trusted: {why}"), |(_, what)| (*what).to_owned());
    format!("its certificate {what}")
}

/// A resolver that rotates the addresses of a host by chance, so that connections spread over all of its
/// servers.
#[derive(Debug)]
struct AnyAddress;

impl Resolve for AnyAddress {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::task::spawn_blocking(move || {
                (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<_>>)
            });
            let mut addresses = found.await??;
            let chance = RandomState::new().build_hasher().finish();
            let first = usize::try_from(chance % u64::try_from(addresses.len().max(1))?)?;
            addresses.rotate_left(first);
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
