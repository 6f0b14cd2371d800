//! A server that records all that it is sent, and answers each request alike.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

pub(super) struct Recorder {
    pub(super) address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Recorder {
    /// One that answers with a status and a head.
    pub(super) fn answering(status: &str, head: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answer = format!("HTTP/1.1 {status}\r\n{head}Content-Length: 0\r\nConnection: close\r\n\r\n");
        let sent = Arc::<Mutex<Vec<u8>>>::default();
        let record = sent.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let mut client = client.unwrap();
                let mut reader = BufReader::new(client.try_clone().unwrap());
                let (mut head, mut length) = (Vec::new(), 0);
                while let Ok(count @ 1..) = reader.read_until(b'\n', &mut head) {
                    let line = String::from_utf8_lossy(&head[head.len() - count..]).to_ascii_lowercase();
                    if let Some(told) = line.strip_prefix("content-length: ") {
                        length = told.trim().parse().unwrap();
                    }
                    if line.trim().is_empty() {
                        break;
                    }
                }
                let mut body = vec![0; length];
                let _ = reader.read_exact(&mut body);
                record.lock().unwrap().extend(head.into_iter().chain(body));
                let _ = client.write_all(answer.as_bytes());
            }
        });
        Self { address, sent }
    }

    /// One that leads to another place.
    pub(super) fn leading_to(place: &str) -> Self {
        Self::answering("307 Temporary Redirect", &format!("Location: {place}\r\n"))
    }

    /// All that was sent.
    pub(super) fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().unwrap()).into_owned()
    }
}
