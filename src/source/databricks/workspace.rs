//! Requests to a workspace, and why it refuses them.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::DatabricksSettings;
use super::token::Tokens;
use crate::source::store::{Answer, Request, Service};

/// A workspace that is asked by somebody who is logged in.
#[derive(Clone)]
pub(crate) struct Workspace {
    url: Url,
    service: Service,
    tokens: Tokens,
}

/// The reason why a workspace did not do what it was asked for, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It answered that it does not.
    #[error("{}", told(code, message, *status))]
    Refused {
        /// The status of the answer.
        status: u16,
        /// The code of the error, such as `PERMISSION_DENIED`.
        code: String,
        /// The message of the service.
        message: String,
    },
    /// Who asks is not known, or no longer.
    #[error(
        "it does not accept the login: {0}; DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID with DATABRICKS_CLIENT_SECRET, say who asks"
    )]
    Login(String),
    /// There was no answer, or one that is not understood.
    #[error("{0}")]
    Unreachable(String),
}

/// An error as services write it. OAuth has other words.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    error_code: String,
    message: String,
    error: String,
    error_description: String,
}

impl Refusal {
    fn of(answer: &Answer) -> Self {
        let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap_or_default();
        let either = |one: String, other: String| if one.is_empty() { other } else { one };
        Self::Refused {
            status: answer.status,
            code: either(body.error_code, body.error),
            message: brief(&either(body.message, body.error_description)),
        }
    }

    /// Returns the refusal of a login.
    pub(super) fn of_login(answer: &Answer) -> Self {
        Self::Login(Self::of(answer).to_string())
    }

    /// Returns the refusal for an answer that is not understood.
    pub(super) fn unreadable(what: &str) -> Self {
        Self::Unreachable(what.to_owned())
    }

    /// Returns whether who asks may not have what is asked for.
    pub(crate) fn is_denial(&self) -> bool {
        matches!(self, Self::Refused { status: 403, .. })
    }

    /// Returns whether there is no such thing.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}

fn told(code: &str, message: &str, status: u16) -> String {
    match (code.is_empty(), message.is_empty()) {
        (false, false) => format!("{code}: {message}"),
        (true, true) => format!("it answered {status}"),
        _ => format!("{code}{message}"),
    }
}

/// Returns the beginning of the first line of a message.
fn brief(message: &str) -> String {
    const MOST: usize = 500;
    message.lines().next().unwrap_or_default().chars().take(MOST).collect()
}

impl Workspace {
    /// Returns a workspace. It is not asked for anything yet.
    ///
    /// # Errors
    /// The settings name none.
    pub(crate) fn new(settings: &DatabricksSettings) -> Result<Self, Refusal> {
        let url = settings.url().map_err(Refusal::Unreachable)?;
        let service = Service::new(url.scheme() == "http").map_err(Refusal::Unreachable)?;
        let tokens = Tokens::of(settings.login.clone(), &url)?;
        Ok(Self { url, service, tokens })
    }

    /// Returns the client, for what is asked elsewhere without a login.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Returns the URL of a path below the workspace, each part of which is encoded.
    pub(crate) fn at(&self, path: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.clear().extend(path);
        }
        url
    }

    /// Gets what lies at a path.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Refusal> {
        Ok(self.ask(Request::get(self.at(path))).await?.0)
    }

    /// Posts a body to a path, and returns the answer with its time.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &serde_json::Value,
    ) -> Result<(T, Option<DateTime<Utc>>), Refusal> {
        self.ask(Request::post(self.at(path), body.to_string(), "application/json")).await
    }

    /// Asks with a token; with another one, if that of a service principal is not accepted.
    async fn ask<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<(T, Option<DateTime<Utc>>), Refusal> {
        const UNAUTHORISED: u16 = 401;
        let mut is_first = true;
        loop {
            let token = self.tokens.valid(&self.service).await?;
            let asked = request.clone().with("authorization", &format!("Bearer {token}"));
            let asked =
                asked.map_err(|_| Refusal::Login("it holds characters that no token has".to_owned()))?;
            let answer = self.service.ask(&asked).await.map_err(Refusal::Unreachable)?;
            match answer.status {
                200..=299 => {
                    let body = serde_json::from_slice(&answer.body).map_err(|_| {
                        Refusal::unreadable("its answer has another form than that of Databricks")
                    })?;
                    return Ok((body, answer.at));
                }
                UNAUTHORISED if self.tokens.forget(&token).await && is_first => is_first = false,
                UNAUTHORISED => return Err(Refusal::of_login(&answer)),
                _ => return Err(Refusal::of(&answer)),
            }
        }
    }
}
