//! A session on a server. Its client blocks and repeats what fails, for minutes, so that it works on a thread of its own:
//! whoever waits may stop waiting.

use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::util::display::array_value_to_string;
use karat::cli::SparkServer;
use karat::engine::sql::spark::SETTINGS;
use karat::engine::sql::{Cell, Running, Session, SessionError};
use spark_connect::{SparkError, SparkSession};

use crate::address::Address;

/// How files are read: whole. Polars marks the pages of Parquet that have a NaN as pages of nulls alone, and Spark would skip them.
const READS_ALL_PAGES: (&str, &str) = ("parquet.filter.columnindex.enabled", "false");

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
    /// A signal releases the session, and ends what runs in it.
    _running: Running,
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
        session.add_tag(&tag).map_err(|error| told(&error))?;
        let greeted = session.clone();
        let version = within(GREETING, move || {
            let version = greeted.version().map_err(|error| told(&error))?;
            for (name, value) in SETTINGS.into_iter().chain([READS_ALL_PAGES]) {
                // Some servers let nobody change some of them; what matters is made sure of when a table is opened.
                let _ = greeted.conf().set(name, value);
            }
            Ok::<_, String>(version)
        });
        let version = version
            .ok_or_else(|| format!("{address} did not answer within {} seconds", GREETING.as_secs()))??;
        let released = session.clone();
        let running = Running::stopped_by(move || release(&released));
        let statement_timeout = server.statement_timeout;
        Ok((Self { session, tag, statement_timeout, _running: running }, version))
    }

    /// Asks the server to stop what runs. If it does not hear, the statement runs to its end.
    fn interrupt(&self) {
        let (session, tag) = (self.session.clone(), self.tag.clone());
        let begun = Instant::now();
        let stop = move || {
            // A statement that is on its way is known there a moment later.
            while session.interrupt_tag(&tag).is_ok_and(|stopped| stopped.is_empty())
                && begun.elapsed() < FAREWELL
            {
                std::thread::sleep(PATIENCE);
            }
        };
        let _ = within(FAREWELL, stop);
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
            let _ = answer.send(answered_by(&session, &text));
        });
        let begun = Instant::now();
        loop {
            match answered.recv_timeout(PATIENCE) {
                Ok(found) => {
                    return found.and_then(|batches| cells(&batches));
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
                        let message = format!(
                            "a statement took longer than {} s (--statement-timeout), and was interrupted",
                            timeout.as_secs()
                        );
                        return Err(SessionError::Stopped { message });
                    }
                    _ => {}
                },
            }
        }
    }
}

impl Drop for SparkConnectSession {
    fn drop(&mut self) {
        release(&self.session);
    }
}

/// Ends a session and what runs in it. If the server does not hear, it ends the session when nobody has used it for long.
fn release(session: &SparkSession) {
    let session = session.clone();
    let _ = within(FAREWELL, move || session.stop().is_ok());
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

/// Runs a statement to its end.
fn answered_by(session: &SparkSession, statement: &str) -> Result<Vec<RecordBatch>, SessionError> {
    let frame = session.sql(statement).map_err(|error| failed(&error))?;
    frame.collect_record_batches().map_err(|error| failed(&error))
}

/// Returns the rows of batches, every value as a text, and instants by the clock of UTC.
fn cells(batches: &[RecordBatch]) -> Result<Vec<Vec<Cell>>, SessionError> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns: Vec<ArrayRef> = batch.columns().iter().map(by_utc).collect();
        for row in 0..batch.num_rows() {
            let cells = columns.iter().map(|column| {
                if column.is_null(row) {
                    return Ok(None);
                }
                // It is no fault of the statement.
                array_value_to_string(column, row).map(Some).map_err(|error| SessionError::Lost {
                    message: format!("its answer is not read: {error}"),
                })
            });
            rows.push(cells.collect::<Result<_, _>>()?);
        }
    }
    Ok(rows)
}

/// Returns instants without their zone, whose names are not known here; any other column as it is.
fn by_utc(column: &ArrayRef) -> ArrayRef {
    match column.as_primitive_opt::<TimestampMicrosecondType>() {
        Some(instants) => Arc::new(instants.clone().with_timezone_opt(None::<Arc<str>>)),
        None => ArrayRef::clone(column),
    }
}

/// Returns what an error says, without the lines that quote the statement. The client writes the class before a message that has
/// it already.
fn told(error: &SparkError) -> String {
    let message = error.message();
    let message = message.lines().next().unwrap_or_default();
    let class = message.split_inclusive("] ").next().unwrap_or_default();
    let twice = message.strip_prefix(class).is_some_and(|rest| !class.is_empty() && rest.starts_with(class));
    if twice { message.get(class.len()..).unwrap_or_default().to_owned() } else { message.to_owned() }
}

/// Tells a statement that fails from one that was stopped, and from a connection that fails: by the code of gRPC, or by the class
/// that Spark's message begins with.
fn failed(error: &SparkError) -> SessionError {
    const CANCELLED: i32 = 1;
    const OF_CONNECTIONS: [i32; 5] = [4, 7, 12, 14, 16];
    let message = told(error);
    let is_of = |class: &str| message.contains(&format!("[{class}"));
    match error.grpc_code() {
        Some(CANCELLED) => SessionError::Stopped { message },
        Some(code) if OF_CONNECTIONS.contains(&code) => SessionError::Lost { message },
        _ if is_of("INVALID_HANDLE") => SessionError::Lost { message },
        // Somebody else did.
        _ if is_of("OPERATION_CANCELED") || is_of("SPARK_JOB_CANCELLED") => SessionError::Stopped { message },
        _ => SessionError::Statement { message },
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int64Array, TimestampMicrosecondArray};

    use super::*;

    #[test]
    fn instants_are_read_by_the_clock_of_utc() {
        let instants = TimestampMicrosecondArray::from(vec![Some(1_500_000), None]).with_timezone("UTC");
        let batch = RecordBatch::try_from_iter([
            ("version", Arc::new(Int64Array::from(vec![7, 6])) as ArrayRef),
            ("timestamp", Arc::new(instants) as ArrayRef),
        ]);
        let rows = cells(&[batch.unwrap()]).unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(rows, [vec![text("7"), text("1970-01-01T00:00:01.500")], vec![text("6"), None]]);
    }
}
