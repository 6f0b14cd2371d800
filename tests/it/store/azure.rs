//! Azure, before Azurite, where `AZURITE` names its executable (`azurite-blob` of the npm package `azurite`).

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sha2::{Digest as _, Sha256};

use super::history::is_kept;
use super::s3::options;
use super::{HOLDS, assert_passes, error, orders, parquet_bytes, run_with};
use crate::cli::karat;

/// The account of every Azurite, and its key, which is no secret.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

struct Azurite {
    address: SocketAddr,
    server: Child,
    _folder: tempfile::TempDir,
}

impl Azurite {
    fn start() -> Self {
        let program = std::env::var_os("AZURITE").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let port = address.port().to_string();
        let server = Command::new(program)
            .args([
                "--silent",
                "--skipApiVersionCheck",
                "--disableTelemetry",
                "--blobPort",
                &port,
                "--location",
            ])
            .arg(folder.path())
            .spawn()
            .unwrap();
        let azurite = Self { address, server, _folder: folder };
        azurite.create("lake");
        azurite
    }

    fn endpoint(&self) -> String {
        format!("http://{}/{ACCOUNT}", self.address)
    }

    /// Creates a container, once the server answers.
    fn create(&self, container: &str) {
        let date = chrono::Utc::now().format("%a, %d %b %Y %H:%M:%S GMT");
        let headers = format!("x-ms-date:{date}\nx-ms-version:2021-08-06\n");
        let signed =
            format!("PUT{}{headers}/{ACCOUNT}/{ACCOUNT}/{container}\nrestype:container", "\n".repeat(12));
        let signature =
            BASE64_STANDARD.encode(hmac(&BASE64_STANDARD.decode(KEY).unwrap(), signed.as_bytes()));
        let request = format!(
            "PUT /{ACCOUNT}/{container}?restype=container HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\
             Connection: close\r\nAuthorization: SharedKey {ACCOUNT}:{signature}\r\n{}\r\n",
            self.address,
            headers.replace('\n', "\r\n").replacen(':', ": ", 1),
        );
        for _ in 0..300 {
            let Ok(mut connection) = TcpStream::connect(self.address) else {
                std::thread::sleep(Duration::from_millis(100));
                continue;
            };
            connection.write_all(request.as_bytes()).unwrap();
            let mut answer = String::new();
            connection.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
            return;
        }
        panic!("Azurite does not answer");
    }

    fn put(&self, key: &str, bytes: Vec<u8>) {
        let store = MicrosoftAzureBuilder::new()
            .with_account(ACCOUNT)
            .with_access_key(KEY)
            .with_container_name("lake")
            .with_endpoint(self.endpoint())
            .with_allow_http(true)
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store: &dyn ObjectStore = &store;
        runtime.block_on(store.put(&Key::parse(key).unwrap(), bytes.into())).unwrap();
    }
}

impl Drop for Azurite {
    fn drop(&mut self) {
        let _ = (self.server.kill(), self.server.wait());
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let padded = |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).unwrap_or(&0) ^ with).collect() };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

#[test]
#[cfg_attr(not(azurite), ignore = "AZURITE names no executable")]
fn a_container_of_azure_is_read() {
    let azurite = Azurite::start();
    azurite.put("orders/day=1/x.parquet", parquet_bytes(orders()));
    let storage = |key: &str| {
        options(&[
            ("azure_storage_account_name", ACCOUNT),
            ("azure_storage_account_key", key),
            ("azure_endpoint", &azurite.endpoint()),
            ("azure_allow_http", "true"),
            ("max_retries", "0"),
        ])
    };
    for place in
        ["az://lake/orders", "abfss://lake/orders/day=1/x.parquet", "azure://lake/orders/*/*.parquet"]
    {
        assert_passes(&run_with(HOLDS, place, storage(KEY)));
    }
    assert_eq!(error(&run_with(HOLDS, "az://lake/none", storage(KEY))), "nothing lies at az://lake/none");
    let message = error(&run_with(HOLDS, "az://nobody/orders", storage(KEY)));
    assert!(message.contains("there is no such container (ContainerNotFound"), "{message}");
    let message = error(&run_with(HOLDS, "az://lake/orders", storage("aGlkZGVu")));
    assert!(
        message.starts_with("cannot read az://lake/orders: access is denied: Authorization"),
        "{message}"
    );

    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/delta/dv_files/table");
    for folder in ["", "_delta_log"] {
        for entry in std::fs::read_dir(table.join(folder)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                let name = entry.file_name().into_string().unwrap();
                azurite.put(
                    &format!("t/{folder}/{name}").replace("//", "/"),
                    std::fs::read(entry.path()).unwrap(),
                );
            }
        }
    }
    let suite = "{suite: rows, table: [row_count: {equal: 242}]}";
    assert_passes(&run_with(suite, "az://lake/t", storage(KEY)));
}

#[test]
#[cfg_attr(not(azurite), ignore = "AZURITE names no executable")]
fn a_history_is_kept_in_a_container() {
    let azurite = Azurite::start();
    azurite.put("orders.parquet", parquet_bytes(orders()));
    let address = format!("http://{}", azurite.address);
    is_kept("az", || {
        karat()
            .env("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
            .env("AZURE_STORAGE_ACCOUNT_KEY", KEY)
            .env("AZURE_ALLOW_HTTP", "true")
            // It cannot list from a place on, as Azure can.
            .env("AZURE_STORAGE_USE_EMULATOR", "true")
            .env("AZURITE_BLOB_STORAGE_URL", &address)
    });
}
