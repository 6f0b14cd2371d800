//! Statements: sent, asked after, cancelled; and what becomes of a check when one fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use karat::data::Value;
use karat::source::{At, DatabricksSettings};
use karat::{CheckOptions, Data, Suite, check};

use super::service::{Behaviour, Service};
use super::{ORDERS, SOON, SUITE, as_client, assert_judged, error, judged, reasons, settings};

fn service(behaviour: Behaviour) -> Service {
    Service::with(behaviour)
}

#[test]
fn a_table_is_judged_at_one_version() {
    let service = service(Behaviour::default());
    let run = judged(settings(&service.workspace), SUITE, ORDERS);
    assert_judged(&run);
    let identity = run.suites[0].snapshot.as_ref().unwrap();
    assert_eq!(
        (identity.uri.as_str(), identity.version, identity.format.name()),
        (ORDERS, Some(7), "databricks")
    );
    let statements = service.statements();
    let judging: Vec<_> = statements.iter().filter(|statement| statement.text.contains("karat 0")).collect();
    assert!(
        !judging.is_empty() && judging.iter().all(|statement| statement.text.contains("VERSION AS OF 7"))
    );
    // Two failing rows came with their keys, in two chunks.
    let samples = &run.suites[0].outcomes[1].samples;
    assert_eq!(samples.rows.len(), 2, "{samples:?}");
}

#[test]
fn an_older_version_is_judged_when_it_is_asked_for() {
    let service = service(Behaviour::default());
    let version = |data: Data| {
        let run = judged(settings(&service.workspace), SUITE, data);
        assert_judged(&run);
        run.suites[0].snapshot.as_ref().unwrap().version
    };
    assert_eq!(version(format!("{ORDERS}@v3").into()), Some(3));
    assert_eq!(version(Data::Uri { uri: ORDERS.to_owned(), at: At::Version(2) }), Some(2));
    let time = chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    assert_eq!(version(Data::Uri { uri: ORDERS.to_owned(), at: At::Timestamp(time) }), Some(5));
    let changes = Data::Uri { uri: ORDERS.to_owned(), at: At::Changes { from: 1, to: None } };
    let message = error(&judged(settings(&service.workspace), SUITE, changes));
    assert!(message.contains("told by karat's own engine"), "{message}");
}

#[test]
fn what_has_no_versions_is_read_as_it_is_and_names_none() {
    let service = service(Behaviour { has_no_versions: true, ..Behaviour::default() });
    let run = judged(settings(&service.workspace), SUITE, ORDERS);
    assert_judged(&run);
    assert_eq!(run.suites[0].snapshot.as_ref().unwrap().version, None);
    // But a version that is asked for is not passed over.
    assert!(
        error(&judged(settings(&service.workspace), SUITE, format!("{ORDERS}@v3")))
            .contains("no table of Delta")
    );
}

#[test]
fn a_busy_service_a_lost_connection_and_a_token_that_expires_change_nothing() {
    for behaviour in [
        Behaviour { throttled: 5, ..Behaviour::default() },
        Behaviour { cut: 3, ..Behaviour::default() },
        Behaviour { running: 4, expired_tokens: 2, ..Behaviour::default() },
    ] {
        let service = service(behaviour.clone());
        assert_judged(&judged(as_client(&service.workspace), SUITE, ORDERS));
        let grants = service.workspace.asked().iter().filter(|asked| asked.path == "/oidc/v1/token").count();
        let throttled = behaviour.throttled;
        assert!(
            (1 + behaviour.expired_tokens..=1 + behaviour.expired_tokens + throttled).contains(&grants),
            "{grants}"
        );
    }
}

#[test]
fn a_large_result_comes_by_links_which_may_expire() {
    for expired_links in [0, 3] {
        let service = service(Behaviour { is_large: true, expired_links, ..Behaviour::default() });
        let run = judged(settings(&service.workspace), SUITE, ORDERS);
        assert_judged(&run);
        assert_eq!(run.suites[0].outcomes[1].samples.rows.len(), 2);
        assert!(service.store.asked().len() > 2);
    }
    let service = service(Behaviour { is_large: true, expired_links: 99, ..Behaviour::default() });
    let message = error(&judged(settings(&service.workspace), SUITE, ORDERS));
    assert!(message.contains("answered 403 to 4 links"), "{message}");
}

#[test]
fn a_result_that_is_not_whole_is_an_error() {
    let service = service(Behaviour { is_truncated: true, ..Behaviour::default() });
    let run = judged(settings(&service.workspace), SUITE, ORDERS);
    assert!(reasons(&run).iter().all(|reason| reason.contains("manifest.truncated")), "{:?}", reasons(&run));
    let service = self::service(Behaviour { loses_a_row: true, ..Behaviour::default() });
    let run = judged(settings(&service.workspace), SUITE, ORDERS);
    assert!(
        reasons(&run).iter().all(|reason| reason.contains("has 2 rows, and 1 came")),
        "{:?}",
        reasons(&run)
    );
}

#[test]
fn a_statement_that_fails_costs_its_own_checks() {
    let service = service(Behaviour { culprit: Some("'O'"), ..Behaviour::default() });
    let run = judged(settings(&service.workspace), SUITE, ORDERS);
    let verdicts: Vec<_> = run.suites[0].outcomes.iter().map(|outcome| outcome.verdict.name()).collect();
    assert_eq!(verdicts, ["pass", "error", "pass"]);
    let reason = &reasons(&run)[1];
    assert!(reason.contains("ARITHMETIC_OVERFLOW") && reason.contains("SQLSTATE 22003"), "{reason}");
}

#[test]
fn a_service_that_gives_up_is_no_fault_of_a_check() {
    let fails = Some(("TEMPORARILY_UNAVAILABLE", "the warehouse is stopped", "HY000"));
    let service = service(Behaviour { fails, ..Behaviour::default() });
    let message = error(&judged(settings(&service.workspace), SUITE, ORDERS));
    assert!(message.contains("the warehouse is stopped"), "{message}");
}

#[test]
fn a_statement_that_takes_too_long_is_cancelled() {
    let service = service(Behaviour { never_ends: true, ..Behaviour::default() });
    let statement_timeout = Some(Duration::from_millis(300));
    let run = judged(DatabricksSettings { statement_timeout, ..settings(&service.workspace) }, SUITE, ORDERS);
    let message = error(&run);
    assert!(message.contains("--statement-timeout"), "{message}");
    let mut judging = service.statements().into_iter().filter(|statement| statement.text.contains("karat 0"));
    assert!(judging.all(|statement| statement.is_cancelled));
}

#[test]
fn a_run_that_is_cancelled_cancels_its_statement() {
    let service = Arc::new(service(Behaviour { never_ends: true, ..Behaviour::default() }));
    let is_cancelled = Arc::new(AtomicBool::new(false));
    let (flag, asked) = (is_cancelled.clone(), service.clone());
    let waiting = std::thread::spawn(move || {
        while !asked.statements().iter().any(|statement| statement.text.contains("karat 0")) {
            std::thread::sleep(Duration::from_millis(10));
        }
        flag.store(true, Ordering::Relaxed);
        Instant::now()
    });
    let engine = Arc::new(karat::engine::sql::SqlEngine::new(
        karat::engine::sql::databricks::DatabricksConnector::new(settings(&service.workspace)),
    ));
    let options = CheckOptions { engine, cancelled: is_cancelled, ..CheckOptions::default() };
    let run = check(&Suite::from_yaml(SUITE).unwrap(), ORDERS, &options);
    let since = waiting.join().unwrap().elapsed();
    assert!(error(&run).contains("cancelled") && since < Duration::from_secs(2), "{since:?}");
    assert!(service.statements().last().unwrap().is_cancelled);
}

#[test]
fn a_warehouse_that_is_set_otherwise_judges_nothing() {
    let service = service(Behaviour { zone: "Europe/Stockholm", ..Behaviour::default() });
    let message = error(&judged(settings(&service.workspace), SUITE, ORDERS));
    assert!(message.contains("the time zone of its sessions is not UTC"), "{message}");
}

#[test]
fn what_is_wrong_is_told() {
    let service = service(Behaviour::default());
    let told = |settings: DatabricksSettings, data: &str| error(&judged(settings, SUITE, data));
    let own = || settings(&service.workspace);
    assert!(told(own(), "databricks://main.sales.lost").contains("TABLE_OR_VIEW_NOT_FOUND"));
    assert!(told(own(), "databricks://sales.orders").contains("catalog.schema.table"));
    let no_warehouse = DatabricksSettings { warehouse: None, ..own() };
    assert!(told(no_warehouse, ORDERS).contains("DATABRICKS_WAREHOUSE_ID names one"));
    let wrong = karat::source::Login::Token("another".to_owned());
    let message = told(DatabricksSettings { login: wrong, ..own() }, ORDERS);
    assert!(message.contains("does not accept the login") && !message.contains("another"), "{message}");
    let begun = Instant::now();
    let nobody = DatabricksSettings { host: "http://127.0.0.1:1".to_owned(), ..own() };
    assert!(told(nobody, ORDERS).contains("cannot be reached"));
    assert!(begun.elapsed() < SOON);
}

#[test]
fn collations_and_instants_are_read_as_karat_reads_them() {
    let service = service(Behaviour::default());
    let suite = "{suite: s, columns: {note: [not_null], loaded: [not_null], parts: [not_null]}}";
    let run = judged(settings(&service.workspace), suite, ORDERS);
    assert_eq!(run.suites[0].error, None);
    let text = service
        .statements()
        .into_iter()
        .map(|statement| statement.text)
        .find(|text| text.contains("karat 0"));
    let text = text.unwrap();
    assert!(text.contains("(`note` COLLATE UTF8_BINARY) AS `note`"), "{text}");
    assert!(text.contains("CAST(`loaded` AS TIMESTAMP_NTZ) AS `loaded`"), "{text}");
    assert_ne!(run.suites[0].outcomes[0].observed, Value::Boolean(true));
}
