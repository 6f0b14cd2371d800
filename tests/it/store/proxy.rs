//! A connection that breaks: a proxy that cuts what a server answers.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Forwards connections, and cuts the first so many of them after so many bytes of answers.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    left: Arc<AtomicI64>,
}

impl Proxy {
    pub(super) fn to(server: SocketAddr, cuts: i64, after: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let left = Arc::new(AtomicI64::new(cuts));
        let cuts = left.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || forward(from, to, usize::MAX, &AtomicI64::new(0)));
                let cuts = cuts.clone();
                std::thread::spawn(move || forward(server, client, after, &cuts));
            }
        });
        Self { address, left }
    }

    /// How many connections were cut.
    pub(super) fn has_cut_all(&self) -> bool {
        self.left.load(Ordering::SeqCst) <= 0
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, after: usize, cuts: &AtomicI64) {
    let mut buffer = vec![0; 16 << 10];
    let mut forwarded = 0;
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        forwarded += count;
        if forwarded > after && cuts.fetch_sub(1, Ordering::SeqCst) > 0 {
            break;
        }
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
