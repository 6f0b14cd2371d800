//! A web server of a folder, with or without ranges.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

pub(super) struct WebServer {
    pub(super) address: SocketAddr,
    /// The first lines of all requests, and who asks.
    pub(super) asked: Arc<Mutex<Vec<String>>>,
}

impl WebServer {
    pub(super) fn of(folder: &Path, ranges: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (folder, asked) = (folder.to_path_buf(), Arc::<Mutex<Vec<String>>>::default());
        let log = asked.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, folder, log) = (client.unwrap(), folder.clone(), log.clone());
                std::thread::spawn(move || while answer(&client, &folder, ranges, &log).is_some() {});
            }
        });
        Self { address, asked }
    }

    pub(super) fn uri(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }
}

/// Answers one request; nothing, when the connection has ended.
fn answer(mut client: &TcpStream, folder: &Path, ranges: bool, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(client).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut range = None;
    let mut who = String::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        if line.to_ascii_lowercase().starts_with("authorization: ") {
            who.clone_from(&line);
        }
        if let Some(wanted) = line.to_ascii_lowercase().strip_prefix("range: bytes=") {
            let (start, end) = wanted.split_once('-')?;
            range = Some(start.parse::<usize>().ok()?..end.parse::<usize>().ok()? + 1);
        }
    }
    let mut words = first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    log.lock().unwrap().push(format!("{first} {who}"));
    let path =
        percent_encoding::percent_decode_str(target.split('?').next()?).decode_utf8_lossy().into_owned();
    let path: PathBuf = folder.join(path.trim_start_matches('/'));
    let Ok(bytes) = std::fs::read(path) else {
        return client.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").ok();
    };
    let (status, body, more) = match range.filter(|_| ranges) {
        Some(range) => {
            let range = range.start..range.end.min(bytes.len());
            let header =
                format!("Content-Range: bytes {}-{}/{}\r\n", range.start, range.end - 1, bytes.len());
            ("206 Partial Content", &bytes[range], header)
        }
        None => ("200 OK", &bytes[..], String::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\n\r\n", body.len());
    client.write_all(head.as_bytes()).ok()?;
    if method != "HEAD" {
        client.write_all(body).ok()?;
    }
    Some(())
}
