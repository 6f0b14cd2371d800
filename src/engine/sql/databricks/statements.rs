//! Runs statements in a warehouse: sends one, asks how it stands until it has ended, and cancels it when nobody waits any more.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::answers::{State, StatementAnswer, Status};
use crate::engine::sql::SessionError;
use crate::engine::sql::running::Running;
use crate::source::databricks::{Refusal, Workspace};
use crate::source::store::begin;

/// A warehouse that runs statements.
#[derive(Clone)]
pub(super) struct Warehouse {
    pub(super) workspace: Workspace,
    /// Its id.
    pub(super) id: String,
    /// After how long a statement is cancelled.
    pub(super) statement_timeout: Option<Duration>,
}

/// A statement that a signal cancels.
struct RunningStatement {
    /// Its id, as soon as that is known.
    id: Arc<OnceLock<String>>,
    _running: Running,
}

impl RunningStatement {
    fn is(&self, id: &str) {
        self.id.get_or_init(|| id.to_owned());
    }
}

/// Where a result comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// The answer of the service, which holds 25 MiB.
    Inline,
    /// Files of a store, to which the answer has links.
    ExternalLinks,
}

/// Whether the caller waits for a statement no longer.
pub(super) type IsCancelled<'a> = &'a (dyn Fn() -> bool + Sync);

/// How often a request that runs is asked whether its caller still waits.
const PATIENCE: Duration = Duration::from_millis(50);
/// The first and the last pause between two questions how a statement stands.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));
/// How long the service is waited for when a statement is to be cancelled.
const MOST_TO_STOP: Duration = Duration::from_secs(10);
/// The longest text of a statement, in bytes.
const MOST_TEXT: usize = 16 << 20;
pub(super) const STATEMENTS: [&str; 4] = ["api", "2.0", "sql", "statements"];

impl Warehouse {
    /// Runs a statement to its end.
    ///
    /// # Errors
    /// It failed, was cancelled or took too long, or the service does not answer.
    pub(super) fn run(
        &self,
        statement: &str,
        disposition: Disposition,
        is_cancelled: IsCancelled<'_>,
    ) -> Result<StatementAnswer, SessionError> {
        if statement.len() > MOST_TEXT {
            return Err(SessionError::Statement {
                message: format!(
                    "a warehouse takes statements of 16 MiB; this one has {} bytes",
                    statement.len()
                ),
            });
        }
        let begun = Instant::now();
        // The service does not wait for the statement, so that its id is known when it is to be cancelled.
        let body = json!({
            "statement": statement,
            "warehouse_id": self.id,
            "disposition": disposition.name(),
            "format": "JSON_ARRAY",
            "wait_timeout": "0s",
            "on_wait_timeout": "CONTINUE",
        });
        let running = self.running();
        let mut answer = self.send(body)?;
        let id = answer.statement_id.clone();
        running.is(&id);
        let (mut pause, last) = PAUSES;
        while matches!(answer.status.state, State::Pending | State::Running) {
            let id = id.clone();
            let is_late = || self.statement_timeout.is_some_and(|most| begun.elapsed() > most);
            if is_cancelled() || is_late() {
                self.cancel(&id);
                return Err(if is_cancelled() { SessionError::Cancelled } else { self.too_late() });
            }
            sleep(pause, &|| is_cancelled() || is_late());
            pause = (pause * 2).min(last);
            let workspace = self.workspace.clone();
            let asked = async move {
                let path = [&STATEMENTS[..], &[&id]].concat();
                workspace.get::<StatementAnswer>(&path).await
            };
            match call(asked, is_cancelled) {
                Err(SessionError::Cancelled) => {
                    self.cancel(&answer.statement_id);
                    return Err(SessionError::Cancelled);
                }
                stands => answer = stands?.map_err(|refusal| failed(&refusal))?,
            }
        }
        if answer.status.state == State::Succeeded { Ok(answer) } else { Err(ended(answer.status)) }
    }

    /// Says that a statement is about to run.
    fn running(&self) -> RunningStatement {
        let (warehouse, id) = (self.clone(), Arc::<OnceLock<String>>::default());
        let known = id.clone();
        let stop = move || {
            let begun = Instant::now();
            // One that is being sent has an id as soon as the service has answered.
            while known.get().is_none() && begun.elapsed() < MOST_TO_STOP {
                std::thread::sleep(PATIENCE);
            }
            if let Some(id) = known.get() {
                warehouse.cancel(id);
            }
        };
        RunningStatement { id, _running: Running::stopped_by(stop) }
    }

    /// Sends a statement, and waits for its id even if the caller does not: without it nothing could be cancelled.
    fn send(&self, body: Value) -> Result<StatementAnswer, SessionError> {
        let workspace = self.workspace.clone();
        let sent = async move { workspace.post::<StatementAnswer>(&STATEMENTS, &body).await };
        let (answer, _) = call(sent, &|| false)?.map_err(|refusal| failed(&refusal))?;
        Ok(answer)
    }

    /// Asks the service to end a statement; if it does not answer, the statement runs to its end.
    pub(super) fn cancel(&self, id: &str) {
        let (workspace, id) = (self.workspace.clone(), id.to_owned());
        let asked = async move {
            let path = [&STATEMENTS[..], &[&id, "cancel"]].concat();
            workspace.post::<Value>(&path, &json!({})).await.map(drop)
        };
        let begun = Instant::now();
        let _ = call(asked, &|| begun.elapsed() > MOST_TO_STOP);
    }

    fn too_late(&self) -> SessionError {
        let seconds = self.statement_timeout.unwrap_or_default().as_secs();
        SessionError::Stopped {
            message: format!(
                "a statement took longer than {seconds} s (--statement-timeout), and was cancelled"
            ),
        }
    }
}

impl Disposition {
    const fn name(self) -> &'static str {
        match self {
            Self::Inline => "INLINE",
            Self::ExternalLinks => "EXTERNAL_LINKS",
        }
    }
}

/// Runs a request to its end, unless the caller waits for it no longer.
pub(super) fn call<T: Send + 'static>(
    request: impl Future<Output = T> + Send + 'static,
    is_cancelled: IsCancelled<'_>,
) -> Result<T, SessionError> {
    let lost = |message: String| SessionError::Lost { message };
    let running = begin(request).map_err(lost)?;
    loop {
        if let Some(found) = running.wait_until(PATIENCE) {
            return found.map_err(lost);
        }
        if is_cancelled() {
            return Err(SessionError::Cancelled);
        }
    }
}

fn sleep(pause: Duration, is_over: &dyn Fn() -> bool) {
    let begun = Instant::now();
    while begun.elapsed() < pause && !is_over() {
        std::thread::sleep(PATIENCE.min(pause.saturating_sub(begun.elapsed())));
    }
}

/// Returns the error of a request that the service refused. A statement that it does not take is one that fails; anything else
/// holds for all statements.
pub(super) fn failed(refusal: &Refusal) -> SessionError {
    let message = refusal.to_string();
    match refusal {
        Refusal::Refused { status: 400 | 413, .. } => SessionError::Statement { message },
        _ => SessionError::Lost { message },
    }
}

/// Returns the error of a statement that has not succeeded.
fn ended(status: Status) -> SessionError {
    /// The codes of errors that are not the statement's.
    const OF_SERVICE: [&str; 4] = [
        "TEMPORARILY_UNAVAILABLE",
        "SERVICE_UNDER_MAINTENANCE",
        "WORKSPACE_TEMPORARILY_UNAVAILABLE",
        "UNAUTHENTICATED",
    ];
    let failure = status.error.unwrap_or_default();
    let message = match status.state {
        State::Canceled => "somebody cancelled it".to_owned(),
        State::Closed => "its result is gone: it was closed".to_owned(),
        _ => {
            let sql_state = status.sql_state.filter(|state| !failure.message.contains(state.as_str()));
            let sql_state = sql_state.map_or_else(String::new, |state| format!(" (SQLSTATE {state})"));
            format!("{}: {}{sql_state}", failure.error_code, failure.message)
        }
    };
    if OF_SERVICE.contains(&failure.error_code.as_str()) {
        SessionError::Lost { message }
    } else {
        SessionError::Statement { message }
    }
}

/// Returns whether a statement failed since its result is too large for the answer.
pub(super) fn is_too_large(error: &SessionError) -> bool {
    // The service has no code for it.
    matches!(error, SessionError::Statement { message } if message.contains("disposition=EXTERNAL_LINKS"))
}
