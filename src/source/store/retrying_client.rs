//! The connection to a store. It counts the requests, ends those that get no bytes, and retries failed ones
//! within the limits of `RetryLimits`. The clients of the stores are configured not to retry.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::DateTime;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
    HttpService,
};
use object_store::{ClientOptions, HeaderMap, HeaderValue};

use super::body::TimedBody;
use super::client;
use super::listed_keys::with_parts;
use super::retry::{FailedAnswer, Fault, ReadTimeout, RetriesExhausted, RetryLimits, RetryState};
use super::traffic::Traffic;

/// Makes the connections.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    pub(super) clients: client::Connector,
    pub(super) limits: RetryLimits,
    pub(super) traffic: Arc<Traffic>,
    /// Whether an upload in parts is completed only if there is no object of its name. The stores have no way to say so.
    pub(super) completes_anew: bool,
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let inner = self.clients.connect(options)?;
        let Self { limits, traffic, completes_anew, .. } = self.clone();
        let answered = AtomicBool::new(false);
        Ok(HttpClient::new(RetryingService { inner, limits, traffic, completes_anew, answered }))
    }
}

struct RetryingService {
    inner: HttpClient,
    limits: RetryLimits,
    traffic: Arc<Traffic>,
    completes_anew: bool,
    /// True if the server has answered before.
    answered: AtomicBool,
}

impl fmt::Debug for RetryingService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryingService").finish_non_exhaustive()
    }
}

/// A failed try that may be retried.
struct Failed {
    fault: Fault,
    kind: HttpErrorKind,
    cause: Box<dyn std::error::Error + Send + Sync>,
    /// The pause that the server asks for.
    asked: Option<Duration>,
}

/// The result of one try.
enum TryResult {
    Answer(HttpResponse),
    Again(Failed),
    Never(HttpError),
}

#[async_trait]
impl HttpService for RetryingService {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if self.completes_anew && completes(&request) {
            request.headers_mut().insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
        }
        let mut retry = RetryState::new(self.limits);
        loop {
            let failed = match self.once(request.clone()).await {
                TryResult::Answer(answer) => return Ok(answer),
                TryResult::Never(error) => return Err(error),
                TryResult::Again(failed) => failed,
            };
            let Failed { fault, kind, cause, asked } = failed;
            match retry.next(fault, asked) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(HttpError::new::<RetriesExhausted>(kind, retry.exhausted(cause, asked))),
            }
        }
    }
}

impl RetryingService {
    async fn once(&self, request: HttpRequest) -> TryResult {
        let (is_safe, patience) = (is_repeatable(&request), self.limits.read_timeout + to_send(&request));
        let is_listing = is_listing(request.uri().query().unwrap_or_default());
        self.traffic.ask();
        let answer = match tokio::time::timeout(patience, self.inner.execute(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return self.unanswered(error, is_safe),
            Err(_) => {
                let error = ReadTimeout(patience);
                return self.unanswered(HttpError::new(HttpErrorKind::Timeout, error), is_safe);
            }
        };
        self.answered.store(true, Ordering::Relaxed);
        let (parts, body) = answer.into_parts();
        let body =
            HttpResponseBody::new(TimedBody::new(body, self.limits.read_timeout, self.traffic.clone()));
        let status = parts.status;
        let is_busy = (status.is_server_error() && status.as_u16() != NOT_IMPLEMENTED)
            || [TOO_EARLY_GONE, TOO_MANY].contains(&status.as_u16());
        if !(is_busy || is_listing && status.is_success()) {
            return TryResult::Answer(HttpResponse::from_parts(parts, body));
        }
        let body = match body.bytes().await {
            Ok(body) => body,
            // The body of a busy server's answer is not worth another request.
            Err(_) if is_busy => Bytes::new(),
            Err(error) => return self.unanswered(error, is_safe),
        };
        if !is_busy {
            return TryResult::Answer(HttpResponse::from_parts(parts, with_parts(body).into()));
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        TryResult::Again(Failed {
            fault: Fault::Refused,
            kind: HttpErrorKind::Unknown,
            cause: Box::new(FailedAnswer { status: status.to_string(), body }),
            asked: asked(&parts.headers),
        })
    }

    fn unanswered(&self, error: HttpError, is_safe: bool) -> TryResult {
        let kind = error.kind();
        let may_do_better = match kind {
            // The request was not sent.
            HttpErrorKind::Connect | HttpErrorKind::Request => true,
            HttpErrorKind::Timeout | HttpErrorKind::Interrupted => is_safe,
            _ => false,
        };
        if !may_do_better {
            return TryResult::Never(error);
        }
        let fault = Fault::of(kind, self.answered.load(Ordering::Relaxed));
        TryResult::Again(Failed { fault, kind, cause: Box::new(error), asked: None })
    }
}

/// Returns whether a request may be sent twice, since it does the same then: one that only reads, or that puts or deletes an
/// object whatever is there.
fn is_repeatable(request: &HttpRequest) -> bool {
    const CONDITIONS: [&str; 3] = [IF_NONE_MATCH, "if-match", "x-goog-if-generation-match"];
    let is_conditional = CONDITIONS.iter().any(|name| request.headers().contains_key(*name));
    request.method().is_safe() || request.method().is_idempotent() && !is_conditional
}

/// Returns how long a slow connection takes to send a request.
fn to_send(request: &HttpRequest) -> Duration {
    const BYTES_IN_A_SECOND: usize = 128 << 10;
    Duration::from_secs((request.body().content_length() / BYTES_IN_A_SECOND) as u64)
}

/// Returns whether a request completes an upload in parts to S3. Its signature is none of the header that is added.
fn completes(request: &HttpRequest) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.method().as_str() == "POST" && query.split('&').any(|part| part.starts_with("uploadId="))
}

const IF_NONE_MATCH: &str = "if-none-match";
const NOT_IMPLEMENTED: u16 = 501;
/// The status of a server that waited too long for the request.
const TOO_EARLY_GONE: u16 = 408;
const TOO_MANY: u16 = 429;

/// Returns whether a query asks S3, Google or Azure for a listing. These answers are short enough to be held
/// in memory.
fn is_listing(query: &str) -> bool {
    query.split('&').any(|part| ["list-type=2", "comp=list"].contains(&part))
}

/// Returns the pause that a server asks for: in seconds, or until a time by its own clock.
fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.trim());
    let after = text("retry-after")?;
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = |text: &str| DateTime::parse_from_rfc2822(text).ok();
    let (until, now) = (time(after)?, text("date").and_then(time)?);
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_a_server_asks_for_is_understood() {
        let seconds = |after: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", after.parse().unwrap());
            if let Some(date) = date {
                headers.insert("date", date.parse().unwrap());
            }
            asked(&headers).map(|time| time.as_secs())
        };
        let (now, then) = ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:30 GMT");
        assert_eq!(seconds("7", None), Some(7));
        assert_eq!(seconds(then, Some(now)), Some(30));
        // A past time needs no pause, and an unreadable header is ignored.
        assert_eq!(seconds(now, Some(then)), Some(0));
        assert_eq!([seconds(then, None), seconds("soon", Some(now)), seconds("-1", Some(now))], [None; 3]);
        assert_eq!(asked(&HeaderMap::new()), None);
    }

    #[test]
    fn a_listing_is_told_from_an_object() {
        assert!(is_listing("list-type=2&prefix=a%2F") && is_listing("restype=container&comp=list"));
        assert!(!is_listing("") && !is_listing("sig=list-type%3D2"));
    }
}
