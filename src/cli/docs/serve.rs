//! Shows a site by HTTP to this machine alone, and loads its pages again when a run is added.

use std::io;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::net::TcpListener;

use crate::cli::terminal::note;

/// Where the script lies that waits for changes, and where it waits.
const SCRIPT: &str = "/-/reload.js";
const CHANGES: &str = "/-/changes";

/// Waits for a change, and loads the page again. A site whose server has ended is asked less often.
const RELOAD: &str = r#"(async () => {
  let known = null;
  for (;;) {
    try {
      const now = await (await fetch("/-/changes?" + (known ?? ""))).text();
      if (known !== null && now !== known) location.reload();
      known = now;
    } catch { await new Promise(resolve => setTimeout(resolve, 2000)); }
  }
})();
"#;

/// How long a question for changes waits at most, and how often it looks.
const WAIT: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(250);

/// Serves a site until the program is ended.
pub(super) fn serve(site: &Path, address: SocketAddr) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        note(&format!("{} is shown at http://{address}/ until Ctrl-C", site.display()));
        let site: Arc<Path> = site.into();
        loop {
            let (stream, _) = listener.accept().await?;
            let site = Arc::clone(&site);
            let service = service_fn(move |request| {
                let site = Arc::clone(&site);
                async move { Ok::<_, std::convert::Infallible>(answer(&site, &request).await) }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            // A reader that goes away is no error.
            tokio::spawn(async { drop(connection.await) });
        }
    })
}

async fn answer(site: &Path, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return told(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
    }
    // A page of another site that calls itself this machine reads nothing.
    if !request.headers().get(HOST).is_some_and(is_local) {
        return told(StatusCode::FORBIDDEN, "only by the name localhost or 127.0.0.1");
    }
    match request.uri().path() {
        SCRIPT => response(StatusCode::OK, "text/javascript", RELOAD.into()),
        CHANGES => {
            let known = request.uri().query().unwrap_or_default();
            response(StatusCode::OK, "text/plain", change(site, known).await.into())
        }
        path => match file(site, path) {
            Some((name, kind)) => match tokio::fs::read(&name).await {
                Ok(text) if kind == HTML => response(StatusCode::OK, kind, reloading(&text).into()),
                Ok(text) => response(StatusCode::OK, kind, text.into()),
                Err(_) => told(StatusCode::NOT_FOUND, "no such page"),
            },
            None => told(StatusCode::NOT_FOUND, "no such page"),
        },
    }
}

fn is_local(host: &HeaderValue) -> bool {
    let name = host.to_str().unwrap_or_default();
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    ["localhost", "127.0.0.1"].contains(&name)
}

const HTML: &str = "text/html; charset=utf-8";

/// Returns the file of a path, and what it is; `None` for one that is none of the site's.
fn file(site: &Path, path: &str) -> Option<(PathBuf, &'static str)> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let path = if path == "/" { "/index.html" } else { &path };
    let relative = Path::new(path.strip_prefix('/')?);
    let is_plain = relative.components().all(|part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    });
    let kind = match relative.extension()?.to_str()? {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        _ => return None,
    };
    is_plain.then(|| (site.join(relative), kind))
}

/// Returns a page with the script that loads it again, which its policy lets run and ask.
fn reloading(page: &[u8]) -> String {
    String::from_utf8_lossy(page)
        .replacen("default-src 'none';", "default-src 'none'; connect-src 'self';", 1)
        .replacen("script-src '", "script-src 'self' '", 1)
        .replacen("</head>", &format!("<script src=\"{SCRIPT}\" defer></script>\n</head>"), 1)
}

/// Waits until the site is another than the one that is known, or for a while. Returns what it is.
async fn change(site: &Path, known: &str) -> String {
    let written = || std::fs::metadata(site.join("index.json")).and_then(|file| file.modified());
    let name = |time: SystemTime| {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        since.as_nanos().to_string()
    };
    let mut waited = Duration::ZERO;
    loop {
        let now = written().map(name).unwrap_or_default();
        if now != known || waited >= WAIT {
            return now;
        }
        tokio::time::sleep(LOOK).await;
        waited += LOOK;
    }
}

fn told(status: StatusCode, words: &'static str) -> Response<Full<Bytes>> {
    response(status, "text/plain; charset=utf-8", words.into())
}

fn response(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
