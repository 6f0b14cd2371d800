//! The token that a request bears.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures::lock::Mutex;
use serde::Deserialize;
use url::Url;

use super::Refusal;
use super::settings::Login;
use crate::source::store::{Request, Service};

/// Gives the token of a login; that of a service principal is fetched when it is first needed, and again before it expires.
#[derive(Clone)]
pub(super) struct Tokens {
    login: Arc<Login>,
    /// Where tokens are fetched.
    endpoint: Url,
    fetched: Arc<Mutex<Option<(String, Instant)>>>,
}

/// How long before its end a token is used no longer.
const MARGIN: Duration = Duration::from_mins(1);

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// Seconds.
    expires_in: Option<u64>,
}

impl Tokens {
    /// Returns what gives the tokens of a workspace.
    pub(super) fn of(login: Login, workspace: &Url) -> Result<Self, Refusal> {
        let endpoint =
            workspace.join("oidc/v1/token").map_err(|error| Refusal::unreadable(&error.to_string()))?;
        Ok(Self { login: Arc::new(login), endpoint, fetched: Arc::default() })
    }

    /// Returns a token that is valid.
    pub(super) async fn valid(&self, service: &Service) -> Result<String, Refusal> {
        let (id, secret) = match self.login.as_ref() {
            Login::Token(token) => return Ok(token.clone()),
            Login::Client { id, secret } => (id, secret),
        };
        let mut fetched = self.fetched.lock().await;
        if let Some((token, until)) = fetched.as_ref()
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let body = "grant_type=client_credentials&scope=all-apis";
        let client = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
        let request = Request::post(self.endpoint.clone(), body, "application/x-www-form-urlencoded")
            .with("authorization", &client)
            .map_err(Refusal::Unreachable)?;
        let answer = service.ask(&request).await.map_err(Refusal::Unreachable)?;
        if answer.status != 200 {
            return Err(Refusal::of_login(&answer));
        }
        let granted: Granted = serde_json::from_slice(&answer.body)
            .map_err(|_| Refusal::unreadable("a token of it has another form than that of OAuth"))?;
        let lasts = Duration::from_secs(granted.expires_in.unwrap_or(0));
        let used = lasts.saturating_sub(MARGIN).max(lasts / 2);
        *fetched = Some((granted.access_token.clone(), Instant::now() + used));
        Ok(granted.access_token)
    }

    /// Forgets a token that the workspace does not accept; returns whether another one can be had.
    pub(super) async fn forget(&self, refused: &str) -> bool {
        let mut fetched = self.fetched.lock().await;
        if fetched.as_ref().is_some_and(|(token, _)| token == refused) {
            *fetched = None;
        }
        matches!(self.login.as_ref(), Login::Client { .. })
    }
}
