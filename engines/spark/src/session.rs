//! A session on a server. Its client blocks and repeats what fails, for minutes, so that it works on a thread of its own:
//! whoever waits may stop waiting.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use arrow::array::{Array as _, RecordBatch};
use arrow::util::display::array_value_to_string;
use karat::cli::SparkServer;
use karat::engine::sql::spark::SETTINGS;
use karat::engine::sql::{Cell, Session, SessionError};
use spark_connect::{SparkError, SparkSession};

use crate::address::Address;

/// How often a statement that runs is asked whether its caller still waits.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long a server may take to answer at all.
const GREETING: Duration = Duration::from_secs(30);

/// How long a server may take to hear that a statement is wanted no longer, or that a session ends.
const FAREWELL: Duration = Duration::from_secs(5);

/// A session of its own on a server, which is released in the end.
pub(crate) struct SparkConnectSession {
    session: SparkSession,
    /// What all statements of the session are tagged with, so that they can be interrupted.
    tag: String,
    statement_timeout: Option<Duration>,
}

impl SparkConnectSession {
    /// Connects, makes the settings, and returns the version of Spark, too.
    ///
    /// # Errors
    /// Nothing listens there, or it does not let us in; without secrets.
    pub(crate) fn open(server: &SparkServer, address: &Address) -> Result<(Self, String), String> {
        reached(address)?;
        // What the client says of a URL repeats it.
        let session = SparkSession::builder().remote(&server.url).get_or_create().map_err(|_| {
            format!(
                "the URL of {address} is not one of Spark Connect: its parameters are NAME=VALUE, and a token is sent \
                 with use_ssl=true only"
            )
        })?;
        let tag = format!("karat-{}", uuid::Uuid::new_v4());
        session.add_tag(&tag).map_err(|error| error.message())?;
        let greeted = session.clone();
        let version = within(GREETING, move || {
            let version = greeted.version()?;
            for (name, value) in SETTINGS {
                // Some servers let nobody change some of them; what matters is made sure of when a table is opened.
                let _ = greeted.conf().set(name, value);
            }
            Ok::<_, SparkError>(version)
        });
        let version = version
            .ok_or_else(|| format!("{address} did not answer within {} seconds", GREETING.as_secs()))?;
        let version = version.map_err(|error| error.message())?;
        Ok((Self { session, tag, statement_timeout: server.statement_timeout }, version))
    }

    /// Asks the server to stop what runs. If it does not hear, the statement runs to its end.
    fn interrupt(&self) {
        let (session, tag) = (self.session.clone(), self.tag.clone());
        drop(within(FAREWELL, move || session.interrupt_tag(&tag)));
    }
}

impl Session for SparkConnectSession {
    fn rows(
        &mut self,
        statement: &str,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<Vec<Cell>>, SessionError> {
        let (session, text) = (self.session.clone(), statement.to_owned());
        let (answer, answered) = channel();
        std::thread::spawn(move || {
            // Nobody may wait any longer.
            let _ = answer.send(session.sql(&text).and_then(|frame| frame.collect_record_batches()));
        });
        let begun = Instant::now();
        loop {
            match answered.recv_timeout(PATIENCE) {
                Ok(found) => {
                    return found.map_err(|error| failed(&error)).and_then(|batches| cells(&batches));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(SessionError::Lost {
                        message: "the client of Spark Connect ended".to_owned(),
                    });
                }
                Err(RecvTimeoutError::Timeout) if is_cancelled() => {
                    self.interrupt();
                    return Err(SessionError::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => match self.statement_timeout {
                    Some(timeout) if begun.elapsed() > timeout => {
                        self.interrupt();
                        let message = format!("the statement took more than {} seconds", timeout.as_secs());
                        return Err(SessionError::Statement { message });
                    }
                    _ => {}
                },
            }
        }
    }
}

impl Drop for SparkConnectSession {
    fn drop(&mut self) {
        let session = self.session.clone();
        drop(within(FAREWELL, move || session.stop()));
    }
}

/// Asserts that something listens at an address: the client would try for minutes.
fn reached(address: &Address) -> Result<(), String> {
    let places = (address.host.as_str(), address.port).to_socket_addrs();
    let mut places = places.map_err(|error| format!("{address} is not found: {error}"))?;
    let mut reason = format!("{address} has no address");
    let is_reached = places.any(|place| match TcpStream::connect_timeout(&place, GREETING) {
        Ok(_) => true,
        Err(error) => {
            reason = format!("nothing answers at {address}: {error}");
            false
        }
    });
    if is_reached { Ok(()) } else { Err(reason) }
}

/// Returns what work comes to; nothing if it takes longer than a time.
fn within<T: Send + 'static>(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, is_done) = channel();
    std::thread::spawn(move || {
        // Nobody may wait any longer.
        let _ = done.send(work());
    });
    is_done.recv_timeout(time).ok()
}

/// Returns the rows of batches, every value as a text.
fn cells(batches: &[RecordBatch]) -> Result<Vec<Vec<Cell>>, SessionError> {
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| {
                if column.is_null(row) {
                    return Ok(None);
                }
                array_value_to_string(column, row)
                    .map(Some)
                    .map_err(|error| SessionError::Statement { message: error.to_string() })
            });
            rows.push(cells.collect::<Result<_, _>>()?);
        }
    }
    Ok(rows)
}

/// Tells a statement that fails from a connection that does, by the code of gRPC.
fn failed(error: &SparkError) -> SessionError {
    const CANCELLED: i32 = 1;
    const OF_CONNECTIONS: [i32; 5] = [4, 7, 12, 14, 16];
    // What follows quotes the statement.
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    match error.grpc_code() {
        Some(CANCELLED) => SessionError::Cancelled,
        Some(code) if OF_CONNECTIONS.contains(&code) => SessionError::Lost { message },
        _ if message.contains("[INVALID_HANDLE") => SessionError::Lost { message },
        _ => SessionError::Statement { message },
    }
}
