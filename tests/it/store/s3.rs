//! An S3 server that serves a folder: its folders are buckets.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use ::karat::source::StorageOptions;
use futures::lock::Mutex;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderValue, IF_NONE_MATCH};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::cli::karat;

pub(crate) const KEY: &str = "KARATKEY";
pub(crate) const SECRET: &str = "karat-secret";

/// What becomes of a request.
pub(crate) enum Turn {
    /// It is answered as it is.
    Serve,
    /// It is answered so, and nothing else is done.
    Refuse(u16, &'static str),
    /// It is done, and answered so.
    Lose(u16),
}

/// A request: its method, its path, and whether it copies another object.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) copies: bool,
}

type Decide = dyn Fn(&Asked) -> Turn + Send + Sync;

/// A server that ends with this value.
pub(crate) struct S3 {
    folder: PathBuf,
    address: SocketAddr,
    _temporary: Option<TempDir>,
    _runtime: Runtime,
}

impl S3 {
    /// A server with an empty bucket, `lake`.
    pub(crate) fn new() -> Self {
        Self::in_new_folder(true)
    }

    /// One that asks nobody for a signature.
    pub(crate) fn open_to_all() -> Self {
        Self::in_new_folder(false)
    }

    fn in_new_folder(signed: bool) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("lake")).unwrap();
        let path = folder.path().to_path_buf();
        Self { _temporary: Some(folder), ..Self::serving(path, signed, |_| Turn::Serve) }
    }

    /// One that does not serve every request as it is.
    pub(crate) fn deciding(decide: impl Fn(&Asked) -> Turn + Send + Sync + 'static) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("lake")).unwrap();
        let path = folder.path().to_path_buf();
        Self { _temporary: Some(folder), ..Self::serving(path, true, decide) }
    }

    /// A server of what lies in a folder.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self::serving(folder, true, |_| Turn::Serve)
    }

    fn serving(
        folder: PathBuf,
        signed: bool,
        decide: impl Fn(&Asked) -> Turn + Send + Sync + 'static,
    ) -> Self {
        let decide: Arc<Decide> = Arc::new(decide);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(&folder).unwrap());
        if signed {
            service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        }
        let service = service.build();
        // This server looks whether an object is there, and then writes it; S3 does both at once.
        let turn = Arc::new(Mutex::new(()));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (service, turn, decide) = (service.clone(), turn.clone(), decide.clone());
                let answer = service_fn(move |request: Request<Incoming>| {
                    let (service, turn) = (service.clone(), turn.clone());
                    let asked = Asked {
                        method: request.method().to_string(),
                        path: request.uri().path().to_owned(),
                        copies: request.headers().contains_key("x-amz-copy-source"),
                    };
                    let decided = decide(&asked);
                    async move {
                        let answered = |status: u16, body: &str| {
                            let answer = Response::builder().status(status);
                            Ok(answer.body(s3s::Body::from(body.to_owned())).unwrap())
                        };
                        if let Turn::Refuse(status, body) = decided {
                            return answered(status, body);
                        }
                        let writes = request.method() == Method::PUT;
                        let _alone = if writes { Some(turn.lock().await) } else { None };
                        let served = Service::call(&service, as_of_s3(request)).await;
                        match decided {
                            Turn::Lose(status) => answered(status, ""),
                            Turn::Serve | Turn::Refuse(..) => served,
                        }
                    }
                });
                let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), answer);
                tokio::spawn(async move { drop(connection.await) });
            }
        });
        Self { folder, address, _temporary: None, _runtime: runtime }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where what lies in the bucket lies.
    pub(crate) fn path(&self, key: &str) -> PathBuf {
        self.folder.join("lake").join(key)
    }

    /// Puts an object into the bucket.
    pub(crate) fn put(&self, key: &str, bytes: &[u8]) {
        let path = self.path(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// What opens it.
    pub(crate) fn options(&self) -> StorageOptions {
        options_at(self.address)
    }

    /// The command, with what opens the server in its environment, and no files of AWS.
    pub(crate) fn karat(&self) -> crate::cli::Karat {
        without_files(karat())
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
            .env("AWS_ENDPOINT_URL", &format!("http://{}", self.address))
            .env("AWS_ALLOW_HTTP", "true")
            .env("AWS_REGION", "eu-north-1")
    }
}

/// A request of Google's client as one of S3: it says otherwise that an object must not be there, and who asks.
fn as_of_s3(mut request: Request<Incoming>) -> Request<Incoming> {
    let headers = request.headers_mut();
    if headers.remove("x-goog-if-generation-match").is_some_and(|generation| generation == "0") {
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("*"));
    }
    if headers.get(AUTHORIZATION).is_some_and(|by| by.as_bytes().starts_with(b"Bearer")) {
        headers.remove(AUTHORIZATION);
    }
    request
}

/// The command, where no files of AWS are found.
pub(crate) fn without_files(karat: crate::cli::Karat) -> crate::cli::Karat {
    karat.env("AWS_CONFIG_FILE", "/nowhere").env("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
}

/// What opens a server, without long waits.
pub(crate) fn options_at(address: SocketAddr) -> StorageOptions {
    options(&[
        ("aws_access_key_id", KEY),
        ("aws_secret_access_key", SECRET),
        ("aws_endpoint_url", &format!("http://{address}")),
        ("aws_allow_http", "true"),
        ("max_retries", "1"),
        ("retry_timeout", "2s"),
    ])
}

pub(crate) fn options(given: &[(&str, &str)]) -> StorageOptions {
    let mut options = StorageOptions::default();
    for (name, value) in given {
        options.set(name, value).unwrap();
    }
    options
}
