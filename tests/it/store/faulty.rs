//! A server before another one: it answers, delays, cuts and counts what goes through.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of a request.
#[derive(Clone)]
pub(super) enum Fault {
    /// It is forwarded.
    None,
    /// It is answered so, and not forwarded.
    Answer(String),
    /// The head of the answer and so many bytes of its body come, if anything, and then nothing more.
    Stall(Option<usize>),
    /// The same, and then the connection is closed.
    Cut(Option<usize>),
    /// It is forwarded after a while.
    Late(Duration),
    /// It is forwarded without the range that it asks for.
    Whole,
    /// It is not forwarded, and the connection is closed.
    Closed,
}

impl Fault {
    /// An answer with a status, more headers and a body.
    pub(super) fn answer(status: &str, headers: &[&str], body: &str) -> Self {
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        Self::Answer(format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()))
    }

    /// That of a store that is asked too much.
    pub(super) fn throttled(headers: &[&str]) -> Self {
        let body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
        Self::answer("503 Slow Down", headers, body)
    }
}

/// A request: its first line, with the range that it asks for behind it, its other lines, and its number.
pub(super) struct Asked<'a> {
    pub(super) line: &'a str,
    pub(super) head: &'a [String],
    pub(super) number: usize,
}

pub(super) struct Faulty {
    pub(super) address: SocketAddr,
    /// All requests, as [`Asked`] has them.
    pub(super) asked: Arc<Mutex<Vec<String>>>,
}

type Decide = dyn Fn(&Asked<'_>) -> Fault + Send + Sync;

impl Faulty {
    pub(super) fn before(
        server: SocketAddr,
        decide: impl Fn(&Asked<'_>) -> Fault + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (log, decide, number) =
            (asked.clone(), Arc::<Decide>::from(Box::new(decide) as Box<_>), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, log, decide, number) =
                    (client.unwrap(), log.clone(), decide.clone(), number.clone());
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(client.try_clone().unwrap());
                    while let Some(head) = head(&mut lines) {
                        let line = line(&head);
                        log.lock().unwrap().push(line.clone());
                        let number = number.fetch_add(1, Ordering::SeqCst);
                        let Some(body) = body(&head, &mut lines) else { break };
                        let fault = decide(&Asked { line: &line, head: &head, number });
                        if answer(&client, server, &head, &body, fault).is_none() {
                            break;
                        }
                    }
                });
            }
        });
        Self { address, asked }
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Asked<'_> {
    /// Whether it has a header, given in lower case.
    pub(super) fn has(&self, header: &str) -> bool {
        self.head.iter().any(|line| line.to_ascii_lowercase().starts_with(&format!("{header}:")))
    }
}

/// The lines of a request before its body; nothing, when the connection has ended.
fn head(client: &mut BufReader<TcpStream>) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        match client.read_line(&mut line) {
            Ok(1..) => {}
            _ => return None,
        }
        match line.trim_end() {
            "" => return Some(lines),
            line => lines.push(line.to_owned()),
        }
    }
}

/// The body of a request; nothing, when the connection ends before it does.
fn body(head: &[String], client: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let lengths = head.iter().filter_map(|line| {
        let line = line.to_ascii_lowercase();
        line.strip_prefix("content-length:")?.trim().parse::<usize>().ok()
    });
    let mut body = vec![0; lengths.sum()];
    client.read_exact(&mut body).ok()?;
    Some(body)
}

fn is_range(line: &str) -> bool {
    line.to_ascii_lowercase().starts_with("range:")
}

fn line(head: &[String]) -> String {
    let range = head.iter().find(|line| is_range(line)).map_or("", |range| range.as_str());
    format!("{} {}", head[0].trim_end_matches(" HTTP/1.1"), range).trim_end().to_owned()
}

fn answer(
    mut client: &TcpStream,
    server: SocketAddr,
    head: &[String],
    body: &[u8],
    fault: Fault,
) -> Option<()> {
    let mut head = head.to_vec();
    let (mut end, mut silence) = (Some(usize::MAX), Duration::ZERO);
    match fault {
        Fault::None => {}
        Fault::Answer(text) => return client.write_all(text.as_bytes()).ok(),
        Fault::Stall(after) => (end, silence) = (after, Duration::from_mins(10)),
        Fault::Cut(after) => end = after,
        Fault::Late(pause) => std::thread::sleep(pause),
        Fault::Whole => head.retain(|line| !is_range(line)),
        Fault::Closed => return None,
    }
    let mut server = TcpStream::connect(server).unwrap();
    head.push("Connection: close\r\n\r\n".to_owned());
    server.write_all(head.join("\r\n").as_bytes()).unwrap();
    server.write_all(body).unwrap();
    let mut bytes = Vec::new();
    server.read_to_end(&mut bytes).unwrap();
    let start = bytes.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let end = end.map_or(0, |end| start.saturating_add(end).min(bytes.len()));
    client.write_all(&bytes[..end]).ok()?;
    std::thread::sleep(silence);
    // The server has closed the connection, and said so.
    None
}
