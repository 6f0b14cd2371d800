//! Servers that lead elsewhere: what is for one host is shown to no other.

use karat::source::StorageOptions;

use super::recorder::Recorder;
use super::s3::options;
use super::web_server::WebServer;
use super::{HOLDS, assert_passes, error, orders, parquet_bytes, run_with};

const SECRET: &str = "planted0Secret";
/// Any key in Base64.
const ACCOUNT_KEY: &str = "cGxhbnRlZDBTZWNyZXQ=";

/// Every way to open something at a server with a secret.
fn ways(server: &str) -> Vec<(String, StorageOptions)> {
    let s3 = |more: &[(&str, &str)]| {
        let endpoint = format!("http://{server}");
        let keys = [
            ("aws_access_key_id", "planted0Secret"),
            ("aws_secret_access_key", SECRET),
            ("aws_session_token", SECRET),
            ("aws_endpoint_url", &endpoint),
            ("allow_http", "true"),
            ("max_retries", "0"),
        ];
        ("s3://lake/x.parquet".to_owned(), options(&[&keys[..], more].concat()))
    };
    let azure = |name: &str, value: &str| {
        let endpoint = format!("http://{server}");
        let given = [
            ("azure_storage_account_name", "account"),
            (name, value),
            ("azure_endpoint", &endpoint),
            ("allow_http", "true"),
            ("max_retries", "0"),
        ];
        ("az://lake/x.parquet".to_owned(), options(&given))
    };
    let few = options(&[("max_retries", "0")]);
    let google = options(&[
        ("google_base_url", &format!("http://{server}")),
        ("google_skip_signature", "true"),
        ("max_retries", "0"),
    ]);
    vec![
        s3(&[]),
        s3(&[("aws_unsigned_payload", "true"), ("aws_request_payer", "true")]),
        azure("azure_storage_account_key", ACCOUNT_KEY),
        azure("azure_storage_token", SECRET),
        azure("azure_storage_sas_token", "sv=1&sig=planted0Secret"),
        ("gs://lake/x.parquet".to_owned(), google),
        (format!("http://me:{SECRET}@{server}/x.parquet"), few.clone()),
        (format!("http://{server}/x.parquet?token={SECRET}"), few.clone()),
        (format!("http://me:{SECRET}@{server}/x.parquet?token={SECRET}"), few),
    ]
}

#[test]
fn no_other_host_is_shown_a_secret() {
    let other = Recorder::answering("404 Not Found", "");
    let first = Recorder::leading_to(&format!("http://localhost:{}/x.parquet", other.address.port()));
    for (uri, options) in ways(&first.address.to_string()) {
        let message = error(&run_with(HOLDS, uri.clone(), options));
        assert!(!message.contains(SECRET), "{message}");
        if !uri.starts_with("http") {
            let expected = format!(
                "its server leads to http://localhost:{}, which is not followed: credentials go to the \
                 configured endpoint only",
                other.address.port()
            );
            assert!(message.contains(&expected), "{uri}: {message}");
        }
    }
    assert!(first.sent().contains(SECRET));
    let shown = other.sent().to_ascii_lowercase();
    assert!(shown.contains("get /x.parquet") || shown.contains("head /x.parquet"), "{shown}");
    for secret in [SECRET, ACCOUNT_KEY, "authorization", "x-amz-", "x-ms-", "referer"] {
        assert!(!shown.contains(&secret.to_ascii_lowercase()), "{shown}");
    }
}

#[test]
fn a_signature_is_not_repeated_to_another_host_that_a_server_names() {
    let other = Recorder::answering("404 Not Found", "");
    let first = Recorder::leading_to(&format!(
        "http://localhost:{}/x.parquet?token={SECRET}&more=1",
        other.address.port()
    ));
    let uri = format!("http://{}/x.parquet?token={SECRET}", first.address);
    let message = error(&run_with(HOLDS, uri, options(&[("max_retries", "0")])));
    assert!(
        message.contains("with the signature of the URI, which is for the host in the URI only"),
        "{message}"
    );
    assert_eq!(other.sent(), "");
}

#[test]
fn a_web_server_may_lead_to_another_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.parquet"), parquet_bytes(orders())).unwrap();
    let other = WebServer::of(folder.path(), true);
    let first =
        Recorder::leading_to(&format!("http://localhost:{}/x.parquet?signed=here", other.address.port()));
    let uri = format!("http://me:{SECRET}@{}/y.parquet?token={SECRET}", first.address);
    assert_passes(&run_with(HOLDS, uri, options(&[("max_retries", "0")])));
    let asked = other.asked.lock().unwrap();
    assert!(asked.iter().all(|line| line.contains("?signed=here HTTP/1.1 ") && !line.contains("Basic")));
}

#[test]
fn a_server_that_leads_in_circles_is_left() {
    let circle = Recorder::leading_to("/x.parquet");
    let uri = format!("http://{}/x.parquet", circle.address);
    let message = error(&run_with(HOLDS, uri, options(&[("max_retries", "0")])));
    assert!(message.contains("and so on, without an end"), "{message}");
}
