//! Encrypted connections: whose certificates are trusted, and what the others lack.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::s3::{S3, without_files};
use super::web_server::WebServer;
use super::{HOLDS, orders, parquet_bytes};
use crate::cli::{Karat, Ran, karat};

/// Takes encrypted connections, with one of the certificates of the fixtures, for a server that does not.
struct Tls {
    address: SocketAddr,
    _runtime: Runtime,
}

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(file)
}

impl Tls {
    fn before(server: SocketAddr, certificate: &str) -> Self {
        let chain = CertificateDer::pem_file_iter(fixture(&format!("{certificate}.pem"))).unwrap();
        let chain = chain.map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(fixture(&format!("{certificate}.key"))).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Whoever does not trust it goes away.
                    let Ok(mut client) = acceptor.accept(client).await else { return };
                    let mut server = TcpStream::connect(server).await.unwrap();
                    drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
                });
            }
        });
        Self { address, _runtime: runtime }
    }
}

fn check(karat: Karat, uri: &str) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.yml"), HOLDS).unwrap();
    let arguments = ["check", "s.yml", "--data", uri, "--storage-option", "max_retries=0"];
    karat.args(arguments).in_dir(folder.path()).run()
}

/// The command before a server of S3 that is encrypted.
fn before(server: &S3, tls: &Tls) -> Karat {
    server.karat().env("AWS_ENDPOINT_URL", &format!("https://{}", tls.address)).env("AWS_ALLOW_HTTP", "false")
}

#[test]
fn a_server_that_is_named_as_its_own_authority_is_trusted() {
    let server = S3::new();
    server.put("orders.parquet", &parquet_bytes(orders()));
    let tls = Tls::before(server.address(), "server");
    let bundle = fixture("server.pem").display().to_string();
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        let ran = check(before(&server, &tls).env(variable, &bundle), "s3://lake/orders.parquet");
        assert_eq!(ran.code, 0, "{variable}: {ran}");
    }
    let option = ["--storage-option", &format!("aws_ca_bundle={bundle}")];
    assert_eq!(check(before(&server, &tls), "s3://lake/orders.parquet").code, 3);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("s.yml"), HOLDS).unwrap();
    let arguments = ["check", "s.yml", "--data", "s3://lake/orders.parquet"];
    let ran = before(&server, &tls).args(arguments).args(option).in_dir(folder.path()).run();
    assert_eq!(ran.code, 0, "{ran}");
    // A profile has a name for it too.
    let config = folder.path().join("config");
    std::fs::write(&config, format!("[default]\nca_bundle = {bundle}\n")).unwrap();
    let with_config = before(&server, &tls).env("AWS_CONFIG_FILE", &config.display().to_string());
    assert_eq!(check(with_config, "s3://lake/orders.parquet").code, 0);
}

#[test]
fn what_a_certificate_lacks_is_told() {
    let server = S3::new();
    server.put("orders.parquet", &parquet_bytes(orders()));
    for (certificate, trusted, told) in [
        ("server", "authority", "its certificate is of no authority that is trusted here; SSL_CERT_FILE"),
        ("authority", "authority", "its certificate is that of an authority (basicConstraints CA:TRUE)"),
        ("nameless", "nameless", "its certificate is not for this host: its subjectAltName lacks"),
    ] {
        let tls = Tls::before(server.address(), certificate);
        for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
            let bundle = fixture(&format!("{trusted}.pem")).display().to_string();
            let ran = check(before(&server, &tls).env(variable, &bundle), "s3://lake/orders.parquet");
            assert_eq!(ran.code, 3, "{ran}");
            assert!(ran.stdout.contains(told), "{certificate}, {variable}: {ran}");
        }
    }
}

#[test]
fn a_web_server_is_trusted_by_the_file_of_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.parquet"), parquet_bytes(orders())).unwrap();
    let server = WebServer::of(folder.path(), true);
    let tls = Tls::before(server.address, "server");
    let uri = format!("https://{}/x.parquet", tls.address);
    let bundle = fixture("server.pem").display().to_string();
    let ran = check(without_files(karat()).env("SSL_CERT_FILE", &bundle), &uri);
    assert_eq!(ran.code, 0, "{ran}");
    let ran = check(without_files(karat()), &uri);
    assert!(ran.stdout.contains("its certificate is of no authority that is trusted here"), "{ran}");
    // It is of AWS, and of nobody else.
    let ran = check(without_files(karat()).env("AWS_CA_BUNDLE", &bundle), &uri);
    assert_eq!(ran.code, 3, "{ran}");
}

#[test]
fn a_bundle_that_holds_nothing_is_told() {
    let server = S3::new();
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        for (file, told) in
            [("nowhere", "names a file that cannot be read"), ("README.md", "holds no certificate")]
        {
            let bundle = fixture(file).display().to_string();
            let ran = check(server.karat().env(variable, &bundle), "s3://lake/x.parquet");
            assert_eq!(ran.code, 3);
            assert!(ran.stdout.contains(&format!("the variable {variable} names a file")), "{ran}");
            assert!(ran.stdout.contains(told), "{ran}");
        }
    }
}
