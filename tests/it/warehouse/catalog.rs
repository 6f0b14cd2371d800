//! Tables of a Unity Catalog: read from their files by credentials that the catalog lends, or judged in the warehouse.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use karat::engine::{Engine, FederatedEngine, PolarsEngine, UnityCatalog};
use karat::source::{DatabricksSettings, StorageOptions};
use karat::{CheckOptions, Run, Suite, check};
use serde_json::{Value, json};

use super::mock::{Asked, Reply};
use super::service::{Behaviour, Service};
use super::{SUITE, assert_judged, error, settings};
use crate::places::delta;
use crate::store::s3::{KEY, S3, SECRET, options};

pub(super) const SESSION: &str = "planted-session-token";
const TABLE: &str = "/api/2.1/unity-catalog/tables/main.sales.orders";
const CREDENTIALS: &str = "/api/2.0/unity-catalog/temporary-table-credentials";
const URI: &str = "uc://main.sales.orders";
const HOLDS: &str = "{suite: s, columns: {id: [not_null, unique]}, table: [row_count: {equal: 3}]}";

/// A store with a Delta table.
pub(super) fn store() -> S3 {
    let store = S3::new();
    delta(&store.path("orders"), "a.parquet", "a.parquet");
    store
}

/// What a catalog answers: what it says of the table beside what is usual, and how it lends.
pub(super) fn catalog(asked: &Asked, more: &Value, lend: impl Fn() -> Reply) -> Option<Reply> {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", TABLE) => {
            let mut table = json!({
                "name": "orders", "catalog_name": "main", "schema_name": "sales", "table_id": "t-1",
                "table_type": "EXTERNAL", "data_source_format": "DELTA", "storage_location": "s3://lake/orders",
                "columns": [{"name": "id", "type_text": "bigint", "position": 0}],
                "properties": {"delta.minReaderVersion": "1"},
            });
            for (name, value) in more.as_object().unwrap() {
                table[name] = value.clone();
            }
            Some(Reply::ok(table))
        }
        ("POST", CREDENTIALS) => {
            assert_eq!(asked.json(), json!({"table_id": "t-1", "operation": "READ"}));
            Some(lend())
        }
        _ => None,
    }
}

/// Keys of S3 that are valid until then, in milliseconds since 1970.
pub(super) fn keys(secret: &str, until: i64) -> Reply {
    Reply::ok(json!({
        "url": "s3://lake/orders",
        "expiration_time": until,
        "aws_temp_credentials": {"access_key_id": KEY, "secret_access_key": secret, "session_token": SESSION},
    }))
}

/// A time that no test lives to see.
pub(super) const NEVER: i64 = 4_102_444_800_000;

fn judged(settings: DatabricksSettings, suite: &str, uri: &str, storage: StorageOptions) -> Run {
    let own: Arc<dyn Engine> = Arc::new(PolarsEngine::default());
    let catalog = UnityCatalog::new(settings, Arc::clone(&own));
    let engine = Arc::new(FederatedEngine::new(Box::new(catalog), own));
    check(
        &Suite::from_yaml(suite).unwrap(),
        uri,
        &CheckOptions { engine, storage, ..CheckOptions::default() },
    )
}

/// What finds the store, without credentials.
fn place(store: &S3) -> StorageOptions {
    options(&[
        ("aws_endpoint_url", &format!("http://{}", store.address())),
        ("aws_allow_http", "true"),
        ("aws_skip_signature", "true"),
        ("max_retries", "1"),
    ])
}

fn without_warehouse(service: &Service) -> DatabricksSettings {
    DatabricksSettings { warehouse: None, ..settings(&service.workspace) }
}

#[test]
fn files_are_read_by_credentials_that_are_lent() {
    let store = store();
    let service =
        Service::and(Behaviour::default(), |asked| catalog(asked, &json!({}), || keys(SECRET, NEVER)));
    for uri in [URI, "uc://main.sales.orders@v0"] {
        let run = judged(settings(&service.workspace), HOLDS, uri, place(&store));
        assert_eq!(run.suites[0].error, None);
        assert!(run.passed(), "{:?}", run.suites[0].outcomes);
        let identity = run.suites[0].snapshot.as_ref().unwrap();
        assert_eq!(
            (identity.uri.as_str(), identity.version, identity.format.name()),
            (URI, Some(0), "delta")
        );
        assert!(run.suites[0].execution.as_ref().unwrap().0.starts_with("polars"));
    }
    assert!(service.statements().is_empty());
    // They were lent once for each run.
    assert_eq!(service.workspace.asked().iter().filter(|asked| asked.path == CREDENTIALS).count(), 2);
}

#[test]
fn credentials_are_lent_anew_before_they_expire() {
    let (store, lent) = (store(), Arc::new(AtomicUsize::new(0)));
    let count = lent.clone();
    let service = Service::and(Behaviour::default(), move |asked| {
        catalog(asked, &json!({}), || {
            count.fetch_add(1, Ordering::Relaxed);
            // These end at once.
            keys(SECRET, 0)
        })
    });
    let run = judged(without_warehouse(&service), HOLDS, URI, place(&store));
    assert_eq!(run.suites[0].error, None);
    assert!(run.passed() && lent.load(Ordering::Relaxed) > 2);
}

#[test]
fn credentials_that_the_store_does_not_take_are_told() {
    let store = store();
    let service = Service::and(Behaviour::default(), |asked| {
        catalog(asked, &json!({}), || keys("planted-wrong-secret", NEVER))
    });
    let message = error(&judged(without_warehouse(&service), HOLDS, URI, place(&store)));
    assert!(message.contains("access is denied") && !message.contains("planted"), "{message}");
}

#[test]
fn a_catalog_that_stops_lending_is_told() {
    let (store, lent) = (store(), AtomicUsize::new(0));
    let service = Service::and(Behaviour::default(), move |asked| {
        catalog(asked, &json!({}), || match lent.fetch_add(1, Ordering::Relaxed) {
            0 => keys(SECRET, 0),
            _ => Reply::of(403, json!({"error_code": "PERMISSION_DENIED", "message": "no longer"})),
        })
    });
    let message = error(&judged(without_warehouse(&service), HOLDS, URI, place(&store)));
    assert!(message.contains("its catalog lends no credentials: PERMISSION_DENIED: no longer"), "{message}");
}

#[test]
fn what_may_not_be_read_is_judged_in_the_warehouse_or_refused_by_name() {
    let store = store();
    let mask = json!([{"name": "id", "mask": {"function_name": "main.sales.hidden"}}]);
    let denied =
        || Reply::of(403, json!({"error_code": "PERMISSION_DENIED", "message": "EXTERNAL USE SCHEMA"}));
    let cases = [
        (json!({"table_type": "VIEW"}), "it is a view"),
        (json!({"table_type": "MATERIALIZED_VIEW"}), "MATERIALIZED_VIEW"),
        (json!({"row_filter": {"function_name": "main.sales.own"}}), "row filter"),
        (json!({"columns": mask}), "its column id has a mask"),
        (
            json!({"properties": {"delta.feature.catalogManaged": "supported"}}),
            "delta.feature.catalogManaged",
        ),
        (json!({"data_source_format": "ICEBERG"}), "its format ICEBERG is not read"),
        (json!({"storage_location": "dbfs:/user/hive/orders"}), "in no store"),
        (json!({"table_id": "t-1"}), "lends no credentials"),
    ];
    for (more, why) in cases {
        let service = Service::and(Behaviour::default(), move |asked| catalog(asked, &more, denied));
        let run = judged(settings(&service.workspace), SUITE, URI, place(&store));
        assert_judged(&run);
        assert_eq!(run.suites[0].snapshot.as_ref().unwrap().uri, URI);
        assert_eq!(run.suites[0].execution.as_ref().unwrap().0, "databricks");
        let message = error(&judged(without_warehouse(&service), SUITE, URI, place(&store)));
        assert!(message.contains(why) && message.contains("DATABRICKS_WAREHOUSE_ID"), "{why}: {message}");
    }
}

#[test]
fn parquet_files_of_a_catalog_are_read() {
    let store = S3::new();
    store.put("orders/a.parquet", &std::fs::read(self::store().path("orders/a.parquet")).unwrap());
    let service = Service::and(Behaviour::default(), |asked| {
        catalog(asked, &json!({"data_source_format": "PARQUET"}), || keys(SECRET, NEVER))
    });
    let run = judged(without_warehouse(&service), HOLDS, URI, place(&store));
    assert_eq!(run.suites[0].error, None);
    assert!(run.passed());
}

#[test]
fn what_is_not_there_is_told() {
    let service = Service::and(Behaviour::default(), |asked| {
        asked.path.starts_with("/api/2.1/").then(|| {
            Reply::of(404, json!({"error_code": "TABLE_DOES_NOT_EXIST", "message": "Table does not exist."}))
        })
    });
    let run = judged(settings(&service.workspace), HOLDS, URI, StorageOptions::default());
    assert!(error(&run).contains("nothing lies at uc://main.sales.orders"), "{}", error(&run));
}
