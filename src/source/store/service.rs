//! Requests to a service that answers in JSON, by the client of stores: with its retries, its rules of redirects, and its errors
//! without secrets.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use object_store::client::{HttpClient, HttpConnector as _, HttpError, HttpRequest, HttpRequestBody};
use object_store::{ClientOptions, HeaderMap, HeaderValue};
use reqwest::header::HeaderName;
use url::Url;

use super::client::{self, RedirectPolicy};
use super::errors::unanswered;
use super::options::StorageOptions;
use super::retrying_client::Connector;
use super::traffic::Traffic;
use super::trusted::trusted_by_machine;

/// A client of services.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    client: HttpClient,
}

/// A request to a service. Its headers and its body may hold secrets.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) url: Url,
    headers: HeaderMap,
    /// What is posted; a request without one gets.
    body: Option<Bytes>,
}

/// An answer of a service.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    /// The time of the answer, by the clock of the service.
    pub(crate) at: Option<DateTime<Utc>>,
}

impl Request {
    /// Returns a request that gets what lies at a URL.
    pub(crate) fn get(url: Url) -> Self {
        Self { url, headers: HeaderMap::new(), body: None }
    }

    /// Returns a request that posts a body.
    pub(crate) fn post(url: Url, body: impl Into<Bytes>, kind: &'static str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(kind));
        Self { url, headers, body: Some(body.into()) }
    }

    /// Adds a header, whose value is shown nowhere.
    ///
    /// # Errors
    /// The name or the value is none of a header. The message does not repeat them.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Result<Self, String> {
        let wrong = || "a header for it holds characters that no header has".to_owned();
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        value.set_sensitive(true);
        let name: HeaderName = name.parse().map_err(|_| wrong())?;
        self.headers.insert(name, value);
        Ok(self)
    }

    fn to_send(&self) -> Result<HttpRequest, String> {
        let no_url = || "its address is no URL".to_owned();
        let mut request = HttpRequest::new(match &self.body {
            None => HttpRequestBody::empty(),
            Some(body) => body.clone().into(),
        });
        if self.body.is_some() {
            *request.method_mut() = "POST".parse().map_err(|_| no_url())?;
        }
        *request.uri_mut() = self.url.as_str().parse().map_err(|_| no_url())?;
        *request.headers_mut() = self.headers.clone();
        Ok(request)
    }
}

impl Service {
    /// Returns a client. Without encryption it asks only where that is allowed.
    ///
    /// # Errors
    /// The machine trusts nobody, as its settings are.
    pub(crate) fn new(allows_http: bool) -> Result<Self, String> {
        trusted_by_machine()?;
        let clients = client::Connector { follow: RedirectPolicy::SameHost, trusted: Vec::new() };
        let limits = StorageOptions::default().limits();
        let traffic = Arc::new(Traffic::default());
        let connector = Connector { clients, limits, traffic, completes_anew: false };
        let options = ClientOptions::new().with_timeout_disabled().with_allow_http(allows_http);
        let client = connector.connect(&options).map_err(|error| error.to_string())?;
        Ok(Self { client })
    }

    /// Sends a request, again if the service is too busy, and returns its answer, whatever its status.
    ///
    /// # Errors
    /// The service does not answer.
    pub(crate) async fn ask(&self, request: &Request) -> Result<Answer, String> {
        const TRIES: usize = 3;
        let mut tried = 1;
        loop {
            match self.once(request).await? {
                Ok(answer) => return Ok(answer),
                // An answer that broke off is asked for again; what is posted may have been done.
                Err(_) if request.body.is_none() && tried < TRIES => tried += 1,
                Err(error) => return Err(unanswered(&request.url, error)),
            }
        }
    }

    /// Sends a request once, or as often as no answer begins; the inner error is that of an answer that broke off.
    async fn once(&self, request: &Request) -> Result<Result<Answer, HttpError>, String> {
        let answer = self.client.execute(request.to_send()?).await;
        let (parts, body) = answer.map_err(|error| unanswered(&request.url, error))?.into_parts();
        let date = parts.headers.get("date").and_then(|date| date.to_str().ok());
        let at = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|at| at.to_utc());
        Ok(body.bytes().await.map(|body| Answer { status: parts.status.as_u16(), body, at }))
    }
}
