//! Tables of Databricks, over a service on loopback that answers as the documents of the real one say.

mod catalog;
pub(crate) mod mock;
mod secrets;
mod service;
mod statements;

use std::sync::Arc;
use std::time::Duration;

use karat::engine::sql::SqlEngine;
use karat::engine::sql::databricks::DatabricksConnector;
use karat::evaluate::Outcome;
use karat::source::{DatabricksSettings, Login};
use karat::{CheckOptions, Data, Run, Suite, check};

use mock::Mock;
use service::{CLIENT, TOKEN};

/// A suite of which two rows fail.
const SUITE: &str = "{suite: s, key: id, columns: {id: [not_null], status: [in_set: [O, F]]}, table: [row_count: {equal: 4}]}";
const ORDERS: &str = "databricks://main.sales.orders";

/// What opens a service, as somebody with a token.
fn settings(service: &Mock) -> DatabricksSettings {
    DatabricksSettings {
        host: service.url(),
        login: Login::Token(TOKEN.to_owned()),
        warehouse: Some("w1".to_owned()),
        statement_timeout: None,
    }
}

/// The same as a service principal.
fn as_client(service: &Mock) -> DatabricksSettings {
    let (id, secret) = CLIENT;
    let login = Login::Client { id: id.to_owned(), secret: secret.to_owned() };
    DatabricksSettings { login, ..settings(service) }
}

/// A run in a warehouse.
fn judged(settings: DatabricksSettings, suite: &str, data: impl Into<Data>) -> Run {
    let engine = Arc::new(SqlEngine::new(DatabricksConnector::new(settings)));
    check(&Suite::from_yaml(suite).unwrap(), data, &CheckOptions { engine, ..CheckOptions::default() })
}

/// Asserts that a run came to what the suite comes to.
fn assert_judged(run: &Run) {
    let suite = &run.suites[0];
    assert_eq!(suite.error, None);
    let verdicts: Vec<_> = suite.outcomes.iter().map(|outcome| outcome.verdict.name()).collect();
    assert_eq!(verdicts, ["pass", "fail", "pass"], "{:?}", suite.outcomes);
    let counts = suite.outcomes[1].counts.unwrap();
    assert_eq!((counts.failing, counts.considered), (2, 4));
}

/// Why nothing of a suite could be judged.
fn error(run: &Run) -> String {
    let suite = &run.suites[0];
    suite.error.as_ref().map_or_else(|| panic!("{:?}", suite.outcomes), ToString::to_string)
}

fn reasons(run: &Run) -> Vec<String> {
    let reason = |outcome: &Outcome| outcome.reason.as_deref().unwrap_or_default().to_owned();
    run.suites[0].outcomes.iter().map(reason).collect()
}

/// Not long, for a test.
const SOON: Duration = Duration::from_secs(20);
